import type { Meter } from '../telemetry/meter.ts'
import type { OpenSink, Parcel, Sink, SinkObserver } from './sink.ts'
import { StallWatch } from './stall-watch.ts'

/** What all outlets of a server have in common. */
export interface OutletOptions {
  /** How long a socket may take nothing before it is stalled, in milliseconds. */
  readonly stallTimeout: number
  readonly meter: Pick<Meter, 'traffic'>
  readonly onError: (error: unknown) => void
}

/**
 * A session's end of its sink: whether there is room, what waits, and what to do with a sink that throws. Sessions extend it, because at ten
 * thousand of them an object of its own for each is a good part of what they cost.
 */
export abstract class Outlet<Options extends OutletOptions> implements SinkObserver {
  protected readonly options: Options
  readonly #sink: Sink
  #room = true
  // A socket that was destroyed says that it is closed a turn later.
  #over: 'destroyed' | 'closed' | undefined
  // Only while something waits.
  #stall: StallWatch | undefined

  constructor(openSink: OpenSink, options: Options) {
    this.options = options
    this.#sink = openSink(this)
  }

  /** There is room again. */
  protected abstract onRoom(): void
  /** Bytes wait in the socket, and may do so for long. */
  protected abstract onHolds(): void
  /** The sink threw, so what was written is lost, and going on would hide the gap. Followed by `onOver`. */
  protected abstract onFailed(): void
  /** The stream is over, whoever ended it. */
  protected abstract onOver(): void

  /** Whether more may be written. */
  protected get room(): boolean {
    return this.#room
  }

  /** Bytes that wait, and have not been given up. */
  get buffered(): number {
    if (this.#over !== undefined) return 0
    try {
      return this.#sink.buffered
    } catch (error) {
      this.#abandon(error)
      return 0
    }
  }

  /** The address at the other end, where that is known. */
  protected get remoteAddress(): string | undefined {
    return this.#over === undefined ? this.#sink.remoteAddress : undefined
  }

  /** Answers whether there is room for more. */
  protected send(parcel: Parcel): boolean {
    if (this.#over === 'closed') return false
    try {
      this.#room = this.#sink.write(parcel)
      if (this.#sink.buffered > 0) this.onHolds()
    } catch (error) {
      this.#abandon(error)
      return false
    }
    this.#stall?.wrote(parcel.length)
    this.options.meter.traffic.sentBytes += parcel.length
    return this.#room
  }

  /** Whether its socket has taken nothing for too long. To be asked every now and then while something waits. */
  protected isStalled(now: number): boolean {
    const { buffered } = this
    if (buffered === 0) {
      this.#stall = undefined
      return false
    }
    this.#stall ??= new StallWatch(this.options.stallTimeout, now, buffered)
    return this.#stall.isStalled(buffered, now)
  }

  /** Closes once all that was written has left. */
  protected finish(): void {
    this.#sink.end()
  }

  /** Closes at once. */
  protected cut(): void {
    this.#over ??= 'destroyed'
    this.#sink.destroy()
  }

  drained(): void {
    this.#room = true
    this.onRoom()
  }

  closed(): void {
    if (this.#over === 'closed') return
    this.#over = 'closed'
    this.onOver()
  }

  #abandon(error: unknown): void {
    this.options.onError(error)
    this.#room = false
    this.onFailed()
    this.closed()
    try {
      this.#sink.destroy()
    } catch (error) {
      this.options.onError(error)
    }
  }
}
