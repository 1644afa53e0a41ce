import type { ResetVerdict } from '@millrace/protocol'
import type { TopicInterest } from '../feed/interest.ts'
import type { Untold } from './placement.ts'
import { isGoing } from './topic-ends.ts'

/**
 * Whom a verdict about the place of a stream concerns. They go on elsewhere from here on.
 *
 * @param goesOnAt where the stream does
 * @param head the newest record, where the log may not be what it was where topics begin: nothing tells whether it is, and a reset too many is
 * better than a gap
 */
export function lostBy(
  interests: readonly TopicInterest[],
  verdict: Exclude<ResetVerdict, 'invalid'>,
  goesOnAt: number,
  head?: number,
): readonly Untold[] {
  const lost: Untold[] = []
  for (const interest of interests) {
    if (!isGoing(interest)) continue
    if (verdict !== 'trimmed' || interest.floor < goesOnAt) {
      interest.floor = goesOnAt
      lost.push({ interest, verdict })
      // By what was trimmed, a topic that begins above it has lost nothing.
    } else if (head !== undefined && interest.floor > goesOnAt) {
      interest.floor = head
      lost.push({ interest, verdict: 'diverged' })
    }
  }
  return lost
}
