import type { Change } from './change.ts'
import { highest, type Level, type Levels, overallOf } from './level.ts'

/** What all changes together ask for. */
export interface Verdict extends Levels {
  /** The highest of the three. */
  readonly overall: Level
}

export function verdictOf(changes: readonly Change[]): Verdict {
  const wire = highest(changes.map((change) => change.wire))
  const source = highest(changes.map((change) => change.source))
  const replay = highest(changes.map((change) => change.replay))
  return { wire, source, replay, overall: overallOf({ wire, source, replay }) }
}
