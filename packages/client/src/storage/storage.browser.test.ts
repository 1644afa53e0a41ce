import { join } from 'node:path'
import { memoryLog } from '@millrace/log'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pageScript } from '../system/page-script.fixture.ts'
import { serveNumbers } from '../system/serve-numbers.fixture.ts'
import type { StorageLab } from './browser-entry.fixture.ts'

declare const storageLab: StorageLab

let browser: Browser
let script: string

beforeAll(async () => {
  script = await pageScript(join(import.meta.dirname, 'browser-entry.fixture.ts'))
  browser = await chromium.launch({
    executablePath: process.env.MILLRACE_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  })
})
afterAll(() => browser.close())

it.each(['localStorage', 'IndexedDB'] as const)(
  'a page goes on where the one before was, by %s',
  async (kind) => {
    const { url, say, server } = await serveNumbers(memoryLog())
    const streams = url('').replace('?', '')
    // The page is of the same origin.
    const serving = server.listeners('request') as ((...given: unknown[]) => void)[]
    server.removeAllListeners('request')
    server.on('request', (request, response) => {
      if (request.url?.startsWith('/events')) {
        for (const serve of serving) serve(request, response)
        return
      }
      const isScript = request.url === '/lab.js'
      response.writeHead(200, { 'content-type': isScript ? 'text/javascript; charset=utf-8' : 'text/html' })
      response.end(isScript ? script : '<!doctype html><meta charset="utf-8"><script src="/lab.js"></script>')
    })
    const context = await browser.newContext()
    const open = async (identity: string): Promise<Page> => {
      const page = await context.newPage()
      await page.goto(streams.replace(/events$/, 'page'))
      await page.evaluate(([streams, kind, identity]) => storageLab.begin(streams, kind, identity), [
        streams,
        kind,
        identity,
      ] as const)
      return page
    }
    const handled = (page: Page) => page.evaluate(() => storageLab.handled)

    const ids = await say('a', 3)
    const first = await open('ann')
    await expect.poll(() => handled(first)).toEqual(ids)
    // It leaves as pages do: its last events are written when it is hidden.
    ids.push(...(await say('a', 2)))
    await expect.poll(() => handled(first)).toEqual(ids)
    await first.goto('about:blank')
    const more = await say('a', 2)
    await first.close()
    const second = await open('ann')
    await expect.poll(() => handled(second)).toEqual(more)
    // Another user of the same browser begins at the beginning.
    const third = await open('bob')
    await expect.poll(() => handled(third)).toEqual([...ids, ...more])
    await context.close()
  },
)
