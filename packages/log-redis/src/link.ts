import type { RedisConnection } from './connection.ts'
import { problemWith, translate } from './errors.ts'

/** How long after a failed attempt the next one is made, in milliseconds; whoever asks in between is refused at once. */
const retryDelay = 200

interface LinkOptions {
  readonly connect: () => RedisConnection
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number
  /** Called with each new connection, before anything else is asked of it. */
  readonly prepare: (run: (command: string[]) => Promise<unknown>) => Promise<void>
}

/**
 * One connection, and the next one where that has failed. Nothing is kept for later and nothing is tried twice: whether a command whose
 * connection broke was carried out is for others to find out.
 */
export class Link {
  readonly #options: LinkOptions
  #opening: Promise<RedisConnection> | undefined
  #refusal: { readonly error: unknown; readonly until: number } | undefined
  #closed = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** Sends a command. @param patience how much longer than otherwise it may take, in milliseconds @throws LogEngineError */
  async run(command: string[], patience = 0): Promise<unknown> {
    const connection = await this.#open()
    try {
      return await this.#inTime(connection.sendCommand(command), patience)
    } catch (error) {
      // An answer is one, also when it says no.
      if (!isAnswer(error)) this.#giveUp(connection)
      throw error instanceof Error && isNoScript(error) ? error : translate(error)
    }
  }

  close(): void {
    this.#closed = true
    const opening = this.#opening
    this.#opening = undefined
    opening?.then(end, () => {})
  }

  #open(): Promise<RedisConnection> {
    if (this.#closed) return Promise.reject(problemWith('unavailable', 'the connection was closed'))
    if (this.#opening) return this.#opening
    if (this.#refusal && performance.now() < this.#refusal.until) return Promise.reject(this.#refusal.error)
    const opening = this.#connect().catch((error: unknown) => {
      if (this.#opening === opening) this.#opening = undefined
      this.#refusal = { error, until: performance.now() + retryDelay }
      throw error
    })
    this.#opening = opening
    return opening
  }

  async #connect(): Promise<RedisConnection> {
    let connection: RedisConnection | undefined
    try {
      const made = this.#options.connect()
      connection = made
      made.on('error', () => this.#giveUp(made))
      await this.#inTime(made.connect(), 0)
      await this.#options.prepare((command) => this.#inTime(made.sendCommand(command), 0))
      return made
    } catch (error) {
      if (connection) end(connection)
      throw translate(error)
    }
  }

  #giveUp(connection: RedisConnection): void {
    const opening = this.#opening
    void opening?.then(
      (current) => {
        if (current === connection && this.#opening === opening) this.#opening = undefined
      },
      () => {},
    )
    end(connection)
  }

  #inTime<Value>(answer: Promise<Value>, patience: number): Promise<Value> {
    return new Promise((resolve, reject) => {
      const wait = this.#options.timeout + patience
      const timer = setTimeout(
        () =>
          reject(
            problemWith(
              'timeout',
              `it has not answered for ${wait} ms. It is asked anew on another connection`,
            ),
          ),
        wait,
      )
      answer.then(resolve, reject).finally(() => clearTimeout(timer))
    })
  }
}

/** Whether Redis has forgotten a script, as after a restart. */
export function isNoScript(error: unknown): boolean {
  return error instanceof Error && /^NOSCRIPT\b/.test(error.message)
}

function isAnswer(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^[A-Z]{2,} /.test(error.message) &&
    !/^(MASTERDOWN|READONLY|LOADING) /.test(error.message)
  )
}

function end(connection: RedisConnection): void {
  try {
    connection.destroy()
  } catch {
    // It had ended by itself.
  }
}
