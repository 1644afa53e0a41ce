import type { Position } from '@millrace/protocol'
import type { TopicInterest } from '../feed/interest.ts'
import type { InterestFilter } from '../feed/interest-filter.ts'
import type { Untold } from './placement.ts'

/** What a session knows while it is behind. Those that are live, which nearly all are, hold none. */
export class CatchUp {
  /** Until they have been told, the subscriber must not be told any position. */
  untold: readonly Untold[] = []
  /** A position at which the log was when the untold topics became that. */
  head: Position
  /** Whether the socket was full, so that it may be spared what it can do without. */
  slow = false
  reading = false
  /** Whether the feed's history changed, so that only the log can tell whether the session may go on where it is. */
  doubted = false
  /** Whether the feed learnt something while a page was read. */
  lookAgain = false
  filter: InterestFilter<TopicInterest> | undefined

  constructor(head: Position) {
    this.head = head
  }
}
