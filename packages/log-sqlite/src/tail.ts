import { beforeFirst, judge, type LogPage, positionOf, type TailObserver } from '@millrace/log'
import type { Position } from '@millrace/protocol'

/** The most records that one tail hands over between two turns of the event loop, and so in one call. */
export const recordsPerTurn = 1_000

/** What a tail needs of its log. */
export interface TailHost {
  /** What the log holds above an offset, up to so many records; throws when the engine fails. */
  read(after: number, limit: number): LogPage
  /** The log does not have any more what was told up to a place. Answers whether it has changed its epoch for that. */
  lost(place: Position): boolean
}

/**
 * One follower of the log. It keeps a position and no queue, so a wake only says "look again": none is needed for
 * correctness but the last, and more of them do no harm.
 */
export class Tail {
  readonly #host: TailHost
  readonly #observer: TailObserver
  #position: Position
  // Whether it was led there by the log itself, and not by who began to follow.
  #certain = false
  #budget = recordsPerTurn
  #stopped = false
  #troubled = false

  constructor(host: TailHost, after: Position, observer: TailObserver) {
    this.#host = host
    this.#position = after
    this.#observer = observer
  }

  /** Hands over what has come since the last look. */
  readonly look = (): void => {
    // While the tail rests its budget is 0. The look at the end of the rest sees what this one would.
    if (this.#stopped || this.#budget === 0) return
    const page = this.#page()
    if (page === undefined) return
    const verdict = judge(this.#position, page, page.afterTag)
    if (verdict !== 'resumed') {
      if ((verdict === 'ahead' || verdict === 'diverged') && this.#isRenewed()) {
        queueMicrotask(this.look)
        return
      }
      const { records: _, afterTag: __, ...bounds } = page
      this.#position = beforeFirst(page)
      this.#certain = true
      this.#call(() => this.#observer.reset(bounds))
      // In a microtask, so that a stop inside of the reset is obeyed. Not by way of the log's wakes: this is no wake.
      queueMicrotask(this.look)
      return
    }
    const { records } = page
    const last = records.at(-1)
    if (last === undefined) return
    this.#position = positionOf(page.epoch, last)
    this.#certain = true
    this.#budget -= records.length
    const complete = last.offset === page.head
    // A page that ends before the head ended for its size. The rest waits for a turn as well.
    if (!complete) this.#budget = 0
    this.#call(() => this.#observer.records(records))
    if (this.#budget === 0) this.#rest()
  }

  stop(): void {
    this.#stopped = true
  }

  // So that everybody is told, also those who stood behind this place without a tag. Where it fails, this tail's own are.
  #isRenewed(): boolean {
    try {
      return this.#certain && this.#host.lost(this.#position)
    } catch {
      return false
    }
  }

  #page(): LogPage | undefined {
    try {
      const page = this.#host.read(this.#position.offset, this.#budget)
      this.#troubled = false
      return page
    } catch (error) {
      // Told once, however often it is tried again.
      if (!this.#troubled) this.#tell(error)
      this.#troubled = true
      return undefined
    }
  }

  // Without it a tail that catches up would shut the event loop out, or for ever when what its observer does appends the
  // next record.
  #rest(): void {
    if (this.#stopped) return
    setImmediate(() => {
      this.#budget = recordsPerTurn
      this.look()
    })
  }

  // What an observer throws must reach neither the log nor the other tails, and as an uncaught exception it would end the
  // process. The position has moved already: the records were handed over.
  #call(notify: () => void): void {
    try {
      notify()
    } catch (error) {
      if (!this.#stopped) this.#tell(error)
    }
  }

  #tell(error: unknown): void {
    try {
      this.#observer.error?.(error)
    } catch {
      // Nobody is left to tell.
    }
  }
}
