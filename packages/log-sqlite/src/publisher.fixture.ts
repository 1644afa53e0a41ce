import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('append-loop.fixture.ts', import.meta.url))

/** A process that appends, as its parent sees it. */
export class Publisher {
  readonly #process: ChildProcess
  readonly #ended: Promise<unknown>
  #output = ''
  #errors = ''

  constructor(file: string, writer: string, from = 0, count = Number.POSITIVE_INFINITY) {
    const call = ['--conditions=@millrace/source', script, file, writer, String(from), String(count)]
    this.#process = spawn(process.execPath, call, { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#output += text
    })
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors += text
    })
    this.#ended = once(this.#process, 'close')
  }

  /** Resolves when the first record was acknowledged; rejects when the process ends before. */
  async started(): Promise<void> {
    while (this.#output === '') {
      const heard = this.#process.stdout === null ? this.#ended : once(this.#process.stdout, 'data')
      await Promise.race([heard, this.#ended])
      if (this.#output === '' && this.#process.exitCode !== null) throw new Error(this.#errors)
    }
  }

  /** Ends it without any warning, and resolves when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#ended
  }

  /** Resolves when it is done; rejects when it failed. */
  async done(): Promise<void> {
    await this.#ended
    if (this.#process.exitCode !== 0) throw new Error(this.#errors)
  }

  /** What it was acknowledged: numbers and the offsets they got. */
  get acknowledged(): { readonly number: number; readonly offset: number }[] {
    // The last line may have been cut off.
    return this.#output
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split(' ').map(Number))
      .map(([number = Number.NaN, offset = Number.NaN]) => ({ number, offset }))
  }
}
