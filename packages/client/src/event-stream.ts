import { frameExtensionFields, type Position, parseCursor, SseParser } from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'
import { type OpenFrame, readOpen } from './control.ts'
import { failureOf } from './failure-of.ts'
import type { Settings } from './options.ts'
import { cancelBody, judgeResponse } from './response.ts'
import type { Router } from './router.ts'
import type { StreamPlan } from './stream-plan.ts'
import { requestStream } from './stream-request.ts'
import { createWatchdog, type Watchdog } from './watchdog.ts'

/** What a poll may take longer to open than a stream, in milliseconds: a proxy may hold all of it back until it is answered. */
const pollTime = 60_000

/**
 * One request, and the stream that answers it: read as fast as its subscriptions take what it brings, and no faster. Everything that it
 * waits for ends when it is aborted.
 */
export class EventStream {
  /** What it is asked for, and for whom. */
  readonly plan: StreamPlan
  /** Whether it goes on. */
  live = true
  /** Why it is over; `undefined` when it was ended from here. */
  failure: ConnectionError | undefined
  /** Who is given what it brings, once that has begun. */
  router: Router | undefined
  /** When that began, in milliseconds since 1970. */
  openedAt: number | undefined
  readonly #settings: Settings
  readonly #controller = new AbortController()
  readonly #parser: SseParser
  #reader: ReadableStreamDefaultReader<Uint8Array> | undefined
  #watchdog: Watchdog | undefined
  /** Settles when it is over, and what was being handled is done. */
  #over: Promise<unknown> | undefined
  /** Ends the wait for others. */
  #interrupt: (() => void) | undefined
  /** Ends the wait for handlers. */
  #release: ((value?: unknown) => void) | undefined

  constructor(plan: StreamPlan, settings: Settings) {
    this.plan = plan
    this.#settings = settings
    this.#parser = new SseParser({
      lastEventId: plan.request.lastEventId ?? '',
      extensionFields: frameExtensionFields,
      onRetry: settings.backoff.propose,
    })
  }

  /** Asks for the stream. Called once. `undefined` when it failed or was aborted. */
  async open(): Promise<OpenFrame | undefined> {
    const { clock, connectTimeout } = this.#settings
    const cancel = clock.after(connectTimeout + (this.plan.request.poll ? pollTime : 0), () =>
      this.#end(new ConnectionError('timeout', 'No stream opened in time')),
    )
    const open = await this.#try(() => this.#open())
    cancel()
    return open
  }

  /** Hands what it brings to a router. Resolves when it is over, and what was being handled is done. */
  deliver(router: Router): Promise<unknown> {
    this.router = router
    this.openedAt = this.#settings.clock.now()
    this.#over = this.#try(() => this.#deliver(router))
    return this.#over
  }

  /** Ends the stream, and resolves once what was being handled is done. What comes after it is the next stream's. */
  finish(): Promise<unknown> | undefined {
    this.#end()
    return this.#over
  }

  /** Ends everything at once. Nobody waits for a handler that is still at work. */
  abort(): void {
    this.#end()
    this.#release?.()
  }

  async #open(): Promise<OpenFrame> {
    const { clock } = this.#settings
    const answer = requestStream(this.#settings, this.plan.request, this.#controller.signal)
    try {
      const response = await this.#until(answer)
      const refusal = await this.#until(judgeResponse(response, clock.now()))
      if (refusal) throw refusal
      this.#reader = response.body?.getReader()
      // A body that came just as it ended.
      if (!this.live) this.#end()
      // React Native's own `fetch` gives no bodies, and answers when all of it is there: a poll can be read.
      if (!this.#reader) this.#parser.push(new TextEncoder().encode(await this.#until(response.text())))
      let first = this.#parser.next()
      for (; !first; first = this.#parser.next()) this.#take(await this.#ask())
      const open = readOpen(first)
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

  async #deliver(router: Router): Promise<void> {
    let position: Position | undefined
    while (this.live) {
      const item = this.#parser.next()
      if (!item) {
        this.#take(await this.#ask())
        continue
      }
      position = parseCursor(item.lastEventId, position)
      const handling = router.handle(item, position)
      if (handling)
        await new Promise<unknown>((resolve, reject) => {
          this.#release = resolve
          handling.then(resolve, reject)
        })
      router.moveTo(item.lastEventId, position)
    }
  }

  // `cancel` ends it. With a promise of our own around each, engines let go of the chunks much later, and take longer.
  #ask(): ReturnType<ReadableStreamDefaultReader<Uint8Array>['read']> | undefined {
    this.#watchdog?.wait()
    return this.#reader?.read()
  }

  #take(read: { readonly value?: Uint8Array | undefined } | undefined): void {
    this.#watchdog?.rest()
    // [spec] The end of the body is no end of the stream: the client comes back.
    if (!read?.value) throw new ConnectionError('ended', 'The server ended the stream')
    this.#parser.push(read.value)
  }

  async #try<T>(task: () => Promise<T>): Promise<T | undefined> {
    try {
      const result = await task()
      // Once it is over, nothing of it counts any more, whatever had come in just before.
      if (this.live) return result
    } catch (error) {
      this.#end(failureOf(error))
    }
    return undefined
  }

  /** Waits for something of others, which need not know that this stream is over. */
  #until<T>(promise: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#interrupt = reject
      promise.then(resolve, reject)
      if (!this.live) reject()
    })
  }

  #end(failure?: ConnectionError): void {
    if (this.live) {
      this.live = false
      this.failure = failure
      this.#interrupt?.()
    }
    this.#watchdog?.stop()
    // Each may be all that a body listens to; one that has failed rejects.
    this.#reader?.cancel().catch(() => {})
    this.#controller.abort()
  }
}
