import { appendFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser, type RunningServer, startServer } from './harness.ts'

// The built server and the built page, as a person has them: `turbo run build` first.

let browser: Browser
let folder: string
let page: Page
let faults: string[]
const servers: RunningServer[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'live-logs-test-'))
  page = await browser.newPage({ viewport: { width: 1200, height: 700 } })
  faults = []
  page.on('pageerror', (error) => faults.push(String(error)))
})
afterEach(async () => {
  await page.close()
  await Promise.all(servers.splice(0).map((server) => server.stop('SIGKILL')))
  await rm(folder, { recursive: true })
  expect(faults).toEqual([])
})

async function start(files: readonly string[], port?: number): Promise<RunningServer> {
  const server = await startServer(folder, files, port)
  servers.push(server)
  return server
}

const inFolder = (name: string) => join(folder, name)
const row = (text: string) => page.locator('.row', { hasText: text })
const pill = () => page.locator('#pill')
const count = () => page.locator('#count')
const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `line ${from + index} of many\n`).join('')

const isLive = () => page.locator('#connection[data-tone=good]').waitFor()

describe('lines', () => {
  it('are there when the page opens, and appear within a second of being written', async () => {
    await writeFile(inFolder('app.log'), 'earlier line\n')
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('earlier line').waitFor()
    await isLive()
    const delays: number[] = []
    for (let turn = 0; turn < 5; turn += 1) {
      await appendFile(inFolder('app.log'), `turn ${turn} [error]\n`)
      const written = performance.now()
      await row(`turn ${turn}`).waitFor()
      delays.push(performance.now() - written)
    }
    expect(Math.max(...delays)).toBeLessThan(1000)
    expect(await row('turn 4').getAttribute('data-level')).toBe('error')
  })

  it('of what they hold are shown as text, never run', async () => {
    await writeFile(
      inFolder('app.log'),
      '<img src=x onerror="document.title=1"><b>bold</b>\n\u001b[31mred\u001b[0m\0\n',
    )
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('<b>bold</b>').waitFor()
    await row('red␀').waitFor()
    expect(await page.locator('.row img, .row b').count()).toBe(0)
  })

  it('of several files stand beside each other, each of which can be hidden', async () => {
    await writeFile(inFolder('a.log'), 'from a\n')
    await writeFile(inFolder('b.log'), 'from b\n')
    const { url } = await start(['*.log'])
    await page.goto(url)
    await row('from a').waitFor()
    await page.locator('summary', { hasText: 'All 2 files' }).click()
    await page.getByRole('checkbox', { name: 'b.log' }).uncheck()
    await row('from b').waitFor({ state: 'detached' })
    expect(await row('from a').count()).toBe(1)
    await page.locator('summary', { hasText: '1 of 2 files' }).waitFor()
  })

  it('go on through rotation and truncation, which are marked', async () => {
    await writeFile(inFolder('app.log'), 'before\n')
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('before').waitFor()
    await rename(inFolder('app.log'), inFolder('app.log.1'))
    await writeFile(inFolder('app.log'), 'after rotation\n')
    await row('after rotation').waitFor()
    await page.locator('.row.mark', { hasText: 'app.log was rotated' }).waitFor()
    await truncate(inFolder('app.log'))
    await page.locator('.row.mark', { hasText: 'app.log was emptied' }).waitFor()
    await appendFile(inFolder('app.log'), 'after truncation\n')
    await row('after truncation').waitFor()
  })
})

describe('the connection', () => {
  it('is told when it is lost, counts down, and goes on by itself with the break marked and no line twice', async () => {
    await writeFile(inFolder('app.log'), 'one\ntwo\n')
    const first = await start(['app.log'])
    await page.goto(first.url)
    await row('two').waitFor()
    await first.stop('SIGKILL')
    await page.locator('#banner', { hasText: /Disconnected.*Trying again in \d+ s/ }).waitFor()
    await appendFile(inFolder('app.log'), 'written meanwhile\n')
    await start(['app.log'], first.port)
    await isLive()
    expect(await page.locator('#banner').isHidden()).toBe(true)
    await row('The server was started anew').waitFor()
    await row('written meanwhile').waitFor()
    await appendFile(inFolder('app.log'), 'and later\n')
    await row('and later').waitFor()
    expect(await row('two').count()).toBe(1)
    expect(await row('written meanwhile').count()).toBe(1)
  })
})

describe('reading', () => {
  it('pauses without loss', async () => {
    await writeFile(inFolder('app.log'), 'start\n')
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('start').waitFor()
    await page.keyboard.press('Space')
    await appendFile(inFolder('app.log'), numbered(0, 312))
    await page.getByText('Paused · 312 new lines · Resume').waitFor()
    expect(await count().textContent()).toBe('1 line')
    await page.keyboard.press('Space')
    await page.getByText('313 lines', { exact: true }).waitFor()
    await row('line 311 of many').waitFor()
    expect(await pill().isHidden()).toBe(true)
  })

  it('stays where the person scrolled to, and goes back to the latest line when asked', async () => {
    await writeFile(inFolder('app.log'), numbered(0, 200))
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('line 199 of').waitFor()
    await page.keyboard.press('g')
    await row('line 0 of').waitFor()
    await appendFile(inFolder('app.log'), numbered(200, 230))
    await page.getByText('↓ Jump to latest · 30 new lines').waitFor()
    expect(await row('line 0 of').count()).toBe(1)
    await pill().click()
    await row('line 229 of').waitFor()
    await pill().waitFor({ state: 'hidden' })
    await appendFile(inFolder('app.log'), 'followed again\n')
    await row('followed again').waitFor()
  })

  it('searches as one types, marks what it finds, and is kind about unfinished expressions', async () => {
    await writeFile(inFolder('app.log'), 'GET /cart 200\nGET /desk 404\nPOST /cart 500\n')
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('/desk').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('CART')
    await page.getByText('2 of 3 lines').waitFor()
    expect(await page.locator('mark').allTextContents()).toEqual(['cart', 'cart'])
    await page.getByLabel('Search in lines').fill('/ (4|5/')
    await page.getByText('Not a regular expression yet').waitFor()
    await page.getByText('2 of 3 lines').waitFor()
    await page.getByLabel('Search in lines').fill('/ [45]\\d\\d$/')
    await row('/desk').waitFor()
    expect(await page.locator('mark').allTextContents()).toEqual([' 404', ' 500'])
    await page.getByLabel('Search in lines').fill('nowhere')
    await page.getByText('No line fits').waitFor()
    await page.getByRole('button', { name: 'Show all lines' }).click()
    await page.getByText('3 lines', { exact: true }).waitFor()
  })

  it('filters by level', async () => {
    await writeFile(inFolder('app.log'), '[info] calm\n[warn] careful\n[error] broken\n    at once\n')
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('calm').waitFor()
    await page.getByRole('button', { name: /^info/ }).click()
    await row('calm').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: /^error/ }).click({ modifiers: ['Shift'] })
    await page.getByText('2 of 4 lines').waitFor()
    await row('at once').waitFor()
  })

  it('shows a line in full, and copies what is selected', async () => {
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await writeFile(inFolder('app.log'), '{"level":"info","msg":"hello"}\nsecond\nthird\n')
    const { url } = await start(['app.log'])
    await page.goto(url)
    await row('hello').click()
    await page.locator('#details pre', { hasText: '"msg": "hello"' }).waitFor()
    await page.keyboard.press('Shift+ArrowDown')
    await page.keyboard.press('c')
    await page.getByText('2 lines copied').waitFor()
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      '{"level":"info","msg":"hello"}\nsecond',
    )
    await page.keyboard.press('Escape')
    expect(await page.locator('#details').isHidden()).toBe(true)
  })

  it('remembers the theme that was chosen', async () => {
    await writeFile(inFolder('app.log'), 'x\n')
    const { url } = await start(['app.log'])
    await page.emulateMedia({ colorScheme: 'light' })
    await page.goto(url)
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    const light = await ground()
    await page.getByRole('button', { name: 'Use the dark theme' }).click()
    expect(await ground()).not.toBe(light)
    await page.reload()
    expect(await ground()).not.toBe(light)
  })
})

describe('many lines', () => {
  it('stay few in the document, and answer a search at once', async () => {
    await writeFile(inFolder('app.log'), '')
    const { url } = await start(['app.log'])
    await page.goto(url)
    await isLive()
    await appendFile(inFolder('app.log'), numbered(0, 20_000))
    await page.getByText('20,000 lines', { exact: true }).waitFor()
    await row('line 19999 of').waitFor()
    expect(await page.locator('.row').count()).toBeLessThan(80)
    await page.getByLabel('Search in lines').fill('line 777')
    await page.getByText('11 of 20,000 lines').waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Escape')
    for (const press of ['g', 'PageDown', 'PageDown', 'End']) await page.keyboard.press(press)
    await row('line 19999 of').waitFor()
    expect(await page.locator('.row').count()).toBeLessThan(80)
  })
})

describe('the page', () => {
  it('fits a phone without scrolling sideways', async () => {
    await writeFile(inFolder('app.log'), `${'long '.repeat(200)}\n`)
    const { url } = await start(['app.log'])
    await page.setViewportSize({ width: 360, height: 700 })
    await page.goto(url)
    await row('long').waitFor()
    const width = await page.evaluate(() => ({
      page: document.documentElement.scrollWidth,
      list: document.querySelector('#list')?.scrollWidth,
    }))
    expect(width).toEqual({ page: 360, list: 360 })
  })

  it('tells what it waits for while there is nothing', async () => {
    const { url } = await start(['to come.log'])
    await page.goto(url)
    await page.getByText('Waiting for lines…').waitFor()
    await page.getByText("echo 'hello' >> 'to come.log'").waitFor()
    await row('to come.log is not there').waitFor()
    await writeFile(inFolder('to come.log'), 'arrived\n')
    await row('arrived').waitFor()
    expect(await page.getByText('Waiting for lines…').isHidden()).toBe(true)
  })
})

describe('the server', () => {
  it('ends cleanly and soon when asked, with a page open', async () => {
    await writeFile(inFolder('app.log'), 'x\n')
    const server = await start(['app.log'])
    await page.goto(server.url)
    await isLive()
    const asked = performance.now()
    expect(await server.stop('SIGTERM')).toBe(0)
    expect(performance.now() - asked).toBeLessThan(5000)
  })

  it('says what to do about a port that is taken, a directory, and an option that it does not know', async () => {
    const { port } = await start(['app.log'])
    await expect(start(['app.log'], port)).rejects.toThrow(
      `Port ${port} is taken. Choose another with --port`,
    )
    await expect(start(['.'])).rejects.toThrow('. is a directory')
    await expect(start(['--prot'])).rejects.toThrow("Unknown option '--prot'")
  })
})
