import type { Place } from '../model/place.ts'
import type { Problem } from '../model/problem.ts'
import type { RuleId } from './rules.ts'

/** An `error` does not work, or says what is not so; a `warning` works and could be better. */
export type Severity = 'error' | 'warning'

/** Where something stands in a document, for those who edit it. */
export type DocumentPlace = Pick<Problem, 'file' | 'pointer' | 'line'>

/** One thing about a contract that its author should know. */
export interface Finding {
  /** The rule that found it, listed in docs/lint.md. */
  readonly rule: RuleId
  readonly severity: Severity
  readonly place: Place
  /** What is wrong, and what to do about it, beginning with a small letter. */
  readonly message: string
  /** Of what was read from a document, or could not be. */
  readonly source?: DocumentPlace
}
