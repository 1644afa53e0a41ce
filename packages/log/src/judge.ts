import type { Position, ResetVerdict } from '@millrace/protocol'
import type { LogBounds } from './log.ts'

/** What can be said of a place in a log. Text that names no place at all (`invalid`) never gets here. */
export type Judgement = 'resumed' | Exclude<ResetVerdict, 'invalid'>

/**
 * Says whether a log can go on after a place, or why not. Every resume of a stream and every step of a tail is
 * decided here and nowhere else.
 *
 * Never answers `diverged`: that takes a look at the record at the cursor, which only a log with tagged positions has.
 */
export function judge(cursor: Position, bounds: LogBounds): Judgement {
  // The epoch first: offsets of another life compare with nothing.
  if (cursor.epoch !== bounds.epoch) return 'epoch'
  if (cursor.offset > bounds.head) return 'ahead'
  // At `first - 1` the next record is the oldest one held, so nothing is missing.
  if (cursor.offset < bounds.first - 1) return 'trimmed'
  return 'resumed'
}

/**
 * The offset after which a stream goes on once its cursor was judged.
 *
 * - `resumed`: after the cursor, which is the point of having one.
 * - `trimmed`: from the oldest record held. The gap has been told, and what is left after it is still unseen.
 * - `epoch`: likewise. The subscriber has seen nothing of this life, so it is news from its beginning.
 * - `ahead`, `diverged`: from the head on. The log lost records that the subscriber has, and some of those still held
 *   it has too. Which ones cannot be known, so repeating any could deliver twice; state has to come from a snapshot.
 *
 * A tail is different: after any reset it goes on from the oldest record, because it fills a window on the log anew.
 */
export function resumeAfter(verdict: Judgement, cursor: Position, bounds: LogBounds): number {
  switch (verdict) {
    case 'resumed':
      return cursor.offset
    case 'trimmed':
    case 'epoch':
      return bounds.first - 1
    case 'ahead':
    case 'diverged':
      return bounds.head
  }
}
