import { LogEngineError } from '@millrace/log/engine'
import { JetStreamApiError, type JetStreamManager, jetstreamManager } from '@nats-io/jetstream'
import { createInbox, errors, type Msg, type NatsConnection } from '@nats-io/transport-node'
import { problemWith, slow, translate } from './errors.ts'

/** How long after a failed attempt the next one is made, in milliseconds; whoever asks in between is refused at once. */
const retryDelay = 200

interface LinkOptions {
  readonly connect: () => Promise<NatsConnection>
  readonly domain: string | undefined
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number
  /** Called with each new connection, before anything else is asked of it. */
  readonly opened: (line: Line) => void
  /** Called when one is given up, whatever the reason. */
  readonly broken: (error: unknown) => void
}

/** Takes what is sent to a reply subject, until it is done. */
export interface Replies<Value> {
  /** What was asked for, by subjects that answers come to. */
  readonly subject: (index: number) => string
  readonly done: Promise<Value>
}

/** A subject to which messages come under subjects of their own, as from a consumer. */
export interface Inbox {
  readonly subject: string
  readonly id: string
  close(): void
}

/** One connection: requests, and subjects of its own for answers that come in numbers. */
export class Line {
  readonly connection: NatsConnection
  readonly manager: JetStreamManager
  readonly #inbox: string
  readonly #waiting = new Map<
    string,
    { take(message: Msg, index: number): void; fail(error: unknown): void }
  >()
  readonly #timeout: number
  #count = 0

  constructor(connection: NatsConnection, manager: JetStreamManager, timeout: number) {
    this.connection = connection
    this.manager = manager
    this.#timeout = timeout
    // Not in its type: a user may be allowed to listen under this prefix alone.
    const { options } = connection as { readonly options?: { readonly inboxPrefix?: string } }
    this.#inbox = createInbox(options?.inboxPrefix)
    connection.subscribe(`${this.#inbox}.*.*`, {
      callback: (error, message) => {
        if (error) return
        const [id = '', index] = message.subject.slice(this.#inbox.length + 1).split('.')
        this.#waiting.get(id)?.take(message, Number(index))
      },
    })
  }

  /** The most bytes that a message may have, with its headers. */
  get maxPayload(): number {
    return this.connection.info?.max_payload ?? Number.POSITIVE_INFINITY
  }

  /**
   * Waits for messages to subjects of its own, until one of them ends it.
   *
   * @param take Answers with a value when that was the last one.
   * @param inbox Where they come to, unless each is to be answered by itself.
   */
  replies<Value>(
    take: (message: Msg, index: number) => Value | undefined,
    { id }: Pick<Inbox, 'id'> = { id: this.#nextId() },
  ): Replies<Value> {
    const done = new Promise<Value>((resolve, reject) => {
      const settle = () => {
        clearTimeout(timer)
        this.#waiting.delete(id)
      }
      const fail = (error: unknown) => {
        settle()
        reject(error)
      }
      const timer = setTimeout(() => fail(new errors.TimeoutError()), this.#timeout)
      this.#waiting.set(id, {
        fail,
        take(message, index) {
          try {
            const value = take(message, index)
            if (value === undefined) return
            settle()
            resolve(value)
          } catch (error) {
            fail(error)
          }
        },
      })
    })
    // Whoever waits for it may have something else to do first.
    done.catch(() => {})
    return { subject: (index) => `${this.#inbox}.${id}.${index}`, done }
  }

  /** Opens an inbox, for one wait after the other. */
  openInbox(): Inbox {
    const id = this.#nextId()
    const subject = `${this.#inbox}.${id}`
    const subscription = this.connection.subscribe(subject, {
      callback: (error, message) => {
        if (!error) this.#waiting.get(id)?.take(message, 0)
      },
    })
    return { subject, id, close: () => subscription.unsubscribe() }
  }

  /** Fails whatever still waits. */
  end(error: unknown): void {
    for (const { fail } of [...this.#waiting.values()]) fail(error)
    // A frozen server's connection does not end in any time that is known.
    void this.connection.close().catch(() => {})
  }

  #nextId(): string {
    this.#count += 1
    return this.#count.toString(36)
  }
}

/**
 * One connection, and the next one where that has failed. Nothing is kept for later and nothing is tried twice: whether what was under
 * way on a connection that broke was done is for others to find out.
 */
export class Link {
  readonly #options: LinkOptions
  #opening: Promise<Line> | undefined
  #refusal: { readonly error: unknown; readonly until: number } | undefined
  #maxPayload = Number.POSITIVE_INFINITY
  #closed = false

  constructor(options: LinkOptions) {
    this.#options = options
  }

  /** The most bytes that a message may have, as the last server said. */
  get maxPayload(): number {
    return this.#maxPayload
  }

  /** Asks something. @throws LogEngineError */
  async ask<Value>(question: (line: Line) => Promise<Value>): Promise<Value> {
    const line = await this.#open()
    try {
      return await question(line)
    } catch (error) {
      // An answer is one, also when it says no.
      if (error instanceof JetStreamApiError || LogEngineError.isInstance(error)) throw translate(error)
      const problem = translate(error)
      if (problem.problem !== 'refused') this.#giveUp(line, problem)
      throw problem
    }
  }

  close(): void {
    this.#closed = true
    const opening = this.#opening
    this.#opening = undefined
    opening?.then(
      (line) => line.end(closed()),
      () => {},
    )
  }

  #open(): Promise<Line> {
    if (this.#closed) return Promise.reject(closed())
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

  async #connect(): Promise<Line> {
    const { connect, domain, timeout, opened } = this.#options
    try {
      const connecting = connect()
      const connection = await inTime(connecting, timeout, () => {
        connecting.then(
          (late) => late.close(),
          () => {},
        )
      })
      const manager = await jetstreamManager(connection, {
        checkAPI: false,
        timeout,
        ...(domain !== undefined && { domain }),
      })
      const line = new Line(connection, manager, timeout)
      this.#maxPayload = line.maxPayload
      void connection.closed().then((error) => this.#giveUp(line, error ?? new Error('The connection ended')))
      opened(line)
      return line
    } catch (error) {
      throw translate(error)
    }
  }

  #giveUp(line: Line, error: unknown): void {
    const opening = this.#opening
    const problem = translate(error)
    line.end(problem)
    void opening?.then(
      (current) => {
        if (current !== line || this.#opening !== opening) return
        this.#opening = undefined
        this.#options.broken(problem)
      },
      () => {},
    )
  }
}

const closed = () => problemWith('unavailable', 'the connection was closed')

function inTime<Value>(answer: Promise<Value>, timeout: number, late: () => void): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(slow())
      late()
    }, timeout)
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
