import { frameExtensionFields, type SseItem, SseParser, type StreamRequest } from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import { type OpenFrame, readOpen } from './control.ts'
import { failureOf } from './failure-of.ts'
import type { Settings } from './options.ts'
import { cancelBody, judgeResponse } from './response.ts'
import { requestStream } from './stream-request.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

/** What a poll may take longer to open than a stream, in milliseconds: a proxy may hold all of it back until it is answered. */
const pollTime = 60_000

/** One request and the stream that answers it. Everything that it waits for ends when it is aborted. */
export class EventStream {
  readonly #request: StreamRequest
  readonly #settings: Settings
  readonly #controller = new AbortController()
  readonly #parser: SseParser
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #watchdog: Watchdog | undefined
  #over = false
  // Why it is over; `undefined` when it was aborted.
  #failure: ConnectionError | undefined
  #interrupt: (() => void) | undefined

  constructor(request: StreamRequest, settings: Settings) {
    this.#request = request
    this.#settings = settings
    this.#parser = new SseParser({
      lastEventId: request.lastEventId ?? '',
      extensionFields: frameExtensionFields,
      onRetry: settings.backoff.propose,
    })
  }

  /** Asks for the stream. Called once. `undefined` when it was aborted. */
  async open(): Promise<OpenFrame | ConnectionError | undefined> {
    const { clock, connectTimeout } = this.#settings
    const cancel = clock.after(connectTimeout + (this.#request.poll ? pollTime : 0), () =>
      this.#end(new ConnectionError('timeout', 'No stream opened in time')),
    )
    const open = await this.#try(() => this.#open())
    cancel()
    return open
  }

  /** What comes next, as far as it has come already. Where there is nothing, `read` waits for it, or tells why it is over. */
  next(): SseItem | undefined {
    try {
      return this.#over ? undefined : this.#parser.next()
    } catch (error) {
      this.#end(failureOf(error))
      return undefined
    }
  }

  /** What comes next, once it has come. `undefined` when it was aborted. */
  read(): Promise<SseItem | ConnectionError | undefined> {
    return this.#try(() => this.#read())
  }

  abort(): void {
    this.#end(undefined)
  }

  async #open(): Promise<OpenFrame> {
    const { clock } = this.#settings
    const answer = requestStream(this.#settings, this.#request, this.#controller.signal)
    try {
      const response = await this.#until(answer)
      const refusal = await this.#until(judgeResponse(response, clock.now()))
      if (refusal) throw refusal
      this.#reader = response.body?.getReader()
      // React Native's own `fetch` gives no bodies, and answers when all of it is there: a poll can be read.
      if (!this.#reader) this.#parser.push(new TextEncoder().encode(await this.#until(response.text())))
      const open = readOpen(await this.#read())
      this.#watchdog = createWatchdog(clock, open.heartbeat, () =>
        this.#end(new ConnectionError('silent', 'No heartbeat came')),
      )
      return open
    } catch (error) {
      // A `fetch` that does not obey its signal may still bring an answer that nobody waits for, or has just brought it.
      answer.then(cancelBody, () => {})
      throw error
    }
  }

  async #read(): Promise<SseItem> {
    for (;;) {
      const item = this.#parser.next()
      if (item) return item
      const read = this.#reader && (await this.#until(this.#reader.read()).finally(this.#watchdog?.()))
      // [spec] The end of the body is no end of the stream: the client comes back.
      if (!read?.value) throw new ConnectionError('ended', 'The server ended the stream')
      this.#parser.push(read.value)
    }
  }

  async #try<T>(task: () => Promise<T>): Promise<T | ConnectionError | undefined> {
    try {
      // Once it is over, nothing of it counts any more, whatever had come in just before.
      if (!this.#over) {
        const result = await task()
        if (!this.#over) return result
      }
    } catch (error) {
      this.#end(failureOf(error))
    }
    return this.#failure
  }

  /** Waits for something of others, which need not know that this stream is over. */
  #until<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#interrupt = () => reject(this.#failure)
      promise.then(resolve, reject)
      if (this.#over) this.#interrupt()
    })
  }

  #end(failure: ConnectionError | undefined): void {
    if (!this.#over) {
      this.#over = true
      this.#failure = failure
      this.#interrupt?.()
    }
    // Each may be all that a body listens to; one that has failed rejects. Again for a body that came just as it ended.
    this.#reader?.cancel().catch(() => {})
    this.#controller.abort()
  }
}
