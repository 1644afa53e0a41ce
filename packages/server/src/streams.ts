import type { LogBounds } from '@millrace/log'
import {
  type ByeReason,
  formatCursor,
  nowhere,
  parseCursor,
  RequestError,
  type StreamRequest,
} from '@millrace/protocol'
import type { Answer, Call } from './call.ts'
import { byeText } from './control-frame.ts'
import { type Cors, createCors } from './cors.ts'
import { within } from './deadline.ts'
import { Feed } from './feed.ts'
import type { Settings } from './options.ts'
import { type Placement, placeTopics } from './placement.ts'
import { methods, problemAnswer } from './problem-answer.ts'
import { RefusalError } from './refusal-error.ts'
import { findTopics, type RequestedTopic } from './requested-topic.ts'
import { Session } from './session.ts'
import { Sessions } from './sessions.ts'
import { readStreamCall } from './stream-call.ts'

/** How long a poll waits for a first event, in milliseconds. Below what any proxy on the way cuts. */
const pollTimeout = 25_000

/** How long a request waits for the log, in milliseconds. Below what our client waits for a first frame. */
const logDeadline = 8_000

/** How long a stream that could not be opened is asked to stay away, in seconds, and by how much that is spread. */
const retryAfter = { least: 1, spread: 4 }

const streamHead = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies may neither keep a stream nor compress it, which would hold events back.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** Everything between a request and its frames. Each runtime's own shapes are put around it by a thin shell. */
export class Streams {
  readonly settings: Settings
  readonly #feed: Feed
  readonly #sessions: Sessions
  readonly #cors: Cors
  #draining = false

  constructor(settings: Settings) {
    const { log, limits, onError, clock, heartbeat, stallTimeout } = settings
    this.settings = settings
    this.#feed = new Feed(log, { ringBytes: limits.ringBytes, onError })
    this.#sessions = new Sessions(clock, heartbeat, stallTimeout)
    this.#cors = createCors(settings.cors)
  }

  /** Answers a request. Never rejects. */
  async answer(call: Call): Promise<Answer> {
    const origin = call.header('origin')
    if (call.method === 'OPTIONS') {
      return { status: 204, headers: { allow: methods, ...this.#cors.preflight(origin) }, body: undefined }
    }
    const answer = await this.#answer(call).catch((error: unknown) => this.#refuse(call, error))
    return { ...answer, headers: { ...answer.headers, ...this.#cors.headers(origin) } }
  }

  /** Takes no new streams, and ends those that are open. Resolves when all are over, at the latest after `drain` milliseconds. */
  async close(drain: number): Promise<void> {
    this.#draining = true
    for (const session of this.#sessions) session.end('drain', true, this.#spreadRetry(drain))
    let cancel = () => {}
    const deadline = new Promise<void>((resolve) => {
      cancel = this.settings.clock.after(drain, resolve)
    })
    await Promise.race([this.#sessions.empty(), deadline])
    cancel()
    for (const session of this.#sessions) session.destroy()
    this.#feed.stop()
  }

  async #answer(call: Call): Promise<Answer> {
    const { contract, limits, path } = this.settings
    const request = await readStreamCall(call, path, limits)
    const header = call.header('last-event-id')
    const topics = findTopics(contract, request, header === '' ? undefined : header)
    this.#refuseWhenFull()
    const { clock } = this.settings
    const bounds = await within(this.#boundsFor(topics), logDeadline, clock, 'The log does not answer')
    // While it waited, others may have come.
    this.#refuseWhenFull()
    const placement = placeTopics(topics, bounds)
    return {
      status: 200,
      headers: streamHead,
      body: undefined,
      ...(call.method === 'HEAD' ? {} : { stream: (openSink) => this.#open(request, placement, openSink) }),
    }
  }

  async #boundsFor(topics: readonly RequestedTopic[]): Promise<LogBounds> {
    await this.#feed.start()
    if (topics.some(({ start }) => start === 'earliest')) return this.settings.log.bounds()
    return this.#feed.boundsFor(topics.flatMap(({ start }) => (typeof start === 'object' ? [start] : [])))
  }

  #open(
    request: StreamRequest,
    placement: Placement,
    openSink: Parameters<NonNullable<Answer['stream']>>[0],
  ): void {
    const now = this.settings.clock.now()
    const pollUntil = request.poll === true ? now + pollTimeout : undefined
    // Requests that waited for the log together were all accepted before the first of them was opened.
    const full = this.#sessions.size >= this.settings.limits.connections
    const session = new Session(this.#feed, placement, { ...this.settings, now, pollUntil }, openSink, () =>
      this.#sessions.remove(session),
    )
    this.#sessions.add(session)
    session.start(placement)
    if (full) session.end('overload', true, this.#spreadRetry())
    if (this.#draining) session.end('drain', true, this.#spreadRetry())
  }

  // Who is sent away at once must not come back at once, wherever that will be.
  #spreadRetry(spread = 0): number {
    const { retry, random } = this.settings
    return retry + Math.floor(random() * Math.max(spread, retry))
  }

  #refuseWhenFull(): void {
    if (this.#draining) throw new RefusalError('unavailable', 'The server is shutting down')
    if (this.#sessions.size >= this.settings.limits.connections) {
      throw new RefusalError('unavailable', `All ${this.settings.limits.connections} streams are taken`)
    }
  }

  #refuse(call: Call, error: unknown): Answer {
    const refusal = this.#refusalOf(error)
    if (refusal.problem === 'unavailable' && isEventSource(call)) {
      const reason = RefusalError.isInstance(error) ? 'overload' : 'failure'
      return this.#sendAway(call, this.#draining ? 'drain' : reason)
    }
    const { least, spread } = retryAfter
    const answer = problemAnswer(refusal, least + Math.round(this.settings.random() * spread))
    return call.method === 'HEAD' ? { ...answer, body: undefined } : answer
  }

  #refusalOf(error: unknown): RefusalError {
    if (RefusalError.isInstance(error)) return error
    if (RequestError.isInstance(error)) return new RefusalError('bad-request', error.message)
    this.settings.onError(error)
    return new RefusalError('unavailable', 'The log cannot be read at the moment')
  }

  // A browser's own EventSource never comes back after any status but 200.
  #sendAway(call: Call, reason: ByeReason): Answer {
    // [spec] The last event ID buffer of each stream is empty at first, so a block without an id would wipe its cursor.
    const header = call.header('last-event-id') ?? ''
    const id = header === '' ? {} : { id: formatCursor(parseCursor(header) ?? nowhere) }
    const fields = { retry: this.#spreadRetry(), ...id }
    return { status: 200, headers: streamHead, body: byeText({ reason, retryable: true }, fields) }
  }
}

function isEventSource(call: Call): boolean {
  return call.method === 'GET' && !call.query.has('v') && call.header('accept') === 'text/event-stream'
}
