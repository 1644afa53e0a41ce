import type { Position } from '@millrace/protocol'
import type { History } from './history.ts'
import { judge } from './judge.ts'
import type { TailObserver } from './log.ts'
import { nextTurn } from './next-turn.ts'

/** The most records that one tail hands over between two turns of the event loop, and so in one call. */
export const recordsPerTurn = 1_000

/**
 * One follower of a memory log. It keeps a position and no queue, so a wake only says "look again": none is needed for
 * correctness but the last, and more of them do no harm.
 */
export class MemoryTail {
  readonly #history: () => History
  readonly #observer: TailObserver
  #position: Position
  #budget = recordsPerTurn
  #stopped = false
  #cancelRest: (() => void) | undefined

  constructor(history: () => History, after: Position, observer: TailObserver) {
    this.#history = history
    this.#position = after
    this.#observer = observer
  }

  /** Hands over what has come since the last look. */
  readonly look = (): void => {
    if (this.#stopped) return
    const history = this.#history()
    const bounds = history.bounds()
    if (judge(this.#position, bounds) !== 'resumed') {
      this.#position = { epoch: bounds.epoch, offset: bounds.first - 1 }
      this.#call(() => this.#observer.reset(bounds))
      // Judged anew, because the observer may have changed the log. Not by way of the log's wakes: this is no wake.
      queueMicrotask(this.look)
      return
    }
    // While the tail rests the budget is 0 and there are none: the look at the end of the rest sees what this one would.
    const records = history.after(this.#position.offset, this.#budget)
    if (records.length === 0) return
    this.#position = { epoch: history.epoch, offset: this.#position.offset + records.length }
    this.#budget -= records.length
    this.#call(() => this.#observer.records(records))
    if (this.#budget === 0) this.#rest()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelRest?.()
  }

  // Microtasks alone would shut the event loop out while a late tail catches up, or for ever when what the observer
  // does appends the next record.
  #rest(): void {
    if (this.#stopped) return
    this.#cancelRest = nextTurn(() => {
      this.#budget = recordsPerTurn
      this.look()
    })
  }

  // What an observer throws must reach neither the log nor the other tails, and as an uncaught exception it would end
  // the process. The position has moved already: the records were handed over.
  #call(notify: () => void): void {
    try {
      notify()
    } catch (error) {
      if (this.#stopped) return
      try {
        this.#observer.error?.(error)
      } catch {
        // Nobody is left to tell.
      }
    }
  }
}
