import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { memoryLog } from '@millrace/log'
import type { Worker } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { PageLab } from './page-entry.fixture.ts'
import { pageScript } from './system/page-script.fixture.ts'
import { serveNumbers } from './system/serve-numbers.fixture.ts'
import { VisibleChromium } from './system/visible-chromium.fixture.ts'
import { VisibleFirefox } from './system/visible-firefox.fixture.ts'
import { openInWebKit } from './system/web-kit.fixture.ts'

// What the browser itself tells a page of its life, and does to it; in `page-life.test.ts` it is played.

declare const pageLab: PageLab

/** What is asked of a page in any browser. */
interface Tab {
  goto(url: string): Promise<unknown>
  goBack(options: { readonly waitUntil: 'commit' }): Promise<unknown>
  bringToFront(): Promise<void>
  evaluate<Value>(task: () => Value): Promise<Awaited<Value>>
  evaluate<Value, Given>(task: (given: Given) => Value, given: Given): Promise<Awaited<Value>>
  close(): Promise<void>
}

interface Browser<Page extends Tab = Tab> {
  newPage(): Promise<Page>
  /** Takes the network from a page, or gives it back. */
  setOffline(page: Page, offline: boolean): Promise<void>
  stop(): Promise<void>
}

let script: string
beforeAll(async () => {
  script = await pageScript(join(import.meta.dirname, 'page-entry.fixture.ts'))
})

/** A server of streams and of pages, which is an origin of its own. */
async function serve({
  worker = '',
  next,
  runs = '',
}: {
  worker?: string
  next?: Promise<void>
  runs?: string
} = {}) {
  const served = await serveNumbers(memoryLog(), { heartbeat: 60_000, retry: 50 })
  const { server, events } = served
  /** The streams that were asked for. */
  const asked: IncomingMessage[] = []
  /** What else was asked for. */
  const visited: string[] = []
  const [serveStream] = server.listeners('request') as [(...given: unknown[]) => void]
  server.removeAllListeners('request')
  const files = new Map([
    ['/lab.js', ['text/javascript; charset=utf-8', script]],
    ['/worker.js', ['text/javascript; charset=utf-8', worker]],
  ])
  const page = ['text/html; charset=utf-8', `<!doctype html><script src="/lab.js"></script>${runs}`]
  server.on('request', async (request, response) => {
    if (request.url?.startsWith('/events')) {
      asked.push(request)
      return serveStream(request, response)
    }
    visited.push(request.url ?? '')
    if (request.url === '/next') await next
    if (request.url?.startsWith('/told?')) told.resolve(JSON.parse(decodeURIComponent(request.url.slice(6))))
    const [type, text] = files.get(request.url ?? '') ?? page
    response.writeHead(200, { 'content-type': type }).end(text)
  })
  const told = Promise.withResolvers<unknown>()
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  let total = 0
  return {
    ...served,
    asked,
    visited,
    /** What a page tells by itself, once. */
    told: told.promise,
    origin: new URL(served.url('')).origin,
    streams: () => events.stats().connections,
    /** Publishes as many, and gives all the numbers there are by now. */
    async publish(count: number) {
      await served.say('a', count)
      total += count
      return Array.from({ length: total }, (_, index) => index + 1)
    },
    /** Cuts all connections. */
    cut() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function openPage<Kind extends Tab>(browser: { newPage(): Promise<Kind> }, url: string): Promise<Kind> {
  const page = await browser.newPage()
  onTestFinished(() => page.close())
  await page.goto(url)
  return page
}

/** Looks until it is as it is to be. How long that takes at most matters only where it never is. */
const until = <T>(look: () => T) => expect.poll(look)
const follow = (page: Tab, whenHidden: 'keep' | 'pause' = 'keep') =>
  page.evaluate((whenHidden) => pageLab.begin('/events', { whenHidden }), whenHidden)
const seenBy = (page: Tab) => page.evaluate(() => pageLab.seen)
const stateOf = (page: Tab) => page.evaluate(() => pageLab.client.status.state)

const firefox = process.env.MILLRACE_FIREFOX ?? '/usr/bin/firefox-esr'
interface Kind {
  readonly name: string
  readonly missing: boolean
  /** Whether it keeps a page to go back to that had a stream as it was left. */
  readonly keeps: boolean
  start(): Promise<Browser>
}
const browsers: readonly Kind[] = [
  {
    name: 'Chromium',
    missing: false,
    keeps: true,
    async start() {
      const chromium = await VisibleChromium.start()
      return {
        newPage: () => chromium.context.newPage(),
        setOffline: (_, offline) => chromium.context.setOffline(offline),
        stop: () => chromium.stop(),
      }
    },
  },
  // It has to be one of the system, and what is missing is told by its name.
  {
    name: 'Firefox',
    missing: !existsSync(firefox),
    keeps: false,
    start: () => VisibleFirefox.start(firefox),
  },
]

describe.each(browsers)('a page in $name', ({ missing, keeps, start }) => {
  let browser: Browser
  beforeAll(async () => {
    if (!missing) browser = await start()
  })
  afterAll(() => browser?.stop())

  if (keeps)
    it.skipIf(missing)(
      'that is left is kept by the browser, has no stream, and goes on where it was when it is back',
      async () => {
        const { origin, publish, streams, events } = await serve()
        const page = await openPage(browser, `${origin}/page`)
        await follow(page)
        const first = await publish(2)
        await until(() => seenBy(page)).toEqual(first)
        await page.goto(`${origin}/other`)
        await until(streams).toBe(0)
        const all = await publish(3)
        await page.goBack({ waitUntil: 'commit' })
        await until(() => seenBy(page)).toEqual(all)
        const [shown, states] = await page.evaluate(() => [pageLab.shown, pageLab.states] as const)
        expect(shown).toEqual([false, true])
        // Nothing had failed.
        expect(states).not.toContain('waiting')
        expect([streams(), events.stats().opened]).toEqual([1, 2])
      },
    )

  // Firefox ends all that a page loads before that is told that it is left, and keeps none that was loading something.
  if (!keeps)
    it.skipIf(missing)(
      'that is left has a stream until the next one is there, none from then on, and begins anew when it is gone back to',
      async () => {
        const next = Promise.withResolvers<void>()
        const { origin, publish, streams, events } = await serve({ next: next.promise })
        const page = await openPage(browser, `${origin}/page`)
        await follow(page)
        const first = await publish(2)
        await until(() => seenBy(page)).toEqual(first)
        await page.evaluate(() => {
          addEventListener('pagehide', () => sessionStorage.setItem('left', pageLab.client.status.state))
          setTimeout(() => location.assign('/next'))
        })
        await until(() => events.stats().opened).toBe(2)
        const all = await publish(2)
        await until(() => seenBy(page)).toEqual(all)
        next.resolve()
        const where = () =>
          page.evaluate(() => ('pageLab' in globalThis ? location.pathname : '')).catch(() => '')
        await until(where).toBe('/next')
        await until(streams).toBe(0)
        // Which has not been left to chance: Firefox lets go of what began meanwhile some time or other, or never.
        expect(await page.evaluate(() => sessionStorage.getItem('left'))).toBe('paused')
        await page.goBack({ waitUntil: 'commit' })
        await until(where).toBe('/page')
        expect(await seenBy(page)).toEqual([])
        await follow(page)
        await until(() => seenBy(page)).toEqual(all)
        expect([streams(), events.stats().opened]).toEqual([1, 3])
      },
    )

  it.skipIf(missing)(
    'that is hidden has no stream where that is chosen, and goes on when it is seen',
    async () => {
      const { origin, publish, streams, events } = await serve()
      const page = await openPage(browser, `${origin}/page`)
      await follow(page, 'pause')
      await until(() => stateOf(page)).toBe('open')
      const other = await openPage(browser, `${origin}/other`)
      await until(() => stateOf(page)).toBe('paused')
      await until(streams).toBe(0)
      const all = await publish(3)
      // One that begins where nobody sees it has none either.
      await page.bringToFront()
      await until(() => other.evaluate(() => document.hidden)).toBe(true)
      await follow(other, 'pause')
      await until(() => seenBy(page)).toEqual(all)
      expect([await stateOf(other), events.stats().opened]).toEqual(['paused', 2])
      await other.bringToFront()
      await until(() => seenBy(other)).toEqual(all)
    },
  )

  it.skipIf(missing)('that is hidden keeps its stream otherwise', async () => {
    const { origin, publish, events } = await serve()
    const page = await openPage(browser, `${origin}/page`)
    await follow(page)
    await until(() => stateOf(page)).toBe('open')
    await openPage(browser, `${origin}/other`)
    await until(() => page.evaluate(() => document.hidden)).toBe(true)
    const all = await publish(3)
    await until(() => seenBy(page)).toEqual(all)
    await page.bringToFront()
    await until(() => page.evaluate(() => document.hidden)).toBe(false)
    expect([await stateOf(page), events.stats().opened]).toEqual(['open', 1])
  })

  it.skipIf(missing)(
    'without a network keeps what is open, tries once a minute, and is back as soon as there is one',
    async () => {
      const { origin, publish, streams, cut, events } = await serve()
      const page = await openPage(browser, `${origin}/page`)
      await follow(page)
      const first = await publish(1)
      await until(() => seenBy(page)).toEqual(first)
      onTestFinished(() => browser.setOffline(page, false))
      await browser.setOffline(page, true)
      await until(() => page.evaluate(() => navigator.onLine)).toBe(false)
      const second = await publish(1)
      await until(() => seenBy(page)).toEqual(second)
      // An open one may lead nowhere by then, so that another takes its place.
      await browser.setOffline(page, false)
      await until(() => events.stats().opened).toBe(2)
      await until(streams).toBe(1)

      await browser.setOffline(page, true)
      await until(() => page.evaluate(() => navigator.onLine)).toBe(false)
      cut()
      const untilNext = () =>
        page.evaluate(() => (pageLab.client.status.nextAttemptAt ?? Date.now()) - Date.now())
      await until(untilNext).toBeGreaterThan(30_000)
      const all = await publish(2)
      await browser.setOffline(page, false)
      await until(() => seenBy(page)).toEqual(all)
    },
  )
})

// The first leaves by itself, and the next one goes back when it is let.
const wanderer = `<script>
  if (location.pathname === '/other') fetch('/next').then(() => history.back())
  else {
    pageLab.begin('/events')
    const until = async (count) => {
      while (pageLab.seen.length < count) await new Promise((resolve) => setTimeout(resolve, 20))
    }
    addEventListener('pageshow', async ({ persisted }) => {
      await until(persisted || sessionStorage.left ? 5 : 2)
      const { seen, shown } = pageLab
      if (seen.length === 5) fetch('/told?' + encodeURIComponent(JSON.stringify({ seen, shown })))
      else {
        sessionStorage.left = 'yes'
        location.assign('/other')
      }
    })
  }
</script>`

const webKit = process.env.MILLRACE_WEBKIT ?? '/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser'

// Nobody drives it, so that its tabs are never hidden.
describe('a page in WebKitGTK', () => {
  it.skipIf(!existsSync(webKit))(
    'that leaves by itself is kept, has no stream, and goes on where it was when it is back',
    async () => {
      const next = Promise.withResolvers<void>()
      const { origin, publish, streams, visited, told } = await serve({ next: next.promise, runs: wanderer })
      await publish(2)
      onTestFinished(await openInWebKit(webKit, `${origin}/page`))
      await until(() => visited).toContain('/next')
      await until(streams).toBe(0)
      await publish(3)
      next.resolve()
      expect(await told).toEqual({ seen: [1, 2, 3, 4, 5], shown: [false, true] })
      await until(streams).toBe(1)
    },
  )
})

describe('a service worker', () => {
  let chromium: VisibleChromium
  beforeAll(async () => {
    chromium = await VisibleChromium.start()
  })
  afterAll(() => chromium.stop())

  const begins = `
    addEventListener('install', () => skipWaiting())
    addEventListener('activate', (event) => event.waitUntil(clients.claim()))
    self.passed = []
`

  /** A page whose requests its worker is asked for, and the worker. */
  async function openControlled(origin: string) {
    const page = await openPage(chromium.context, `${origin}/page`)
    const [worker] = await Promise.all([
      chromium.context.waitForEvent('serviceworker', (worker) => worker.url().startsWith(origin)),
      page.evaluate(async () => {
        await navigator.serviceWorker.register('/worker.js')
        while (!navigator.serviceWorker.controller) {
          await new Promise((resolve) => {
            navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true })
          })
        }
      }),
    ])
    return { page, worker }
  }

  /** What it was asked for, and did not leave to the browser. */
  const passedBy = (worker: Worker) =>
    worker.evaluate(() => (globalThis as unknown as { readonly passed: string[] }).passed)

  /** What the guide shows, which lets streams alone. */
  async function guideWorker(): Promise<string> {
    const guide = await readFile(join(import.meta.dirname, '../../../docs/authentication.md'), 'utf8')
    const section = guide.slice(guide.indexOf('## Service workers'))
    return /^```js\n(.*?)^```$/ms.exec(section)?.[1] ?? ''
  }

  it.each([
    [
      'that passes all requests on',
      `addEventListener('fetch', (event) => {
         passed.push(event.request.url)
         event.respondWith(fetch(event.request))
       })`,
      { passes: true },
    ],
    [
      'that adds the credentials',
      `addEventListener('fetch', (event) => {
         passed.push(event.request.url)
         const headers = new Headers(event.request.headers)
         headers.set('authorization', 'Bearer secret')
         event.respondWith(fetch(new Request(event.request, { headers, mode: 'same-origin' })))
       })`,
      { passes: true, authorization: 'Bearer secret' },
    ],
    ['as the guide has it', undefined, { passes: false }],
  ] as const)('%s lets events through as they come', async (_, answers, { passes, ...expected }) => {
    const cacheFirst = `async function cacheFirst(request) {
      passed.push(request.url)
      return await caches.match(request) ?? fetch(request)
    }\n`
    const { origin, publish, streams, cut, asked } = await serve({
      worker: begins + (answers ?? cacheFirst + (await guideWorker())),
    })
    const { page, worker } = await openControlled(origin)
    await follow(page)
    // Each is published when the one before has arrived.
    for (let count = 0; count < 3; count++) {
      const all = await publish(1)
      await until(() => seenBy(page)).toEqual(all)
    }
    cut()
    const all = await publish(2)
    await until(() => seenBy(page)).toEqual(all)
    expect(
      asked.map(({ headers: { authorization } }) => ({ ...(authorization && { authorization }) })),
    ).toEqual([expected, expected])
    const passed = await passedBy(worker)
    expect(passed.filter((url) => url.includes('/events'))).toHaveLength(passes ? 2 : 0)
    // It asks for other things all the same.
    await page.evaluate(() => fetch('/anything'))
    expect((await passedBy(worker)).at(-1)).toBe(`${origin}/anything`)
    await page.evaluate(() => pageLab.client.close())
    await until(streams).toBe(0)
  })

  it('that subscribes itself has what comes as long as it lives, and its stream ends with it', async () => {
    const { origin, publish, streams, cut } = await serve({ worker: `importScripts('/lab.js')\n${begins}` })
    const { page, worker } = await openControlled(origin)
    await worker.evaluate(() => pageLab.begin('/events'))
    const seen = () => worker.evaluate(() => pageLab.seen)
    const first = await publish(2)
    await until(seen).toEqual(first)
    cut()
    const all = await publish(2)
    await until(seen).toEqual(all)
    const session = await chromium.context.newCDPSession(page)
    await session.send('ServiceWorker.enable')
    await session.send('ServiceWorker.stopAllWorkers')
    await until(streams).toBe(0)
  })
})
