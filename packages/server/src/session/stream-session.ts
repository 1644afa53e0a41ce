import type { ByeReason } from '@millrace/protocol'
import { anybody, type Caller } from '../authorize/caller.ts'
import type { SessionDescription } from '../authorize/revoke-filter.ts'
import type { TopicInterest } from '../feed/interest.ts'
import { limitedSocketAddress } from '../limited-address.ts'
import type { CloseCause } from '../telemetry/server-stats.ts'
import { byeFrame, comment } from './control-frame.ts'
import { Outlet } from './outlet.ts'
import type { SessionOptions, SessionOwn } from './session-options.ts'
import type { OpenSink, Parcel } from './sink.ts'

/** What every open stream is, whatever it reads: its caller, its heartbeats, its age and its end. */
export abstract class StreamSession<Options extends SessionOptions = SessionOptions> extends Outlet<Options> {
  /** What was asked for. */
  abstract readonly interests: readonly TopicInterest[]
  readonly caller: Caller
  /** How many were opened before it. */
  turn = 0
  /** Ends after the first events or at this time; `undefined` for a stream. */
  readonly #pollUntil: number | undefined
  // Since the server began: since 1970 it is no small integer, and would be an object of its own.
  readonly #retireAt: number
  /** Whether an event or a reset was sent. */
  protected answered = false
  /** Whether it has said good-bye, or its sink is closed. */
  protected isOver = false
  // Why it is over, as far as it was this side that ended it.
  #cause: CloseCause = 'left'

  constructor(options: Options, { caller, pollUntil, retireAt }: SessionOwn, openSink: OpenSink) {
    super(openSink, options)
    this.caller = caller
    this.#pollUntil = pollUntil
    this.#retireAt = Math.ceil(retireAt - options.since)
  }

  /** Reads on, where it is behind and has room. */
  protected abstract catchUp(): void
  /** What was written has filled its socket. */
  protected abstract onFull(): void
  /** Whether everything was considered up to a place beyond the one that the subscriber was told. */
  protected abstract hasMoved(): boolean
  /** A frame that tells where it is. From then on the subscriber knows. */
  protected abstract positionTold(): Parcel
  /** Follows nothing any more. */
  protected abstract unfollow(): void

  /** What there is to know about it for those who revoke. */
  get description(): SessionDescription {
    const { principal, claims, address } = this.caller === anybody ? this.#unasked : this.caller
    return { principal, claims, address, topics: this.interests.map(({ address }) => address) }
  }

  get #unasked(): Caller {
    return { ...anybody, address: limitedSocketAddress(this.remoteAddress) }
  }

  /** Says good-bye in place of the first frame, with the cursor that it came with, and ends the stream. Never after `start`. */
  turnAway({ openId: id }: { readonly openId: string }, reason: ByeReason): void {
    this.#cause = reason
    this.write(byeFrame({ reason, retryable: true }, { id }))
    this.#leave()
    this.finish()
  }

  /** Called now and then. @param beat whether it is this session's turn for a heartbeat */
  pulse(now: number, beat: boolean): void {
    if (this.isOver) return
    if (this.#pollUntil !== undefined && now >= this.#pollUntil) this.end('poll', true)
    else if (now - this.options.since >= this.#retireAt) this.end('age', true)
    else if (beat && this.room) this.#beat()
  }

  /** Called now and then while its socket holds bytes. */
  watch(now: number): void {
    if (this.isStalled(now)) this.destroy('stalled')
  }

  /** Says good-bye and ends the stream after what was written before. @param retry when to come back, in milliseconds */
  end(reason: ByeReason, retryable: boolean, retry?: number): void {
    if (this.isOver) return
    this.#cause = reason
    // What was considered needs not be considered again when the subscriber comes back.
    if (this.hasMoved()) this.write(this.positionTold())
    this.write(byeFrame({ reason, retryable }, retry === undefined ? {} : { retry }))
    this.#leave()
    this.finish()
  }

  /** Ends the stream now, whatever has not left. @param cause counts where nothing else has ended it before */
  destroy(cause: CloseCause): void {
    if (!this.isOver) this.#cause = cause
    this.cut()
  }

  /** A step of catching up failed, so that nobody knows what is missing. */
  stepFailed(error: unknown): void {
    this.options.onError(error)
    this.end('failure', true)
  }

  /** Whether to read on: its socket has room, and its stream goes on. */
  get reads(): boolean {
    return this.room && !this.isOver
  }

  protected override onRoom(): void {
    this.catchUp()
  }

  protected override onHolds(): void {
    this.options.onHolds(this)
  }

  protected override onFailed(): void {
    this.#cause = 'failure'
  }

  protected override onOver(): void {
    if (!this.isOver) this.#leave()
    this.options.onClosed(this, this.#cause)
  }

  // A poll is answered once it has something and nothing more is there.
  protected endPoll(): void {
    if (this.#pollUntil !== undefined && this.answered) this.end('poll', true)
  }

  protected hasState(interest: TopicInterest): boolean {
    return this.options.snapshots.has(interest)
  }

  protected write(parcel: Parcel): boolean {
    const room = this.send(parcel)
    if (!room) this.onFull()
    return room
  }

  #beat(): void {
    this.write(this.hasMoved() ? this.positionTold() : comment)
  }

  #leave(): void {
    this.isOver = true
    this.unfollow()
  }
}
