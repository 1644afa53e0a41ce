import type { Backend } from './backend.ts'
import type { Chronicle } from './chronicle.ts'
import type { Counts } from './counts.ts'
import type { CursorShelf } from './cursor-shelf.ts'
import type { Page } from './page.ts'
import type { Moment, Scenario } from './scenario.ts'
import type { VirtualTime } from './virtual-time.ts'

/** What a client and those around it live in. */
export interface World {
  readonly scenario: Scenario
  readonly time: VirtualTime
  readonly page: Page
  readonly backend: Backend
  readonly chronicle: Chronicle
  readonly counts: Counts
  /** Where cursors are kept, beyond the life of a client. */
  readonly shelf: CursorShelf
  /** Whether the faults are over. */
  readonly calm: boolean
  /** What the clock of the client's computer shows, in milliseconds since 1970. */
  readonly wall: () => number
  /** Says that something happened that acts may be bound to. */
  readonly happened: (moment: Moment, what: () => string) => void
}
