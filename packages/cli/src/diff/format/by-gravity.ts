import type { Change } from '../change.ts'
import { type Level, overallOf } from '../level.ts'

const weights: Readonly<Record<Level, number>> = { major: 0, minor: 1, patch: 2, none: 3 }

/** The changes that break most first, and otherwise in their order. */
export function byGravity(changes: readonly Change[]): readonly Change[] {
  return changes.toSorted((a, b) => weights[overallOf(a)] - weights[overallOf(b)])
}
