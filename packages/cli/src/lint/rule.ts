import type { Place } from '../model/place.ts'
import type { Severity } from './finding.ts'
import type { Subject } from './subject.ts'

/** What a rule finds: a place, and what is wrong there. */
export interface Found {
  readonly place: Place
  readonly message: string
}

/** Something that is looked for in a contract. */
export interface Rule {
  readonly severity: Severity
  /** What it finds, as docs/lint.md has it. */
  readonly summary: string
  /** Whether it looks only when it is asked to. @default false */
  readonly onRequest?: boolean
  /** Absent where reading the contract has found it already. */
  check?(subject: Subject): Iterable<Found>
}
