import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium } from 'playwright-core'

/** A Chromium whose tabs are hidden and seen as a user's are: where Playwright starts it itself, all of them are seen, always. */
export class VisibleChromium {
  readonly context: BrowserContext
  readonly #child: ChildProcess
  readonly #profile: string

  private constructor(child: ChildProcess, profile: string, context: BrowserContext) {
    this.#child = child
    this.#profile = profile
    this.context = context
  }

  static async start(): Promise<VisibleChromium> {
    const profile = await mkdtemp(join(tmpdir(), 'millrace-chromium-'))
    const child = spawn(
      process.env.MILLRACE_CHROMIUM ?? '/usr/bin/chromium',
      [
        '--headless=new',
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-sync',
        '--disable-background-networking',
        '--disable-component-update',
        '--remote-debugging-port=0',
        `--user-data-dir=${profile}`,
        'about:blank',
      ],
      // With all that it starts itself.
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    )
    const endpoint = await new Promise<string>((resolve, reject) => {
      let output = ''
      child.stderr.on('data', (text) => {
        output += text
        const found = /listening on (ws:\S+)/.exec(output)?.[1]
        if (found !== undefined) resolve(found)
      })
      child.once('error', reject)
      child.once('exit', () => reject(new Error(`Chromium ended too soon:\n${output}`)))
    })
    const browser = await chromium.connectOverCDP(endpoint, { noDefaults: true })
    const [context] = browser.contexts()
    if (context === undefined) throw new Error('Chromium has no profile')
    return new VisibleChromium(child, profile, context)
  }

  async stop(): Promise<void> {
    await this.context.browser()?.close()
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined) {
      const ended = once(this.#child, 'exit')
      process.kill(-this.#child.pid, 'SIGKILL')
      await ended
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}
