import { join } from 'node:path'
import * as fc from 'fast-check'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pageScript } from '../system/page-script.fixture.ts'
import type { BrowserLab } from './browser-entry.fixture.ts'
import { type Answer, addressOf, newKey } from './resource.fixture.ts'
import { ResourceServer } from './resource-server.fixture.ts'
import { standardCases } from './standard-cases.fixture.ts'

// The same cases as in Node, in a page and in its workers; and with the browser's own source, which shows that it is the
// standard that they hold.

declare const lab: BrowserLab

let server: ResourceServer
let other: ResourceServer
let browser: Browser
let servers: Readonly<Record<'origin' | 'otherOrigin', string>>

beforeAll(async () => {
  server = await ResourceServer.start()
  other = await ResourceServer.start()
  servers = { origin: server.origin, otherOrigin: other.origin }
  const text = await pageScript(join(import.meta.dirname, 'browser-entry.fixture.ts'))
  server.files.set('/lab.js', { type: 'text/javascript; charset=utf-8', text })
  const html = '<!doctype html><meta charset="utf-8"><script src="/lab.js"></script>'
  for (const path of ['/page', '/inner/page']) server.files.set(path, { type: 'text/html', text: html })
  browser = await chromium.launch({
    executablePath: process.env.MILLRACE_CHROMIUM ?? '/usr/bin/chromium',
    // What Playwright switches off and a user has.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
  await other.stop()
})

async function newPage(): Promise<Page> {
  const page = await browser.newPage()
  await page.goto(`${server.origin}/page`)
  return page
}

function titled(faults: Readonly<Record<number, string>>): string[] {
  return Object.entries(faults).map(([index, fault]) => {
    const { file, title } = standardCases[Number(index)] ?? {}
    return `${file}: ${title}: ${fault}`
  })
}

/** What was to be otherwise is, and nothing else. */
function expectFaults(faults: Readonly<Record<number, string>>, expected: 'exception' | 'chromium'): void {
  const unexpected = Object.entries(faults).filter(([index]) => !standardCases[Number(index)]?.[expected])
  expect(titled(Object.fromEntries(unexpected))).toEqual([])
  const all = standardCases.flatMap((entry, index) => (entry[expected] ? [`${index}`] : []))
  expect(Object.keys(faults)).toEqual(all)
}

describe('the standard, by the names of the web-platform tests', () => {
  it('is what the cases hold: the browser’s own source passes', async () => {
    const page = await newPage()
    expectFaults(await page.evaluate((servers) => lab.runCases('native', servers), servers), 'chromium')
    await page.close()
  })

  it('holds in a page', async () => {
    const page = await newPage()
    expectFaults(await page.evaluate((servers) => lab.runCases('ours', servers), servers), 'exception')
    await page.close()
  })

  it.each(['Worker', 'SharedWorker'] as const)('holds in a %s', async (kind) => {
    const page = await newPage()
    const faults = await page.evaluate(
      ([kind, servers]) =>
        new Promise<Record<number, string>>((resolve) => {
          const worker = new globalThis[kind]('/lab.js')
          const port = 'port' in worker ? worker.port : worker
          port.onmessage = ({ data }) => resolve(data)
          port.postMessage(['ours', servers])
        }),
      [kind, servers] as const,
    )
    expectFaults(faults, 'exception')
    await page.close()
  })

  // dedicated-worker/eventsource-close2
  it('is connecting in a worker that has closed itself', async () => {
    const page = await newPage()
    const state = await page.evaluate(
      () =>
        new Promise((resolve) => {
          const code = `importScripts('${location.origin}/lab.js')
            self.close()
            postMessage(new lab.EventSource('${location.origin}/page').readyState)`
          const worker = new Worker(URL.createObjectURL(new Blob([code])))
          worker.onmessage = ({ data }) => resolve(data)
        }),
    )
    expect(state).toBe(0)
    await page.close()
  })

  // eventsource-constructor-url-multi-window, eventsource-onmessage-realm
  it('belongs to the window that it was loaded in', async () => {
    const page = await newPage()
    const url = addressOf('', { key: newKey(), answers: [{ body: ['data: 1\n\n'], end: 'hold' }] })
    const found = await page.evaluate(async (url) => {
      const frame = document.createElement('iframe')
      frame.src = '/inner/page'
      document.body.append(frame)
      await new Promise((resolve) => {
        frame.onload = resolve
      })
      const inner = frame.contentWindow as unknown as typeof globalThis & { readonly lab: BrowserLab }
      const relative = new inner.lab.EventSource('x')
      relative.close()
      const source = new inner.lab.EventSource(url)
      const event = await new Promise<MessageEvent>((resolve) => {
        source.onmessage = resolve
      })
      source.close()
      return [relative.url, event.constructor === inner.MessageEvent, event instanceof MessageEvent]
    }, url)
    expect(found).toEqual([`${server.origin}/inner/x`, true, false])
    await page.close()
  })

  // eventsource-request-cancellation
  it('takes a page whose loading is stopped for a network that fails, where the browser knows better', async () => {
    const page = await newPage()
    const url = addressOf(server.origin, { key: newKey(), answers: [{ end: 'hold' }] })
    const states = ['native', 'ours'].map((kind) =>
      page.evaluate(
        ([url, kind]) =>
          new Promise((resolve) => {
            const source = new (kind === 'ours' ? lab.EventSource : globalThis.EventSource)(url)
            source.onerror = () => {
              resolve(source.readyState)
              source.close()
            }
            source.onopen = () => stop()
          }),
        [url, kind] as const,
      ),
    )
    expect(await Promise.all(states)).toEqual([2, 0])
    await page.close()
  })

  // eventsource-bfcache
  it('is closed while its page is put aside, and opened again when it is back', async () => {
    const page = await newPage()
    const key = newKey()
    const hold: Answer = { body: ['retry: 1\ndata: 1\n\n'], end: 'hold' }
    const url = addressOf(server.origin, { key, answers: [hold, hold] })
    await page.evaluate(async (url) => {
      const source = new lab.EventSource(url)
      await new Promise((resolve) => source.addEventListener('message', resolve, { once: true }))
      Object.assign(globalThis, { source })
    }, url)
    expect(server.open(key)).toBe(1)
    await page.goto(`${server.origin}/inner/page`)
    await expect.poll(() => server.open(key)).toBe(0)
    await page.goBack({ waitUntil: 'commit' })
    // Still the page from before.
    expect(await page.evaluate(() => 'source' in globalThis)).toBe(true)
    await expect.poll(() => server.open(key)).toBe(1)
    expect(server.requests(key)).toHaveLength(2)
    await page.close()
  })
})

describe('beside the browser’s own source', () => {
  const types = ['a', 'b', 'back']
  const line = fc
    .tuple(
      fc.constantFrom('data', 'data', 'data', 'event', 'id', 'retry', 'Data', 'x', ''),
      fc.constantFrom(':', ': ', ''),
      fc.constantFrom('', ' ', '1', 'a', 'b', 'é', '…😀', '\0', '\ufeff', 'message', 'open', 'error', '\t2 '),
    )
    .map((parts) => parts.join(''))
  const part = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.tuple(line, fc.constantFrom('\n', '\r', '\r\n', '\n\n', '\n\n', '\r\r', '\r\n\r\n')),
    },
    { weight: 1, arbitrary: fc.constantFrom(['\ufeff'], ['\n'], ['\r'], [':'], [' ']) },
  )
  const bodies = fc.array(
    fc.oneof(
      { weight: 12, arbitrary: part.map((texts) => texts.join('')) },
      {
        weight: 6,
        arbitrary: fc.constantFrom('data: x\n\n', 'event: a\rdata: y\r\r', 'id: 7\r\ndata\r\n\r\n'),
      },
      { weight: 1, arbitrary: fc.constantFrom([0xff], [0xc3], [0xe2, 0x82]).map((bytes) => ({ bytes })) },
      { weight: 1, arbitrary: fc.constant({ pause: 5 }) },
    ),
    { minLength: 20, maxLength: 60, size: 'max' },
  )

  it('says the same of the same bytes, over the end of the stream and the next connection', async () => {
    const page = await newPage()
    const streams = fc.sample(bodies, { numRuns: 24, seed: 20_261_121 })
    let events = 0
    const compare = async (): Promise<void> => {
      for (let body = streams.pop(); body !== undefined; body = streams.pop()) {
        const answers: Answer[] = [
          { body: ['retry: 1\ndata: begin\n\n', ...body] },
          {
            body: ['retry: 1\n\nevent: back\ndata: ', { header: 'last-event-id', otherwise: 'NONE' }, '\n\n'],
            end: 'hold',
          },
        ]
        const [native, ours] = await Promise.all(
          (['native', 'ours'] as const).map((kind) =>
            page.evaluate(([kind, url, types]) => lab.traceOf(kind, url, types), [
              kind,
              addressOf(server.origin, { key: newKey(), answers }),
              types,
            ] as const),
          ),
        )
        expect(ours, JSON.stringify(body)).toEqual(native)
        events += ours?.length ?? 0
      }
    }
    await Promise.all([compare(), compare()])
    // Streams of which nothing comes would prove nothing.
    expect(events).toBeGreaterThan(400)
    await page.close()
  })
})

describe('in a page', () => {
  it('waits for the network while there is none', async () => {
    const context = await browser.newContext()
    const page = await context.newPage()
    await page.goto(`${server.origin}/page`)
    const key = newKey()
    const url = addressOf(server.origin, { key, answers: [{ body: ['retry: 1\n'] }, { end: 'hold' }] })
    await page.evaluate((url) => Object.assign(globalThis, { seen: [], url }), url)
    await context.setOffline(true)
    await page.evaluate(() => {
      const { seen, url } = globalThis as unknown as { readonly seen: string[]; readonly url: string }
      const source = new lab.EventSource(url)
      for (const type of ['open', 'error']) source.addEventListener(type, () => seen.push(type))
    })
    const seen = () => page.evaluate(() => (globalThis as unknown as { readonly seen: string[] }).seen)
    await expect.poll(seen).toEqual(['error'])
    await context.setOffline(false)
    await expect.poll(seen).toEqual(['error', 'open', 'error', 'open'])
    await context.close()
  })

  it('sends headers, also over a redirect that the browser follows by itself', async () => {
    const page = await newPage()
    const body = ['data: ', { header: 'x-token', otherwise: 'NONE' }, '\n\n']
    const location = addressOf('', { key: newKey(), answers: [{ body, end: 'hold' }] })
    const url = addressOf('', {
      key: newKey(),
      answers: [{ status: 307, type: null, headers: { location } }],
    })
    for (const address of [location, url]) {
      const data = await page.evaluate(async (address) => {
        const source = new lab.EventSource(address, { headers: { 'x-token': 'secret' } })
        const event = await new Promise<MessageEvent>((resolve) => {
          source.onmessage = resolve
        })
        source.close()
        return event.data
      }, address)
      expect(data).toBe('secret')
    }
    await page.close()
  })
})
