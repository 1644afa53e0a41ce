// Writes docs/images/live-logs-{light,dark,phone}.png from a shop's logs: `npm run screenshots`, after a build.
import { appendFile, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { launchBrowser, startServer } from './harness.ts'
import { createSampleLogs, sampleNames } from './sample-logs.ts'

const images = process.env.LIVE_LOGS_IMAGES ?? join(import.meta.dirname, '../../../docs/images')
const folder = await mkdtemp(join(tmpdir(), 'live-logs-'))
const next = createSampleLogs()

await mkdir(images, { recursive: true })
await mkdir(join(folder, 'nginx'))
for (let ago = 90_000; ago > 0; ago -= 700) await write(Date.now() - ago)
const server = await startServer(folder, sampleNames)
const browser = await launchBrowser()
try {
  await beBusy(20_000)
  await take(browser, 'light', { width: 1280, height: 760 })
  await take(browser, 'dark', { width: 1280, height: 760 })
  await take(browser, 'phone', { width: 390, height: 780 })
} finally {
  await browser.close()
  await server.stop('SIGTERM')
  await rm(folder, { recursive: true })
}

async function write(time: number): Promise<void> {
  const { name, lines } = next(time)
  await appendFile(join(folder, name), lines.map((line) => `${line}\n`).join(''))
}

/** Lets lines come for a while, in waves, with a rotation near the end, so that there is something to see. */
async function beBusy(duration: number): Promise<void> {
  const access = join(folder, 'nginx/access.log')
  const began = Date.now()
  let rotated = false
  for (let elapsed = 0; elapsed < duration; elapsed = Date.now() - began) {
    const wave = Math.round(2.5 * (1 + Math.sin(elapsed / 2500)))
    for (let line = 0; line < wave; line += 1) await write(Date.now())
    if (!rotated && elapsed > duration - 1500) {
      rotated = true
      await rename(access, `${access}.1`)
    }
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

async function take(
  browser: Browser,
  name: 'light' | 'dark' | 'phone',
  viewport: { width: number; height: number },
): Promise<void> {
  const page = await browser.newPage({
    viewport,
    colorScheme: name === 'dark' ? 'dark' : 'light',
    deviceScaleFactor: 1.5,
  })
  await page.goto(server.url)
  await page.locator('.row').first().waitFor()
  if (name === 'dark') await page.getByLabel('Search in lines').fill('/stock|50\\d /')
  if (name === 'phone') await page.locator('.row[data-level=warn]').last().click()
  await page.waitForTimeout(600)
  await page.screenshot({ path: join(images, `live-logs-${name}.png`) })
  await page.close()
}
