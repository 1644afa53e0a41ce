import type { ChannelDefinition } from '@millrace/contract'
import type { Log } from '@millrace/log'
import { Revocations } from './authorize/revocations.ts'
import type { SessionDescription } from './authorize/revoke-filter.ts'
import type { Feed } from './feed/feed.ts'
import { Feeds, logsOf } from './feed/feeds.ts'
import { Publisher } from './publish/publisher.ts'
import { Snapshots } from './publish/snapshots.ts'
import { type Source, type SourceOptions, Sources } from './publish/sources.ts'
import type { Answer, Call } from './request/call.ts'
import { type Cors, createCors } from './request/cors.ts'
import { methods } from './request/problem-answer.ts'
import { type Accepted, Responder } from './request/responder.ts'
import { Gate } from './session/gate.ts'
import type { PlacedPart } from './session/lane-placement.ts'
import { Session } from './session/session.ts'
import type { FeedSessionOptions, SessionOptions } from './session/session-options.ts'
import { Sessions } from './session/sessions.ts'
import type { OpenSink } from './session/sink.ts'
import { SpanningSession } from './session/spanning-session.ts'
import { spread } from './session/spread.ts'
import type { StreamSession } from './session/stream-session.ts'
import { spreadRetry } from './spread-retry.ts'
import type { Monitor, WatchedSettings } from './telemetry/monitor.ts'
import { Readiness } from './telemetry/readiness.ts'
import type { ServerStats } from './telemetry/server-stats.ts'

/** How long a poll waits for a first event, in milliseconds. Below what any proxy on the way cuts. */
const pollTimeout = 25_000

/** How long a stream that may not go on is given to take its good-bye, in milliseconds. */
const cutAfter = 800

/** The part of the time for draining in which streams are ended. */
const closingShare = 0.8

/** The part of its longest age at which a stream may already be ended. */
const leastAge = 0.75

/** Everything between a request and its frames. Each runtime's own shapes are put around it by a thin shell. */
export class Streams {
  readonly settings: WatchedSettings
  readonly #feeds: Feeds
  readonly #sessions: Sessions
  readonly #cors: Cors
  readonly #gate: Gate
  readonly #responder: Responder
  readonly #revocations: Revocations
  readonly meter: Monitor
  readonly readiness: Readiness
  readonly publisher: Publisher
  readonly snapshots: Snapshots
  readonly #sources: Sources
  readonly #sessionOptions: SessionOptions
  readonly #feedOptions: ReadonlyMap<Feed, FeedSessionOptions>

  constructor(settings: WatchedSettings) {
    const { contract, log, limits, onError, clock } = settings
    const { channels } = contract['~contract']
    this.settings = settings
    this.meter = settings.monitor
    this.publisher = new Publisher(settings, (address) => this.#feeds.of(address).endings, this.meter)
    this.snapshots = new Snapshots(settings, this.meter)
    this.#sources = new Sources(settings, this.publisher)
    this.#feeds = new Feeds(log, {
      ringBytes: limits.ringBytes,
      conflates: Object.values(channels).some(({ deliver }) => deliver === 'latest'),
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
      since: clock.now(),
      snapshots: this.snapshots,
      onHolds: (session) => this.#sessions.hold(session),
      onClosed: (session, cause) => {
        this.#sessions.remove(session)
        this.meter.count('closed', cause)
      },
    }
    this.#feedOptions = new Map(
      this.#feeds.all.map((feed) => [feed, { ...this.#sessionOptions, feed, endings: feed.endings }]),
    )
    this.#gate = new Gate(settings, this.#sessions)
    this.#revocations = new Revocations(clock)
    this.#responder = new Responder({
      settings,
      feeds: this.#feeds,
      gate: this.#gate,
      revocations: this.#revocations,
      snapshots: this.snapshots,
      open: (accepted, openSink) => this.#open(accepted, openSink),
    })
    this.#cors = createCors(settings.cors)
    this.readiness = new Readiness({
      logs: logsOf(log),
      clock,
      start: () => this.#feeds.start(),
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
    const answer = this.meter.answer(call, () => this.#responder.answer(call))
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

  /** The log that a topic is in, and how often that has begun anew or gone back. */
  logOf(address: string): { readonly log: Log; readonly history: number } {
    const feed = this.#feeds.of(address)
    return { log: feed.log, history: feed.resets }
  }

  /** Lets a source make the events of those topics of a channel that somebody wants. @throws TypeError, RangeError */
  addSource(channel: ChannelDefinition, source: Source, options: SourceOptions): void {
    this.#sources.add(channel, source, options, this.#feeds.interests())
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
    const end = (session: StreamSession) =>
      this.#guard(() => session.end('drain', true, spreadRetry(this.settings)))
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
    for (const feed of this.#feeds.all) this.#guard(() => feed.stop())
    this.meter.close()
  }

  #open({ asked, placement, admission, mark }: Accepted, openSink: OpenSink): void {
    const { caller, denied } = admission
    const now = this.settings.clock.now()
    const pollUntil = asked.poll === true ? now + pollTimeout : undefined
    // Requests that waited together were all accepted before the first of them was opened.
    const refusal = this.#gate.refusal(caller.address, caller.principal)
    const own = { caller, pollUntil, retireAt: now + this.#age() }
    const [part] = placement.parts as [PlacedPart]
    const session =
      placement.parts.length === 1
        ? new Session(part.placement, this.#feedOptions.get(part.feed) as FeedSessionOptions, own, openSink)
        : new SpanningSession(placement, this.#sessionOptions, own, openSink)
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
    if (session instanceof SpanningSession) session.start(placement, denied)
    else session.start(part.placement, denied)
    if (refusal !== undefined)
      session.end(this.#gate.draining ? 'drain' : 'overload', true, spreadRetry(this.settings))
  }

  // Rights that are gone end a stream at once, also one whose socket takes nothing and so cannot be told.
  #cutOff(sessions: readonly StreamSession[], reason: 'expired' | 'revoked'): void {
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
}
