import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { memoryLog } from '@millrace/log'
import { createEventServer, type EventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { pageScript } from '../system/page-script.fixture.ts'
import type { TabLab } from './browser-entry.fixture.ts'
import { numbers } from './numbers.fixture.ts'

// Real tabs of a real browser, each a process of its own, and a server that counts its streams.

declare const lab: TabLab

let browser: Browser
let context: BrowserContext
let server: Server
let events: EventServer
let script: string
let total: number
let publishing: NodeJS.Timeout

beforeAll(async () => {
  script = await pageScript(join(import.meta.dirname, 'browser-entry.fixture.ts'))
  browser = await chromium.launch({
    executablePath: process.env.MILLRACE_CHROMIUM ?? '/usr/bin/chromium',
    // What Playwright switches off and a user has.
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  })
})
afterAll(() => browser.close())

beforeEach(async () => {
  total = 0
  events = createEventServer({
    contract: numbers,
    log: memoryLog(),
    retry: 50,
    heartbeat: 60_000,
    cors: { origins: '*' },
  })
  const listener = toNodeListener(events)
  server = createServer((request, response) => {
    if (request.url?.startsWith('/events')) return listener(request, response)
    const isScript = request.url === '/lab.js'
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html')
    response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/lab.js"></script>')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  context = await browser.newContext()
  // A number every few milliseconds, so that whatever is lost or doubled is seen.
  publishing = setInterval(publish, 10)
})
afterEach(async () => {
  clearInterval(publishing)
  await context.close()
  await events.close({ drain: 0 })
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

function publish(): void {
  total += 1
  void events.publish(numbers.said(), 'number', { number: total })
}

const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`
const streams = () => events.stats().connections

async function openTab(identity = 'ann'): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${origin()}/page`)
  await page.evaluate((identity) => lab.begin(identity), identity)
  return page
}

const seenBy = (page: Page) => page.evaluate(() => lab.seen())
const counted = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

/** Waits until all have what was published so far. */
async function reached(pages: readonly Page[], number = total): Promise<void> {
  for (const page of pages) {
    await page.waitForFunction((number) => lab.seen().length >= number, number, { polling: 10 })
  }
}

async function crash(page: Page): Promise<void> {
  const session = await context.newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  session.send('Page.crash').catch(() => {})
  await crashed
}

/** Stops everything in a page, which goes on holding what it holds. Returns what lets it go on. */
async function freeze(page: Page): Promise<() => Promise<unknown>> {
  const session = await context.newCDPSession(page)
  await session.send('Debugger.enable')
  const paused = new Promise((resolve) => session.once('Debugger.paused', resolve))
  await session.send('Debugger.pause')
  await paused
  return () => session.send('Debugger.resume')
}

describe('tabs of a browser', () => {
  it('have one stream for each user, however many there are', async () => {
    const pages = [await openTab(), await openTab(), await openTab()]
    await reached(pages)
    await expect.poll(streams).toBe(1)
    const others = [await openTab('bob'), await openTab('bob')]
    await reached(others)
    await expect.poll(streams).toBe(2)
    // Where each has one of its own, that is no sharing: the first ones hear nothing of the second.
    const before = events.stats().opened
    await pages[0]?.close()
    await reached([...pages.slice(1), ...others], total + 5)
    // One, and maybe another for those that asked a moment later.
    expect(events.stats().opened - before).toBeLessThanOrEqual(2)
    for (const page of [...pages.slice(1), ...others]) {
      const seen = await seenBy(page)
      expect(seen).toEqual(counted(seen.length))
      expect(await page.evaluate(() => lab.errors())).toEqual([])
    }
  })

  it.each(['is closed', 'crashes'] as const)(
    'go on within a second when the one that streams %s, ten times, and each has every event once',
    async (how) => {
      const pages = [await openTab(), await openTab(), await openTab()]
      await reached(pages)
      const pauses: number[] = []
      for (let round = 0; round < 10; round += 1) {
        await expect.poll(streams).toBe(1)
        const before = events.stats().opened
        const [leader, ...others] = pages as [Page, ...Page[]]
        for (const page of others) await page.evaluate(() => lab.longestPause())
        if (how === 'crashes') await crash(leader)
        else await leader.close()
        await reached(others, total + 5)
        for (const page of others) pauses.push(await page.evaluate(() => lab.longestPause()))
        // It was the one that streamed, and one other does now.
        expect(events.stats().opened).toBeGreaterThan(before)
        await expect.poll(streams).toBe(1)
        if (how === 'crashes') await leader.close()
        pages.splice(0, 1)
        pages.push(await openTab())
        await reached(pages)
      }
      for (const page of pages) {
        const seen = await seenBy(page)
        expect(seen).toEqual(counted(seen.length))
        expect(await page.evaluate(() => lab.errors())).toEqual([])
      }
      expect(Math.max(...pauses)).toBeLessThan(1_000)
      if (process.env.MILLRACE_SHOW) console.log(how, pauses.map(Math.round).join(' '))
    },
  )

  it('go on without one that is frozen and still holds the lock, and with it when it is back', async () => {
    const pages = [await openTab(), await openTab(), await openTab()]
    await reached(pages)
    const [leader, ...others] = pages as [Page, ...Page[]]
    for (const page of others) await page.evaluate(() => lab.longestPause())
    const thaw = await freeze(leader)
    // Whatever it had sent already is less than this.
    await reached(others, total + 20)
    for (const page of others) {
      const pause = await page.evaluate(() => lab.longestPause())
      expect(pause).toBeLessThan(1_000)
      if (process.env.MILLRACE_SHOW) console.log('is frozen', Math.round(pause))
    }
    await thaw()
    await reached(pages, total + 5)
    await expect.poll(streams).toBe(1)
    for (const page of pages) {
      const seen = await seenBy(page)
      expect(seen).toEqual(counted(seen.length))
    }
  })

  it('take one back that was put aside by a navigation', async () => {
    const [leader, other] = [await openTab(), await openTab()]
    await reached([leader, other])
    await leader.goto(`${origin()}/other`)
    await reached([other], total + 5)
    await expect.poll(streams).toBe(1)
    await leader.goBack({ waitUntil: 'commit' })
    // Still the page from before, with what it had.
    expect((await seenBy(leader)).length).toBeGreaterThan(0)
    await reached([leader, other], total + 5)
    const seen = await seenBy(leader)
    expect(seen).toEqual(counted(seen.length))
    await expect.poll(streams).toBe(1)
  })

  it('have each a stream of its own where the browser lets them know nothing of each other', async () => {
    const page = await context.newPage()
    await page.goto(`${origin()}/page`)
    const found = await page.evaluate(async (origin) => {
      const frame = document.createElement('iframe')
      frame.sandbox.add('allow-scripts')
      frame.srcdoc = `<script src="${origin}/lab.js"></script><script>
        lab.begin('ann', '${origin}/events')
        setInterval(() => parent.postMessage([lab.status(), lab.seen().length, lab.errors()], '*'), 10)
      </script>`
      document.body.append(frame)
      return new Promise((resolve) => {
        addEventListener('message', ({ data }) => {
          if (data[0] === 'open' && data[1] > 0 && data[2].length > 0) resolve(data[2])
        })
      })
    }, origin())
    expect(found).toEqual([
      expect.stringMatching(/^share: No stream is shared among tabs, this one has its own: /),
    ])
  })
})
