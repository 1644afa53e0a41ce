import type { Position } from '@millrace/protocol'
import type { TopicInterest } from '../feed/interest.ts'
import type { InterestFilter } from '../feed/interest-filter.ts'
import type { Untold } from './placement.ts'

/** Who catches up. `Behind` is what it knows while it does. */
export interface Reader<Behind = CatchUp> {
  /** Whether to read on. */
  readonly reads: boolean
  /** Does one step. Answers whether there is more to do. */
  step(behind: Behind): boolean | Promise<boolean>
  stepFailed(error: unknown): void
}

/** Whether a session reads at the moment, and whether its socket was full. */
export abstract class ReadLoop {
  /** Whether the socket was full, so that it may be spared what it can do without. */
  slow = false
  #reading = false

  /**
   * Replay, a slow reader, a reset and the way back to live are this one loop. It waits only for what is not in memory: nearly all who come find what
   * they want there, and to wait for nothing would be a good part of what they cost.
   */
  go(reader: Reader<this>): void {
    if (this.#reading) return
    this.#reading = true
    try {
      let more: boolean | Promise<boolean> = true
      while (more === true && reader.reads) more = reader.step(this)
      if (more instanceof Promise) {
        more.then(
          (more) => {
            this.#reading = false
            if (more) this.go(reader)
          },
          (error: unknown) => this.#fail(error, reader),
        )
      } else this.#reading = false
    } catch (error) {
      this.#fail(error, reader)
    }
  }

  #fail(error: unknown, reader: Reader<this>): void {
    this.#reading = false
    reader.stepFailed(error)
  }
}

/** What a session knows while it is behind. Those that are live, which nearly all are, hold none. */
export class CatchUp extends ReadLoop {
  /** Until they have been told, the subscriber must not be told any position. */
  untold: readonly Untold[] = []
  /** A position at which the log was when the untold topics became that. */
  head: Position
  /** Whether the feed's history changed, so that only the log can tell whether the session may go on where it is. */
  doubted = false
  /** Whether the feed learnt something while a page was read. */
  lookAgain = false
  filter: InterestFilter<TopicInterest> | undefined

  constructor(head: Position) {
    super()
    this.head = head
  }
}
