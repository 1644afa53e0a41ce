import { describe, expect, it } from 'vitest'
import type { ContractModel } from '../../model/contract-model.ts'
import { hostileContract, hostileText, someContracts } from '../some-contracts.fixture.ts'
import { toHtml } from './to-html.ts'

const shop = someContracts.shop as ContractModel
const all = Object.entries({ ...someContracts, hostile: hostileContract })
const empty = new Set(['meta', '!doctype'])

describe('the page', () => {
  it.each(all)('is well-formed: %s', (_, model) => {
    expect(structureOf(toHtml(model))).toEqual({ open: [], faults: [] })
  })

  it.each(all)('leads only to places on it, each of which is there once: %s', (_, model) => {
    const page = toHtml(model)
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id = '']) => textOf(id))
    const links = [...page.matchAll(/ href="([^"]*)"/g)].map(([, href = '']) =>
      decodeURIComponent(textOf(href)),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(links.length).toBeGreaterThan(3)
    for (const link of links) expect(ids.map((id) => `#${id}`)).toContain(link)
  })

  it('needs nothing but itself', () => {
    const page = toHtml(shop)
    expect(page).not.toMatch(/<(script|link|img|iframe|object|form)\b/)
    expect(page).not.toMatch(/\b(src|action|on\w+)=/)
    expect(page).not.toMatch(/@import|url\(/)
  })

  it('shows what people wrote as what they wrote', () => {
    const page = toHtml(hostileContract)
    const allowed = new Set(tagsOf(toHtml(shop)))
    for (const tag of tagsOf(page)) expect(allowed).toContain(tag)
    expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt; &quot;&#39; &amp;')
    const [first = ''] = hostileText.split('\n')
    const shown = textOf(page.replaceAll(/<[^>]*>/g, ''))
    expect(shown).toContain(first.replaceAll('`', ''))
  })

  it('has every channel, event, field and type', () => {
    const page = toHtml(shop)
    const shown = textOf(page.replaceAll(/<style>.*?<\/style>/gs, '').replaceAll(/<[^>]*>/g, ''))
    for (const { key, path, description = '', events } of shop.channels) {
      expect(page).toContain(`<section id="channel-${key}">`)
      expect(shown).toContain(path)
      expect(shown).toContain(description)
      for (const { name } of events) expect(page).toContain(`id="event-${key}-${name}"`)
    }
    for (const word of [
      'lines[].sku',
      'version 3',
      'deprecated',
      'latest only',
      'Where method is "card"',
      '"sku": "aaa-1111"',
    ]) {
      expect(shown).toContain(word)
    }
    expect(shown).toContain("curl -N 'http://localhost:4000/events?topic=stock/food/1'")
  })

  it('is the same each time', () => {
    expect(toHtml(shop)).toBe(toHtml(shop))
  })
})

function tagsOf(page: string): readonly string[] {
  return [...page.matchAll(/<([!/]?[a-z][a-z0-9]*)/gi)].map(([, tag = '']) => tag)
}

/** Opens and closes every element as a reader would. */
function structureOf(page: string) {
  const open: string[] = []
  const faults: string[] = []
  const body = page.replaceAll(/<style>[^<]*<\/style>/g, '')
  for (const [tag, closing, name = ''] of body.matchAll(
    /<(\/?)(![a-z]+|[a-z][a-z0-9]*)(?:\s+[a-z-]+(?:="[^"<>]*")?)*\s*>|</gi,
  )) {
    if (tag === '<') faults.push(`a "<" that opens nothing: ${body.slice(body.indexOf(tag), 40)}`)
    else if (closing === '/') {
      if (open.pop() !== name) faults.push(`</${name}> closes another`)
    } else if (!empty.has(name)) open.push(name)
  }
  return { open, faults }
}

function textOf(text: string): string {
  const characters: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
  return text.replaceAll(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => characters[name] ?? '')
}
