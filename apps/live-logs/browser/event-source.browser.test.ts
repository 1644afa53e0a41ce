import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type CuttingProxy, startCuttingProxy } from './cutting-proxy.ts'
import { launchBrowser, type RunningServer, startServer } from './harness.ts'

// The browser's own EventSource, which knows nothing of Millrace.

let browser: Browser
let folder: string
let server: RunningServer
let proxy: CuttingProxy

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'live-logs-test-'))
  await writeFile(join(folder, 'app.log'), '')
  server = await startServer(folder, ['app.log'])
  proxy = await startCuttingProxy(server.port)
  browser = await launchBrowser()
})
afterEach(async () => {
  await browser.close()
  await proxy.close()
  await server.stop('SIGKILL')
  await rm(folder, { recursive: true })
})

it('resumes over cuts at any byte, without loss or duplicate', async () => {
  const page = await browser.newPage()
  // A page of the same origin, without the sample's own client in it.
  await page.route('**/blank', (route) => route.fulfill({ contentType: 'text/html', body: '' }))
  await page.goto(`http://localhost:${proxy.port}/blank`)
  const lines = () => page.evaluate(() => (globalThis as unknown as { lines: string[] }).lines)

  // The head and the first frame take some 450 bytes, each line some 230: in the head, in the first frame, in and between
  // events.
  const cuts = [100, 400, 560, 700, 733, 800, 877]
  proxy.cutAfter(cuts)
  await page.evaluate(() => {
    const lines: string[] = []
    Object.assign(globalThis, { lines })
    const source = new EventSource('/events?topic=files/*&from=earliest')
    source.addEventListener('line', (event) => lines.push(JSON.parse(event.data).text))
  })
  const expected: string[] = []
  for (let turn = 0; turn < 20; turn += 1) {
    const text = `line ${turn}`
    expected.push(text)
    await appendFile(join(folder, 'app.log'), `${text}\n`)
  }
  await expect.poll(lines, { interval: 100 }).toHaveLength(expected.length)
  expect(await lines()).toEqual(expected)
  expect(proxy.cuts()).toBe(cuts.length)
})
