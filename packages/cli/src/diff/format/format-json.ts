import { formatPlace } from '../../model/place.ts'
import type { Change } from '../change.ts'
import { overallOf } from '../level.ts'
import { verdictOf } from '../verdict.ts'

/** `{ verdict, changes }`, in the order of the contracts. Its members are promised in docs/compatibility.md. */
export function formatJson(changes: readonly Change[]): string {
  const { overall, wire, source, replay } = verdictOf(changes)
  const report = {
    verdict: { overall, wire, source, replay },
    changes: changes.map((change) => ({
      rule: change.rule,
      overall: overallOf(change),
      wire: change.wire,
      source: change.source,
      replay: change.replay,
      at: formatPlace(change.place),
      place: change.place,
      message: change.message,
    })),
  }
  return `${JSON.stringify(report, undefined, 2)}\n`
}
