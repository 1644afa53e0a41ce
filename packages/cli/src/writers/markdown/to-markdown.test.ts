import { describe, expect, it } from 'vitest'
import type { ContractModel } from '../../model/contract-model.ts'
import { hostileContract, someContracts } from '../some-contracts.fixture.ts'
import { toMarkdown } from './to-markdown.ts'

const shop = someContracts.shop as ContractModel
const text = toMarkdown(shop, { url: 'https://shop.example/events' })

describe('Markdown', () => {
  it('has every channel, event, field and type', () => {
    for (const { key, path, events } of shop.channels) {
      expect(text).toContain(`## Channel ${key}\n\nTopics: \`${path}\``)
      for (const { name } of events) expect(text).toContain(`### ${key}: ${name}\n`)
    }
    expect(text).toContain('| `lines[].sku` | string | What the shelf says. Matches `^[a-z]{3}-\\d{4}$`. |')
    expect(text).toContain(
      '| `customer.mail` *(optional)* | string (email) | Only where they want to hear from us. |',
    )
    expect(text).toContain(
      '| `billTo` *(optional)* | [Postal address](#postal-address) | Where it is not the same. |',
    )
    expect(text).toContain('Version 3; older ones (2) are understood, too.')
    expect(text).toContain('### orders: lost\n\n**Deprecated.**')
    expect(text).toContain('| *Where method is `"card"`* |  |  |')
  })

  it('has lines to try', () => {
    expect(text).toContain(
      "curl -N 'https://shop.example/events?topic=orders/0d9b2a8e-6a55-4c39-9f0c-2f1f6c7a3b11'\ncurl -N 'https://shop.example/events?topic=orders/*'\n",
    )
    expect(text).toContain("```sh\ncurl -N 'https://shop.example/events?topic=news'\n```")
  })

  it('has an example for each event', () => {
    const examples = [...text.matchAll(/```json\n(.*?)\n```/gs)].map(([, json = '']): unknown =>
      JSON.parse(json),
    )
    const events = shop.channels.flatMap(({ events, snapshot }) => [
      ...events,
      ...(snapshot ? [snapshot] : []),
    ])
    expect(examples).toHaveLength(events.length + Object.keys(shop.definitions).length)
  })

  it.each(Object.entries({ ...someContracts, hostile: hostileContract }))(
    'leads only to headings that are there: %s',
    (_, model) => {
      const markdown = toMarkdown(model).replaceAll(/```.*?```/gs, '')
      const headings = [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
        anchor(heading.replaceAll('&lt;', '<').replaceAll('&amp;', '&')),
      )
      const links = [...markdown.matchAll(/\]\(#([^)]*)\)/g)].map(([, target]) => target)
      expect(links.length).toBeGreaterThan(0)
      for (const link of links) expect(headings).toContain(link)
    },
  )

  it('keeps its tables whole, whatever stands in them', () => {
    const rows = toMarkdown(hostileContract)
      .split('\n')
      .filter((line) => line.startsWith('| '))
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(5)
  })

  it('lets no markup of HTML through', () => {
    const outside = toMarkdown(hostileContract)
      .replaceAll(/```.*?```/gs, '')
      .replaceAll(/(`+)(?!`).*?[^`]\1(?!`)/g, '')
    expect(outside).not.toMatch(/<\/?[a-z]/i)
  })

  it('is the same each time', () => {
    expect(toMarkdown(shop, { url: 'https://shop.example/events' })).toBe(text)
  })
})

/** What GitHub makes of a heading. */
function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(' ', '-')
}
