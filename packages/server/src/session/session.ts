import { judge, type LogBounds, resumeAfter } from '@millrace/log'
import { type ByeReason, heartbeatFrame, type Position, type ResetVerdict } from '@millrace/protocol'
import type { Caller } from '../authorize/caller.ts'
import type { SessionDescription } from '../authorize/revoke-filter.ts'
import type { Feed, FeedPage, Follower } from '../feed/feed.ts'
import type { FrameRun } from '../feed/frame-run.ts'
import type { TopicInterest } from '../feed/interest.ts'
import { InterestFilter } from '../feed/interest-filter.ts'
import type { Endings } from '../publish/endings.ts'
import type { Snapshots, TopicState } from '../publish/snapshots.ts'
import type { CloseCause } from '../telemetry/server-stats.ts'
import {
  byeFrame,
  deniedFrames,
  endFrames,
  openFrame,
  positionFrame,
  type Telling,
  tellingFrames,
} from './control-frame.ts'
import type { Placement, Untold } from './placement.ts'
import type { OpenSink, Sink } from './sink.ts'
import { StallWatch } from './stall-watch.ts'

/** What all sessions of a server have in common. */
export interface SessionOptions {
  /** Longest time between two bytes, in milliseconds. */
  readonly heartbeat: number
  /** The reconnection time that subscribers are told, in milliseconds. */
  readonly retry: number
  /** How long a socket may take nothing before it is cut, in milliseconds. */
  readonly stallTimeout: number
  readonly snapshots: Snapshots
  readonly endings: Endings
  readonly onError: (error: unknown) => void
}

/** What is this session's alone. */
export interface SessionOwn {
  /** Who asked for it; `undefined` where nobody asks. */
  readonly caller: Caller | undefined
  /** Ends after the first events or at this time, in milliseconds since 1970; `undefined` for a stream. */
  readonly pollUntil: number | undefined
  /** Ends, to be opened again, at this time. */
  readonly retireAt: number
  readonly now: number
}

/** What is written in one go: enough for a socket, little enough to hold for a client that reads nothing. */
const chunkBytes = 64 * 1024

const nothing: readonly Untold[] = []

const comment = new TextEncoder().encode(heartbeatFrame)

/**
 * One open stream: a position in the log and a set of topics. It has no queue. While `live`, the feed pushes to it;
 * once its socket is full it is behind, and reads on from its position when there is room again.
 */
export class Session implements Follower {
  readonly interests: readonly TopicInterest[]
  readonly caller: Caller | undefined
  live = false
  readonly #feed: Feed
  readonly #options: SessionOptions
  readonly #sink: Sink
  readonly #stall: StallWatch
  readonly #onClosed: (cause: CloseCause) => void
  /** Ends after the first events or at this time; `undefined` for a stream. */
  readonly #pollUntil: number | undefined
  readonly #retireAt: number
  // Up to where everything was considered; out of date while live.
  #position: Position
  // The last position that the subscriber was told.
  #told: Position
  // A position at which the log was when the untold topics became that.
  #head: Position
  // Until they have been told, the subscriber must not be told any position.
  #untold = nothing
  #room = true
  // Whether its socket was full since it was last live, so that it may be spared what it can do without.
  #slow = false
  #reading = false
  // Whether the feed learnt something while a page was read.
  #lookAgain = false
  // Needed while it catches up, and not held while it is live.
  #filter: InterestFilter<TopicInterest> | undefined
  // Whether an event or a reset was sent.
  #answered = false
  #ended = false
  // Its socket says when it is closed, a turn later.
  #destroyed = false
  #closed = false
  // Why it is over, as far as it was this side that ended it.
  #cause: CloseCause = 'left'

  /** Nothing is sent before `start`. @param onClosed called once, when the stream is over */
  constructor(
    feed: Feed,
    placement: Placement,
    options: SessionOptions,
    { caller, pollUntil, retireAt, now }: SessionOwn,
    openSink: OpenSink,
    onClosed: (cause: CloseCause) => void,
  ) {
    this.interests = placement.interests
    this.#feed = feed
    this.#options = options
    this.caller = caller
    this.#pollUntil = pollUntil
    this.#retireAt = retireAt
    this.#position = placement.position
    this.#told = placement.position
    this.#head = placement.head
    this.#onClosed = onClosed
    this.#sink = openSink({ drained: () => this.#drained(), closed: () => this.#close() })
    this.#stall = new StallWatch(options.stallTimeout, now)
  }

  /** Bytes that wait in its socket, and have not been given up. */
  get buffered(): number {
    if (this.#destroyed || this.#closed) return 0
    try {
      return this.#sink.buffered
    } catch (error) {
      this.#options.onError(error)
      this.#abandon()
      return 0
    }
  }

  /** What there is to know about it for those who revoke. */
  get description(): SessionDescription {
    const { principal, claims, address } = this.caller ?? {}
    return { principal, claims, address, topics: this.interests.map(({ segments }) => segments.join('/')) }
  }

  /**
   * Sends the first frame and what follows the place where it begins. Once.
   *
   * @param denied addresses that were asked for besides, and may not be read
   */
  start({ openId, verdict, now, untold }: Placement, denied: readonly string[] = []): void {
    const { heartbeat, retry } = this.#options
    const states = [
      ...new Set(untold.flatMap(({ interest }) => (this.#hasState(interest) ? [interest.requested] : []))),
    ]
    const data = {
      verdict,
      heartbeat,
      ...(now === undefined ? {} : { now }),
      ...(states.length > 0 ? { snapshots: states } : {}),
    }
    this.#feed.join(this)
    this.#write(openFrame(retry, openId, data))
    if (denied.length > 0) this.#write(deniedFrames(denied))
    this.#tellLater(untold)
    void this.#catchUp()
  }

  /** Says good-bye in place of the first frame, with the cursor that it came with, and ends the stream. Never after `start`. */
  turnAway({ openId: id }: Placement, reason: ByeReason): void {
    this.#cause = reason
    this.#write(byeFrame({ reason, retryable: true }, { id }))
    this.#leave()
    this.#sink.end()
  }

  push(run: FrameRun, ended: readonly string[]): void {
    // It fell behind since it was found, and reads what comes now itself.
    if (!this.live) return
    if (run.length > chunkBytes) {
      this.#fallBehind({ epoch: this.#feed.position.epoch, offset: run.firstOffset - 1 })
      void this.#catchUp()
      return
    }
    this.#send(run)
    if (ended.length > 0) {
      for (const address of ended) this.#complete(address)
      this.#endComplete()
    }
    this.#endPoll()
  }

  ended(): void {
    if (this.#ended) return
    this.#tellEnded()
    this.#endPoll()
  }

  look(before: Position): void {
    if (this.live) this.#fallBehind(before)
    this.#lookAgain = true
    void this.#catchUp()
  }

  /** Called now and then. @param beat whether it is this session's turn for a heartbeat */
  pulse(now: number, beat: boolean): void {
    if (this.#stall.isStalled(this.buffered, now)) {
      this.destroy('stalled')
      return
    }
    if (this.#ended) return
    if (this.#pollUntil !== undefined && now >= this.#pollUntil) this.end('poll', true)
    else if (now >= this.#retireAt) this.end('age', true)
    else if (beat && this.#room) this.#beat()
  }

  /** Says good-bye and ends the stream after what was written before. @param retry when to come back, in milliseconds */
  end(reason: ByeReason, retryable: boolean, retry?: number): void {
    if (this.#ended) return
    this.#cause = reason
    // What was considered needs not be considered again when the subscriber comes back.
    if (this.#hasMoved()) this.#write(this.#positionTold())
    this.#write(byeFrame({ reason, retryable }, retry === undefined ? {} : { retry }))
    this.#leave()
    this.#sink.end()
  }

  /** Ends the stream now, whatever has not left. @param cause counts where nothing else has ended it before */
  destroy(cause: CloseCause): void {
    if (!this.#ended) this.#cause = cause
    this.#destroyed = true
    this.#sink.destroy()
  }

  // Replay, a slow reader, a reset and the way back to live are this one loop.
  async #catchUp(): Promise<void> {
    if (this.#reading || this.live) return
    this.#reading = true
    try {
      while (this.#room && !this.#ended) {
        this.#lookAgain = false
        if (this.#untold.length > 0) {
          await this.#getStates()
          continue
        }
        const looked = this.#feed.after(this.#position)
        // Without a promise nothing may come between the look and going live.
        const page = looked instanceof Promise ? await looked : looked
        if (this.#ended) return
        if (page === undefined) return this.#goLive()
        // The log has moved to where the feed is not yet, and the feed says when it is; it may have said so by now.
        if (!this.#read(page) && !this.#lookAgain) return
      }
    } catch (error) {
      this.#options.onError(error)
      this.end('failure', true)
    } finally {
      this.#reading = false
    }
  }

  /** Sends what a page has for it, as far as there is room. Answers whether the page led any further. */
  #read(page: FeedPage): boolean {
    const verdict = judge(this.#position, page)
    if (verdict !== 'resumed') {
      this.#reset(verdict, page)
      return true
    }
    if (page.entries.length === 0) return false
    this.#filter ??= new InterestFilter(this.interests)
    let run = page.start
    for (const entry of page.entries) {
      if (this.#filter.wants(entry, this.#slow ? this.#feed.isSuperseded : undefined)) {
        if (run.length > 0 && run.length + entry.frame.byteLength > chunkBytes) {
          if (!this.#send(run)) return true
          run = page.start
        }
        run = run.with(entry)
        if (entry.isEnd) this.#complete(entry.topic)
      }
      this.#position = { epoch: page.epoch, offset: entry.offset }
      if (entry.isEnd && !this.interests.some(isGoing)) break
    }
    if (run.length > 0) this.#send(run)
    this.#endComplete()
    return true
  }

  #reset(verdict: Exclude<ResetVerdict, 'invalid'>, bounds: LogBounds): void {
    this.#feed.meter.count('resets', verdict)
    const offset = resumeAfter(verdict, this.#position, bounds)
    this.#position = { epoch: bounds.epoch, offset }
    // A topic that begins above what was trimmed has lost nothing.
    const going = this.interests.filter(isGoing)
    const lost = verdict === 'trimmed' ? going.filter(({ floor }) => floor < offset) : going
    for (const interest of lost) interest.floor = offset
    this.#head = { epoch: bounds.epoch, offset: bounds.head }
    this.#tellLater(lost.map((interest) => ({ interest, verdict })))
  }

  // At once, unless there is a state to be had first.
  #tellLater(untold: readonly Untold[]): void {
    if (untold.some(({ interest }) => this.#hasState(interest))) this.#untold = untold
    else this.#tell(untold, [])
  }

  #hasState(interest: TopicInterest): boolean {
    return this.#options.snapshots.has(interest)
  }

  async #getStates(): Promise<void> {
    const untold = this.#untold
    const { position } = this.#feed
    // The newer the position, the fewer events the state has in it already. The feed may be of another life than what was read.
    const isNewer = position.epoch === this.#head.epoch && position.offset > this.#head.offset
    const from = isNewer ? position : this.#head
    const states = await Promise.all(
      untold.map(({ interest }) => this.#options.snapshots.take(interest, from)),
    )
    if (!this.#ended) this.#tell(untold, states)
  }

  /** Tells topics how they go on: with their state where there is one, and where they could not go on with why. */
  #tell(untold: readonly Untold[], states: readonly (TopicState | undefined)[]): void {
    const tellings = new Map<string, Telling>()
    for (const [index, { interest, verdict }] of untold.entries()) {
      const state = states[index]
      if (state !== undefined) interest.floor = state.position.offset
      const told = state ?? (verdict === 'fresh' ? undefined : verdict)
      const { requested } = interest
      if (told !== undefined && !tellings.has(requested)) tellings.set(requested, { requested, told })
    }
    this.#untold = nothing
    if (untold.length > 0) {
      const { epoch } = this.#position
      const floors = this.interests.filter(isGoing).map(({ floor }) => floor)
      this.#position = { epoch, offset: Math.min(...floors) }
      this.#told = this.#position
      if (tellings.size > 0) this.#answered = true
      const told = [...tellings.values()]
      this.#write(told.length > 0 ? tellingFrames(told, this.#position) : positionFrame(this.#position))
    }
    this.#tellEnded()
  }

  // What the log said before a topic's own place will not come by any more.
  #tellEnded(): void {
    if (this.#untold.length > 0) return
    // What is known of one life of the log says nothing to who stands in another.
    if (this.#considered.epoch !== this.#feed.position.epoch) return
    const { endings } = this.#options
    const over = new Map<string, string>()
    const before = new Set<string>()
    for (const { address, requested, pattern, floor } of this.interests) {
      const offset = pattern || floor === Number.POSITIVE_INFINITY ? undefined : endings.of(address)
      if (offset === undefined) continue
      if (offset <= floor) over.set(requested, address)
      else before.add(address)
    }
    // For another interest in the same topic it is still to come, and whoever is told believes it for all.
    for (const [requested, address] of over) if (before.has(address)) over.delete(requested)
    if (over.size === 0) return
    this.#answered = true
    this.#write(endFrames(over.keys()))
    for (const address of over.values()) this.#complete(address)
    this.#endComplete()
  }

  #complete(address: string): void {
    for (const interest of this.interests) {
      if (!interest.pattern && interest.address === address) interest.floor = Number.POSITIVE_INFINITY
    }
  }

  // With a pattern there is always something that may come.
  #endComplete(): void {
    if (!this.interests.some(isGoing)) this.end('end', false)
  }

  #goLive(): void {
    const { offset } = this.#position
    // The log was ahead of the feed, which will push what this session has read already.
    if (offset > this.#feed.position.offset) {
      for (const interest of this.interests) interest.floor = Math.max(interest.floor, offset)
    }
    this.live = true
    this.#slow = false
    this.#filter = undefined
    this.#endPoll()
  }

  #fallBehind(position: Position): void {
    this.live = false
    this.#position = position
  }

  #beat(): void {
    this.#write(this.#hasMoved() ? this.#positionTold() : comment)
  }

  // Whether everything was considered up to a place beyond the one that the subscriber was told.
  #hasMoved(): boolean {
    if (this.#untold.length > 0) return false
    const { epoch, offset } = this.#considered
    return epoch === this.#told.epoch && offset > this.#told.offset
  }

  #positionTold(): Uint8Array {
    this.#told = this.#considered
    return positionFrame(this.#told)
  }

  get #considered(): Position {
    return this.live ? this.#feed.position : this.#position
  }

  // A poll is answered once it has something and nothing more is there.
  #endPoll(): void {
    if (this.#pollUntil !== undefined && this.#answered) this.end('poll', true)
  }

  #send(run: FrameRun): boolean {
    this.#answered = true
    this.#told = { epoch: this.#told.epoch, offset: run.lastOffset }
    this.#feed.meter.traffic.delivered += run.count
    return this.#write(run.bytes)
  }

  #write(bytes: Uint8Array): boolean {
    if (this.#closed) return false
    try {
      this.#room = this.#sink.write(bytes)
    } catch (error) {
      this.#options.onError(error)
      this.#abandon()
      return false
    }
    this.#stall.wrote(bytes.byteLength)
    this.#feed.meter.traffic.sentBytes += bytes.byteLength
    if (!this.#room) this.#slow = true
    if (!this.#room && this.live) this.#fallBehind(this.#feed.position)
    return this.#room
  }

  #drained(): void {
    this.#room = true
    void this.#catchUp()
  }

  #leave(): void {
    this.#ended = true
    this.live = false
    this.#feed.leave(this)
  }

  // A response that throws has lost what was written, and going on would hide the gap.
  #abandon(): void {
    this.#room = false
    this.#cause = 'failure'
    this.#close()
    try {
      this.#sink.destroy()
    } catch (error) {
      this.#options.onError(error)
    }
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    if (!this.#ended) this.#leave()
    this.#onClosed(this.#cause)
  }
}

const isGoing = ({ floor }: TopicInterest): boolean => floor !== Number.POSITIVE_INFINITY
