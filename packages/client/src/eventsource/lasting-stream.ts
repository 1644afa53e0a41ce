import { type SseItem, SseLimitError, type SseMessage, SseParser } from '@millrace/protocol'
import { type Backoff, createBackoff } from '../backoff.ts'
import { type Clock, systemClock, systemRandom } from '../clock.ts'
import { ConnectionError } from '../connection-error.ts'
import { orAborted } from '../or-aborted.ts'
import { cancelBody, judgeResponse } from '../response.ts'
import { createWatchdog, type Watchdog } from '../watchdog.ts'
import { nextTask } from './next-task.ts'
import type { EventSourceOptions } from './options.ts'
import { watchPage, whenOnline } from './page-life.ts'
import { type Answer, requestStream } from './stream-request.ts'

/** What is told of a stream, each in a task of its own. */
export interface StreamListener {
  /** @param url where the stream comes from in the end */
  open(url: string): void
  message(message: SseMessage): void
  /** It failed: for good if that is final, else it is tried again. */
  fail(error: ConnectionError): void
}

// [spec] A reconnection time, in milliseconds, probably in the region of a few seconds.
const firstReconnectionTime = 3_000
// A server that asks for hours is rather misconfigured.
const longestReconnectionTime = 5 * 60_000
// What is waited beyond it, to begin with: enough to spread clients that were all cut off at once.
const jitter = 0.2
/** How long a stream that brought nothing must have been open for the back-off to start afresh, in milliseconds. */
const healthyAfter = 5_000

/** One stream at a time, from one address, until it is closed or refused. */
export class LastingStream {
  readonly #url: string
  readonly #options: EventSourceOptions
  readonly #listener: StreamListener
  readonly #clock: Clock
  readonly #backoff: Backoff
  readonly #watchdog: Watchdog | undefined
  readonly #unwatchPage: () => void
  #reconnectionTime = firstReconnectionTime
  // Until the first request it is not known: the caller's headers may hold it.
  #lastEventId: string | undefined
  #attempt = new AbortController()
  #stopWaiting: (() => void) | undefined
  #closed = false

  constructor(url: string, options: EventSourceOptions, listener: StreamListener) {
    const { clock = systemClock, random = systemRandom, heartbeat } = options
    this.#url = url
    this.#options = options
    this.#listener = listener
    this.#clock = clock
    this.#backoff = createBackoff({ base: firstReconnectionTime * jitter, floor: 100, cap: 30_000 }, random)
    const cut = (reason: 'silent' | 'network', message: string) =>
      this.#attempt.abort(new ConnectionError(reason, message))
    this.#watchdog =
      heartbeat === undefined
        ? undefined
        : createWatchdog(clock, heartbeat, () => cut('silent', `No heartbeat came, each ${heartbeat} ms`))
    this.#unwatchPage = watchPage(
      () => cut('network', 'The page was put aside'),
      () => this.#stopWaiting?.(),
    )
    void this.#run()
  }

  close(): void {
    this.#closed = true
    this.#unwatchPage()
    this.#attempt.abort()
    this.#stopWaiting?.()
  }

  async #run(): Promise<void> {
    while (!this.#closed) {
      const failure = await this.#stream().catch(failureOf)
      // Whatever is left of it ends with it.
      this.#attempt.abort()
      this.#watchdog?.stop()
      await nextTask()
      if (this.#closed) return
      if (failure.final) this.close()
      this.#listener.fail(failure)
      if (!this.#closed) await this.#wait()
    }
  }

  /** One attempt, and the stream that comes of it. It fails in the end, always. */
  async #stream(): Promise<never> {
    this.#attempt = new AbortController()
    const { signal } = this.#attempt
    const { response, url } = await this.#watch(this.#ask(signal))
    const refusal = await orAborted(judgeResponse(response, this.#clock.now()), signal)
    // [spec] If res's status is not 200, or if its `Content-Type` is not `text/event-stream`: fail the connection.
    if (refusal !== undefined) throw finalOf(refusal)
    const reader = response.body?.getReader()
    // One that has failed rejects.
    signal.addEventListener('abort', () => reader?.cancel().catch(() => {}))
    await nextTask()
    if (signal.aborted) throw signal.reason
    const openedAt = this.#clock.now()
    this.#listener.open(url)
    try {
      return await this.#read(async () => (await reader?.read())?.value)
    } finally {
      if (this.#clock.now() - openedAt >= healthyAfter) this.#backoff.reset()
    }
  }

  async #ask(signal: AbortSignal): Promise<Answer> {
    const { headers: source = {}, fetch = (request) => globalThis.fetch(request) } = this.#options
    const headers = await callHeaders(source)
    this.#lastEventId ??= headers.get('last-event-id') ?? ''
    headers.delete('last-event-id')
    const { withCredentials = false } = this.#options
    const asked = { url: this.#url, headers, lastEventId: this.#lastEventId, withCredentials, fetch }
    if (signal.aborted) throw signal.reason
    const answer = await requestStream(asked, signal)
    // A `fetch` that does not obey its signal may still bring an answer that nobody waits for.
    if (signal.aborted) cancelBody(answer.response)
    return answer
  }

  async #read(readChunk: () => Promise<Uint8Array | undefined>): Promise<never> {
    const { signal } = this.#attempt
    const parser = new SseParser({
      lastEventId: this.#lastEventId ?? '',
      // [spec] Set the event stream's reconnection time to that integer.
      onRetry: (milliseconds) => {
        this.#reconnectionTime = Math.min(milliseconds, longestReconnectionTime)
        this.#backoff.propose(this.#reconnectionTime * jitter)
      },
    })
    for (;;) {
      const chunk = await this.#watch(readChunk())
      // [spec] The end of the body is no end of the stream: the client comes back.
      if (chunk === undefined) throw new ConnectionError('ended', 'The server ended the stream')
      this.#backoff.reset()
      parser.push(chunk)
      for (let item = parser.next(); item; item = parser.next()) await this.#deliver(item, signal)
    }
  }

  // [spec] Queue a task which, if the readyState attribute is set to a value other than CLOSED, dispatches the event.
  async #deliver(item: SseItem, signal: AbortSignal): Promise<void> {
    if ('event' in item) {
      await nextTask()
      if (signal.aborted) throw signal.reason
    }
    this.#lastEventId = item.lastEventId
    if ('event' in item) this.#listener.message(item)
  }

  /** Waits for something of the server, for as long as the link is not known to be dead. */
  #watch<T>(promise: Promise<T>): Promise<T> {
    this.#watchdog?.wait()
    return orAborted(promise, this.#attempt.signal).finally(() => this.#watchdog?.rest())
  }

  // [spec] Wait a delay equal to the reconnection time of the event source. Optionally, wait some more. Optionally, if the
  // operating system has reported that there is no network connectivity, wait until there is.
  #wait(): Promise<void> {
    return new Promise((resolve) => {
      let offline: (() => void) | undefined
      const delay = this.#backoff.next(this.#reconnectionTime)
      const cancel = this.#clock.after(
        delay,
        () => {
          offline = whenOnline(resolve)
        },
        // Like an open stream, it keeps a process alive.
        true,
      )
      this.#stopWaiting = () => {
        cancel()
        offline?.()
        resolve()
      }
    })
  }
}

async function callHeaders(source: NonNullable<EventSourceOptions['headers']>): Promise<Headers> {
  try {
    return new Headers(typeof source === 'function' ? await source() : source)
  } catch (cause) {
    throw new ConnectionError('headers', `The headers cannot be had: ${String(cause)}`, { cause })
  }
}

function finalOf({ reason, message, status, problem }: ConnectionError): ConnectionError {
  return new ConnectionError(reason, message, { ...(status && { status }), problem, final: true })
}

function failureOf(error: unknown): ConnectionError {
  if (ConnectionError.isInstance(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  // The next stream would only grow as long again.
  const tooLong = SseLimitError.isInstance(error)
  return new ConnectionError(tooLong ? 'protocol' : 'network', message, { final: tooLong, cause: error })
}
