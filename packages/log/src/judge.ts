import type { Position, ResetVerdict } from '@millrace/protocol'
import type { LogBounds } from './log.ts'

/** What can be said of a place in a log. Text that names no place at all (`invalid`) never gets here. */
export type Judgement = 'resumed' | Exclude<ResetVerdict, 'invalid'>

/**
 * Says whether a log can go on after a place, or why not. Every resume of a stream and every step of a tail is
 * decided here and nowhere else.
 *
 * @param tag Of the record at the cursor's offset, as a read after it tells (`afterTag`). Not asked for by a cursor that
 * has no tag: a log without tags, or a record from before it had them.
 */
export function judge(cursor: Position, bounds: LogBounds, tag?: string): Judgement {
  // The epoch first: offsets of another life compare with nothing.
  if (cursor.epoch !== bounds.epoch) return 'epoch'
  if (cursor.offset > bounds.head) return 'ahead'
  // At `first - 1` the next record is the oldest one held, so nothing is missing.
  if (cursor.offset < bounds.first - 1) return 'trimmed'
  if (cursor.tag === undefined || cursor.tag === tag) return 'resumed'
  // There the record itself is gone. Where its tag is forgotten as well, nothing proves that what follows is what followed,
  // and a reset too many is better than a gap that nobody is told.
  return tag === undefined && cursor.offset === bounds.first - 1 ? 'trimmed' : 'diverged'
}

/**
 * The place after which a stream goes on once its cursor was judged.
 *
 * - `resumed`: after the cursor, which is the point of having one.
 * - `trimmed`: from the oldest record held. The gap has been told, and what is left after it is still unseen.
 * - `epoch`: likewise. The subscriber has seen nothing of this life, so it is news from its beginning.
 * - `ahead`, `diverged`: from the head on. The log lost records that the subscriber has, and some of those still held
 *   it has too. Which ones cannot be known, so repeating any could deliver twice; state has to come from a snapshot.
 *
 * A tail is different: after any reset it goes on from the oldest record, because it fills a window on the log anew.
 */
export function resumeAfter(verdict: Judgement, cursor: Position, bounds: LogBounds): Position {
  switch (verdict) {
    case 'resumed':
      return cursor
    case 'trimmed':
    case 'epoch':
      return beforeFirst(bounds)
    case 'ahead':
    case 'diverged':
      return headOf(bounds)
  }
}

/** The place before the oldest record held. Nobody has seen the record there, so it needs no tag. */
export function beforeFirst({ epoch, first }: LogBounds): Position {
  return { epoch, offset: first - 1 }
}

/** The place after the newest record. */
export function headOf({ epoch, head, headTag }: LogBounds): Position {
  return positionOf(epoch, { offset: head, tag: headTag })
}

/** The place after a record. */
export function positionOf(
  epoch: string,
  { offset, tag }: { readonly offset: number; readonly tag?: string | undefined },
): Position {
  return tag === undefined ? { epoch, offset } : { epoch, offset, tag }
}
