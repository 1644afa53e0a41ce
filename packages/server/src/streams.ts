import type { ChannelDefinition } from '@millrace/contract'
import {
  type ByeReason,
  formatCursor,
  nowhere,
  parseCursor,
  RequestError,
  type StreamRequest,
} from '@millrace/protocol'
import { type Admission, admit } from './authorize/admission.ts'
import { describeRequest } from './authorize/authorize-request.ts'
import type { Caller } from './authorize/caller.ts'
import { Revocations } from './authorize/revocations.ts'
import type { SessionDescription } from './authorize/revoke-filter.ts'
import { within } from './deadline.ts'
import { Feed, type Held } from './feed/feed.ts'
import { Endings } from './publish/endings.ts'
import { Publisher } from './publish/publisher.ts'
import { Snapshots } from './publish/snapshots.ts'
import { type Source, type SourceOptions, Sources } from './publish/sources.ts'
import type { Answer, Call } from './request/call.ts'
import { findAddress } from './request/client-address.ts'
import { type Cors, createCors } from './request/cors.ts'
import { methods, passing, problemAnswer } from './request/problem-answer.ts'
import { RefusalError } from './request/refusal-error.ts'
import { findTopics, type RequestedTopic } from './request/requested-topic.ts'
import { readStreamCall } from './request/stream-call.ts'
import { TopicFinder } from './request/topic-finder.ts'
import { byeText } from './session/control-frame.ts'
import { Gate } from './session/gate.ts'
import { type Placement, placeTopics } from './session/placement.ts'
import { Session, type SessionOptions } from './session/session.ts'
import { Sessions } from './session/sessions.ts'
import type { OpenSink } from './session/sink.ts'
import { spread } from './session/spread.ts'
import type { Monitor, WatchedSettings } from './telemetry/monitor.ts'
import { Readiness } from './telemetry/readiness.ts'
import type { RefusalCause, ServerStats } from './telemetry/server-stats.ts'

/** How long a poll waits for a first event, in milliseconds. Below what any proxy on the way cuts. */
const pollTimeout = 25_000

/** How long a request waits for `authorize` and the log together, in milliseconds. Below what our client waits for a first frame. */
const openDeadline = 8_000

/** How long a stream that may not go on is given to take its good-bye, in milliseconds. */
const cutAfter = 800

/** The part of the time for draining in which streams are ended. */
const closingShare = 0.8

/** The part of its longest age at which a stream may already be ended. */
const leastAge = 0.75

/** How long a stream that could not be opened is asked to stay away, in seconds, and by how much that is spread. */
const retryAfter = { least: 1, spread: 4 }

/** Of how many addresses streams share what is known of their caller. */
const rememberedAddresses = 1_000

const streamHead = {
  'content-type': 'text/event-stream; charset=utf-8',
  // Proxies may neither keep a stream nor compress it, which would hold events back.
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

// What a browser is told that a refusal is, where it is no overload.
const byeReasons: Partial<Record<RefusalCause, ByeReason>> = {
  drain: 'drain',
  log: 'failure',
  authorize: 'failure',
}

/** A request to which a stream was promised. */
interface Accepted {
  readonly asked: StreamRequest
  readonly placement: Placement
  readonly admission: Admission
  /** What was revoked when it was authorized. */
  readonly mark: number
}

/** Everything between a request and its frames. Each runtime's own shapes are put around it by a thin shell. */
export class Streams {
  readonly settings: WatchedSettings
  readonly #feed: Feed
  readonly #sessions: Sessions
  readonly #cors: Cors
  readonly #gate: Gate
  readonly #finder: TopicFinder
  readonly #anybody = new Map<string | undefined, Caller>()
  readonly #revocations: Revocations
  readonly #endings = new Endings()
  readonly meter: Monitor
  readonly readiness: Readiness
  readonly publisher: Publisher
  readonly snapshots: Snapshots
  readonly #sources: Sources
  readonly #sessionOptions: SessionOptions

  constructor(settings: WatchedSettings) {
    const { contract, log, limits, onError, clock } = settings
    const { channels } = contract['~contract']
    this.settings = settings
    this.meter = settings.monitor
    this.publisher = new Publisher(settings, this.#endings, this.meter)
    this.snapshots = new Snapshots(settings, this.meter)
    this.#sources = new Sources(settings, this.publisher)
    this.#feed = new Feed(log, {
      ringBytes: limits.ringBytes,
      conflates: Object.values(channels).some(({ deliver }) => deliver === 'latest'),
      endings: this.#endings,
      audience: this.#sources,
      clock,
      meter: this.meter,
      onError,
    })
    this.#sessions = new Sessions({
      ...settings,
      bufferedBytes: limits.bufferedBytes,
      onExpired: (sessions) => this.#cutOff(sessions, 'expired'),
    })
    this.#sessionOptions = {
      ...settings,
      meter: this.meter,
      snapshots: this.snapshots,
      endings: this.#endings,
      onHolds: (session) => this.#sessions.hold(session),
      onClosed: (session, cause) => {
        this.#sessions.remove(session)
        this.meter.count('closed', cause)
      },
    }
    this.#gate = new Gate(settings, this.#sessions)
    this.#finder = new TopicFinder(contract)
    this.#revocations = new Revocations(clock)
    this.#cors = createCors(settings.cors)
    this.readiness = new Readiness({
      log,
      clock,
      start: () => this.#feed.start(),
      isDraining: () => !this.ready,
      onChange: (reason) => this.meter.tellReady(reason),
    })
    this.meter.open(() => this.stats())
  }

  /** Answers a request: at once where nothing has to be waited for. Never throws nor rejects. */
  answer(call: Call): Answer | Promise<Answer> {
    const origin = call.header('origin')
    if (call.method === 'OPTIONS') {
      return { status: 204, headers: { allow: methods, ...this.#cors.preflight(origin) }, body: undefined }
    }
    const answer = this.meter.answer(call, () => this.#answerOrRefuse(call))
    return answer instanceof Promise
      ? answer.then((answer) => this.#withCors(answer, origin))
      : this.#withCors(answer, origin)
  }

  #withCors(answer: Answer, origin: string | undefined): Answer {
    if (this.settings.cors === undefined) return answer
    return { ...answer, headers: { ...answer.headers, ...this.#cors.headers(origin) } }
  }

  /** Ends the streams that are concerned, and those that are about to be opened. Answers how many were open. */
  revoke(concerns: (session: SessionDescription) => boolean): number {
    // Before anything else: it may throw, and then nothing was revoked.
    const sessions = [...this.#sessions].filter((session) => concerns(session.description))
    this.#revocations.add(concerns)
    this.#cutOff(sessions, 'revoked')
    this.meter.journal?.write('revoked', { count: sessions.length })
    return sessions.length
  }

  stats(): ServerStats {
    const { size: connections, subscriptions } = this.#sessions
    return {
      connections,
      subscriptions,
      sources: this.#sources.active,
      bufferedBytes: this.#sessions.buffered(this.settings.clock.now()),
      ...this.meter.read(),
    }
  }

  /** Whether new streams are taken. */
  get ready(): boolean {
    return !this.#gate.draining
  }

  /** Lets a source make the events of those topics of a channel that somebody wants. @throws TypeError, RangeError */
  addSource(channel: ChannelDefinition, source: Source, options: SourceOptions): void {
    this.#sources.add(channel, source, options, this.#feed.interests())
  }

  /**
   * Takes no new streams, and ends those that are open, one after the other. Resolves when all are over, at the latest after `drain`
   * milliseconds.
   */
  async close(drain: number): Promise<void> {
    this.#gate.draining = true
    this.meter.journal?.write('draining', { count: this.#sessions.size })
    this.#sources.stop()
    const { clock } = this.settings
    const end = (session: Session) => this.#guard(() => session.end('drain', true, this.#spreadRetry()))
    // The last ones need time to take what was written, too.
    const stop = spread([...this.#sessions], drain * closingShare, clock, end)
    let cancel = () => {}
    const deadline = new Promise<void>((resolve) => {
      cancel = clock.after(drain, resolve)
    })
    await Promise.race([this.#sessions.empty(), deadline])
    cancel()
    stop()
    this.meter.journal?.write('drained', { cut: this.#sessions.size })
    for (const session of this.#sessions) this.#guard(() => session.destroy('drain'))
    this.snapshots.stop()
    this.#guard(() => this.#feed.stop())
    this.meter.close()
  }

  #answerOrRefuse(call: Call): Answer | Promise<Answer> {
    const refuse = (error: unknown) => this.#refuse(call, error)
    try {
      const asked = readStreamCall(call, this.settings.path, this.settings.limits)
      if (asked instanceof Promise) return asked.then((asked) => this.#answer(call, asked)).catch(refuse)
      const answer = this.#answer(call, asked)
      return answer instanceof Promise ? answer.catch(refuse) : answer
    } catch (error) {
      return refuse(error)
    }
  }

  #answer(call: Call, asked: StreamRequest): Answer | Promise<Answer> {
    const { limits, authorize } = this.settings
    const header = call.header('last-event-id') || undefined
    const topics = findTopics(this.#finder, asked, header, limits.cursorBytes)
    const address = this.#addressOf(call)
    this.#gate.enter(address)
    const mark = this.#revocations.mark
    const held = authorize === undefined ? this.#feed.heldNow(topics) : undefined
    if (held !== undefined) {
      return this.#accept(call, { asked, admission: this.#everything(topics, address), mark }, held)
    }
    return this.#ask(call, asked, topics, address, mark)
  }

  async #ask(
    call: Call,
    asked: StreamRequest,
    topics: readonly RequestedTopic[],
    address: string | undefined,
    mark: number,
  ): Promise<Answer> {
    const { clock } = this.settings
    const deadline = clock.now() + openDeadline
    const admission = await this.#admit(call, address, topics, asked.version !== undefined)
    const { principal } = admission.caller
    this.#gate.check(address, principal)
    const held = await within(
      this.#feed.held(admission.topics),
      Math.max(0, deadline - clock.now()),
      clock,
      'The log does not answer',
    )
    // While it waited, others may have come.
    this.#gate.check(address, principal)
    return this.#accept(call, { asked, admission, mark }, held)
  }

  #accept(call: Call, { asked, admission, mark }: Omit<Accepted, 'placement'>, held: Held): Answer {
    const { limits } = this.settings
    const placement = placeTopics(admission.topics, held, {
      replayRecords: limits.replayRecords,
      hasState: (interest) => this.snapshots.has(interest),
    })
    if (placement.limited) this.meter.count('refused', 'replayRecords')
    // [spec] HTTP 204 No Content: a client is to stop reconnecting.
    if (this.#isOver(placement))
      return { status: 204, headers: { 'cache-control': 'no-store' }, body: undefined }
    const accepted = { asked, placement, admission, mark }
    return {
      status: 200,
      headers: streamHead,
      body: undefined,
      outcome: { verdict: placement.verdict, topics: placement.interests.length },
      ...(call.method === 'HEAD' ? {} : { stream: (openSink) => this.#open(accepted, openSink) }),
    }
  }

  // Nothing would ever come: all of it is complete, and was told so or has no state to begin with.
  #isOver({ position, interests, untold }: Placement): boolean {
    if (untold.length > 0 || position.epoch !== this.#feed.position.epoch) return false
    return interests.every(({ address, pattern, floor }) => {
      return !pattern && (this.#endings.of(address) ?? Number.POSITIVE_INFINITY) <= floor
    })
  }

  // Whom nobody can place is counted nowhere, which is no reason to send them away.
  #addressOf(call: Call): string | undefined {
    const { trustProxy, onError } = this.settings
    try {
      return findAddress(call, trustProxy)
    } catch (error) {
      onError(error)
      return undefined
    }
  }

  async #admit(
    call: Call,
    address: string | undefined,
    topics: readonly RequestedTopic[],
    whole: boolean,
  ): Promise<Admission> {
    const { authorize, contract, clock, onError } = this.settings
    if (authorize === undefined) {
      return this.#everything(topics, address)
    }
    try {
      const request = describeRequest(call, address)
      const asking = admit({ authorize, contract }, request, topics, { whole, now: clock.now() })
      return await within(asking, openDeadline, clock, 'authorize does not answer')
    } catch (error) {
      if (RefusalError.isInstance(error)) throw error
      onError(error)
      const detail = 'Who may read this cannot be found out at the moment'
      throw new RefusalError('unavailable', detail, { cause: 'authorize' })
    }
  }

  // Where nobody is asked. Those of one address are one caller, and behind a proxy they have all the same.
  #everything(topics: readonly RequestedTopic[], address: string | undefined): Admission {
    let caller = this.#anybody.get(address)
    if (caller === undefined) {
      caller = { principal: undefined, claims: undefined, address, expires: Number.POSITIVE_INFINITY }
      if (this.#anybody.size >= rememberedAddresses) this.#anybody.clear()
      this.#anybody.set(address, caller)
    }
    return { caller, topics, denied: [] }
  }

  #open({ asked, placement, admission, mark }: Accepted, openSink: OpenSink): void {
    const { caller, denied } = admission
    const now = this.settings.clock.now()
    const pollUntil = asked.poll === true ? now + pollTimeout : undefined
    // Requests that waited together were all accepted before the first of them was opened.
    const refusal = this.#gate.refusal(caller.address, caller.principal)
    const own = { caller, pollUntil, retireAt: now + this.#age() }
    const session = new Session(this.#feed, placement, this.#sessionOptions, own, openSink)
    this.#sessions.add(session)
    this.meter.count('opened', 'all')
    if (pollUntil !== undefined) this.meter.count('polls', 'all')
    const revoked = this.#revocations.concern(session, mark)
    if (revoked || caller.expires <= now) {
      // While it waited, its rights have gone: not even one event.
      session.turnAway(placement, revoked ? 'revoked' : 'expired')
      return
    }
    this.meter.countStart(placement)
    session.start(placement, denied)
    if (refusal !== undefined)
      session.end(this.#gate.draining ? 'drain' : 'overload', true, this.#spreadRetry())
  }

  // Rights that are gone end a stream at once, also one whose socket takes nothing and so cannot be told.
  #cutOff(sessions: readonly Session[], reason: 'expired' | 'revoked'): void {
    for (const session of sessions) this.#guard(() => session.end(reason, true))
    if (sessions.length === 0) return
    this.settings.clock.after(cutAfter, () => {
      for (const session of sessions) this.#guard(() => session.destroy(reason))
    })
  }

  // A response that throws must not keep the others from being ended.
  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.settings.onError(error)
    }
  }

  // So that those who came together do not leave together.
  #age(): number {
    const { maxAge, random } = this.settings
    return maxAge === Number.POSITIVE_INFINITY ? maxAge : maxAge * (leastAge + (1 - leastAge) * random())
  }

  // Who is sent away at once must not come back at once, wherever that will be.
  #spreadRetry(): number {
    const { retry, random } = this.settings
    return retry + Math.floor(random() * retry)
  }

  #refuse(call: Call, error: unknown): Answer {
    const refusal = this.#refusalOf(error)
    const cause = causeOf(refusal)
    this.meter.count('refused', cause)
    if (passing.has(refusal.problem) && isEventSource(call))
      return { ...this.#sendAway(call, byeReasons[cause] ?? 'overload'), outcome: { refused: cause } }
    const { least, spread } = retryAfter
    const answer = problemAnswer(refusal, least + Math.round(this.settings.random() * spread))
    const outcome = { refused: cause }
    return { ...answer, outcome, ...(call.method === 'HEAD' ? { body: undefined } : {}) }
  }

  #refusalOf(error: unknown): RefusalError {
    if (RefusalError.isInstance(error)) return error
    if (RequestError.isInstance(error)) return new RefusalError('bad-request', error.message)
    this.settings.onError(error)
    return new RefusalError('unavailable', 'The log cannot be read at the moment', { cause: 'log' })
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

function causeOf({ problem, about }: RefusalError): RefusalCause {
  if (about.cause !== undefined) return about.cause
  if (problem === 'unauthorized' || problem === 'forbidden') return problem
  // The adapters read the body, and refuse one that is too large.
  return problem === 'too-large' ? 'requestBytes' : 'request'
}
