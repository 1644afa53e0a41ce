import { judge, type LogBounds, resumeAfter } from '@millrace/log'
import { type ByeReason, heartbeatFrame, type Position, type ResetVerdict } from '@millrace/protocol'
import { byeFrame, openFrame, positionFrame, resetFrames, type TopicReset } from './control-frame.ts'
import type { Feed, FeedPage, Follower } from './feed.ts'
import type { FrameRun } from './frame-run.ts'
import type { Interest } from './interest.ts'
import { InterestFilter } from './interest-filter.ts'
import type { Placement } from './placement.ts'
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
  readonly onError: (error: unknown) => void
}

/** What is written in one go: enough for a socket, little enough to hold for a client that reads nothing. */
const chunkBytes = 64 * 1024

const comment = new TextEncoder().encode(heartbeatFrame)

/**
 * One open stream: a position in the log and a set of topics. It has no queue. While `live`, the feed pushes to it;
 * once its socket is full it is behind, and reads on from its position when there is room again.
 */
export class Session implements Follower {
  readonly interests: readonly Interest[]
  live = false
  readonly #feed: Feed
  readonly #options: SessionOptions
  readonly #sink: Sink
  readonly #stall: StallWatch
  readonly #onClosed: () => void
  /** Ends after the first events or at this time; `undefined` for a stream. */
  readonly #pollUntil: number | undefined
  // Up to where everything was considered; out of date while live.
  #position: Position
  // The last position that the subscriber was told.
  #told: Position
  #room = true
  #reading = false
  // Whether the feed learnt something while a page was read.
  #lookAgain = false
  // Needed while it catches up, and not held while it is live.
  #filter: InterestFilter | undefined
  // Whether an event or a reset was sent.
  #answered = false
  #ended = false
  #closed = false

  /** Nothing is sent before `start`. @param onClosed called once, when the stream is over */
  constructor(
    feed: Feed,
    placement: Placement,
    options: SessionOptions & { pollUntil: number | undefined; now: number },
    openSink: OpenSink,
    onClosed: () => void,
  ) {
    this.interests = placement.interests
    this.#feed = feed
    this.#options = options
    this.#pollUntil = options.pollUntil
    this.#position = placement.position
    this.#told = placement.position
    this.#onClosed = onClosed
    this.#sink = openSink({ drained: () => this.#drained(), closed: () => this.#close() })
    this.#stall = new StallWatch(options.stallTimeout, options.now)
  }

  /** Sends the first frame and what follows the place where it begins. Once. */
  start({ openId, verdict, now, resets, position }: Placement): void {
    const { heartbeat, retry } = this.#options
    this.#feed.join(this)
    this.#write(openFrame(retry, openId, { verdict, heartbeat, ...(now === undefined ? {} : { now }) }))
    if (resets.length > 0) this.#tellResets(resets, position)
    void this.#catchUp()
  }

  push(run: FrameRun): void {
    // It fell behind since it was found, and reads what comes now itself.
    if (!this.live) return
    if (run.length > chunkBytes) {
      this.#fallBehind({ epoch: this.#feed.position.epoch, offset: run.firstOffset - 1 })
      void this.#catchUp()
      return
    }
    this.#send(run)
    this.#endPoll()
  }

  look(before: Position): void {
    if (this.live) this.#fallBehind(before)
    this.#lookAgain = true
    void this.#catchUp()
  }

  /** Called now and then. @param beat whether it is this session's turn for a heartbeat */
  pulse(now: number, beat: boolean): void {
    if (this.#stall.isStalled(this.#sink.buffered, now)) {
      this.#sink.destroy()
      return
    }
    if (this.#ended) return
    if (this.#pollUntil !== undefined && now >= this.#pollUntil) this.end('poll', true)
    else if (beat && this.#room) this.#beat()
  }

  /** Says good-bye and ends the stream after what was written before. @param retry when to come back, in milliseconds */
  end(reason: ByeReason, retryable: boolean, retry?: number): void {
    if (this.#ended) return
    // What was considered needs not be considered again when the subscriber comes back.
    if (this.#hasMoved()) this.#write(this.#positionTold())
    this.#write(byeFrame({ reason, retryable }, retry))
    this.#leave()
    this.#sink.end()
  }

  /** Ends the stream now. */
  destroy(): void {
    this.#sink.destroy()
  }

  // Replay, a slow reader, a reset and the way back to live are this one loop.
  async #catchUp(): Promise<void> {
    if (this.#reading || this.live) return
    this.#reading = true
    try {
      while (this.#room && !this.#ended) {
        this.#lookAgain = false
        const looked = this.#feed.after(this.#position)
        // Without a promise nothing may come between the look and going live.
        const page = looked instanceof Promise ? await looked : looked
        if (page === undefined) return this.#goLive()
        if (this.#ended) return
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
      if (this.#filter.wants(entry)) {
        if (run.length > 0 && run.length + entry.frame.byteLength > chunkBytes) {
          if (!this.#send(run)) return true
          run = page.start
        }
        run = run.with(entry)
      }
      this.#position = { epoch: page.epoch, offset: entry.offset }
    }
    if (run.length > 0) this.#send(run)
    return true
  }

  #reset(verdict: Exclude<ResetVerdict, 'invalid'>, bounds: LogBounds): void {
    const offset = resumeAfter(verdict, this.#position, bounds)
    this.#position = { epoch: bounds.epoch, offset }
    // A topic that begins above what was trimmed has lost nothing.
    const lost = verdict === 'trimmed' ? this.interests.filter(({ floor }) => floor < offset) : this.interests
    for (const interest of lost) interest.floor = offset
    if (lost.length === 0) return
    this.#told = this.#position
    const resets = lost.map(({ requested }) => ({ requested, verdict }))
    this.#tellResets(resets, this.#position)
  }

  #tellResets(resets: readonly TopicReset[], position: Position): void {
    this.#answered = true
    this.#write(resetFrames(resets, position))
  }

  #goLive(): void {
    const { offset } = this.#position
    // The log was ahead of the feed, which will push what this session has read already.
    if (offset > this.#feed.position.offset) {
      for (const interest of this.interests) interest.floor = Math.max(interest.floor, offset)
    }
    this.live = true
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
    this.#onClosed()
  }
}
