import type { Place } from '../model/place.ts'
import type { Levels } from './level.ts'
import type { RuleId } from './rules.ts'

/** One difference between two contracts. */
export interface Change extends Levels {
  /** The rule that it was judged by, listed in docs/compatibility.md. */
  readonly rule: RuleId
  readonly place: Place
  /** What changed, as a sentence. */
  readonly message: string
}
