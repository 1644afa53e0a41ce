import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Answer {
  readonly id?: number
  readonly error?: string
  readonly message?: string
  readonly result?: unknown
}

type Call = (method: string, parameters: object) => Promise<unknown>

/** A Firefox as Debian has it, driven by its WebDriver BiDi [W3C WebDriver BiDi]: Playwright drives but a Firefox of its own. */
export class VisibleFirefox {
  readonly #child: ChildProcess
  readonly #profile: string
  readonly #call: Call

  private constructor(child: ChildProcess, profile: string, call: Call) {
    this.#child = child
    this.#profile = profile
    this.#call = call
  }

  static async start(program: string): Promise<VisibleFirefox> {
    const profile = await mkdtemp(join(tmpdir(), 'millrace-firefox-'))
    // What Firefox switches off for those who drive it, and a user has.
    await writeFile(join(profile, 'user.js'), 'user_pref("fission.bfcacheInParent", true);\n')
    const child = spawn(
      program,
      ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'],
      {
        env: { ...process.env, HOME: profile, MOZ_CRASHREPORTER_DISABLE: '1' },
        stdio: ['ignore', 'pipe', 'pipe'],
        // With all that it starts itself.
        detached: true,
      },
    )
    const address = await new Promise<string>((resolve, reject) => {
      let output = ''
      for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (text) => {
          output += text
          const found = /WebDriver BiDi listening on (ws:\S+)/.exec(output)?.[1]
          if (found !== undefined) resolve(found)
        })
      }
      child.once('error', reject)
      child.once('exit', () => reject(new Error(`Firefox ended too soon:\n${output}`)))
    })
    const call = await connect(`${address}/session`)
    await call('session.new', { capabilities: {} })
    return new VisibleFirefox(child, profile, call)
  }

  async newPage(): Promise<FirefoxPage> {
    const { context } = (await this.#call('browsingContext.create', { type: 'tab' })) as { context: string }
    return new FirefoxPage(this.#call, context)
  }

  /** Takes the network from a page, or gives it back. */
  async setOffline({ context }: FirefoxPage, offline: boolean): Promise<void> {
    await this.#call('emulation.setNetworkConditions', {
      networkConditions: offline ? { type: 'offline' } : null,
      contexts: [context],
    })
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null && this.#child.pid !== undefined) {
      const ended = once(this.#child, 'exit')
      process.kill(-this.#child.pid, 'SIGKILL')
      await ended
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A tab, with the words that Playwright has for one. */
export class FirefoxPage {
  readonly #call: Call
  readonly context: string

  constructor(call: Call, context: string) {
    this.#call = call
    this.context = context
  }

  async goto(url: string): Promise<void> {
    await this.#call('browsingContext.navigate', { context: this.context, url, wait: 'complete' })
  }

  async goBack(): Promise<void> {
    await this.#call('browsingContext.traverseHistory', { context: this.context, delta: -1 })
  }

  async bringToFront(): Promise<void> {
    await this.#call('browsingContext.activate', { context: this.context })
  }

  async evaluate<Value, Given = void>(task: (given: Given) => Value, given?: Given): Promise<Awaited<Value>> {
    const expression = `Promise.resolve((${task})(${JSON.stringify(given)})).then((value) => JSON.stringify(value ?? null))`
    const { type, result, exceptionDetails } = (await this.#call('script.evaluate', {
      expression,
      target: { context: this.context },
      awaitPromise: true,
    })) as {
      readonly type: 'success' | 'exception'
      readonly result?: { readonly value: string }
      readonly exceptionDetails?: { readonly text: string }
    }
    if (type === 'exception' || !result) throw new Error(exceptionDetails?.text ?? type)
    return JSON.parse(result.value)
  }

  async close(): Promise<void> {
    await this.#call('browsingContext.close', { context: this.context })
  }
}

async function connect(url: string): Promise<Call> {
  const socket = new WebSocket(url)
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error('Firefox takes no commands'))
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data) as Answer
    if (answer.id === undefined) return
    waiting.get(answer.id)?.(answer)
    waiting.delete(answer.id)
  }
  // Whatever nobody has answered by then.
  socket.onclose = () => {
    for (const [id, tell] of waiting) tell({ id, error: 'closed', message: 'Firefox has ended' })
  }
  let last = 0
  return (method, params) =>
    new Promise((resolve, reject) => {
      last += 1
      waiting.set(last, ({ error, message, result }) => {
        if (error === undefined) resolve(result)
        else reject(new Error(`${method}: ${message}`))
      })
      socket.send(JSON.stringify({ id: last, method, params }))
    })
}
