import type { Position } from './cursor.ts'
import type { ResetVerdict } from './verdict.ts'

/** Where a subscriber of a topic stands: after a position, or where it is to begin as long as no stream has told it one. */
export type Place = 'now' | 'earliest' | Position

/** The position, when both are of the same life of the log and so can be compared. */
export function comparable(place: Place | undefined, position: Position): Position | undefined {
  return typeof place === 'object' && place.epoch === position.epoch ? place : undefined
}

/** Where somebody stands who was at a place and has followed a stream to a position. */
export function laterOf(place: Place, position: Position | undefined): Place {
  if (position === undefined) return place
  if (typeof place === 'string') return position
  // A position of another epoch cannot have been reached without a reset, which sets the place itself.
  return place.epoch === position.epoch && place.offset < position.offset ? position : place
}

/** Whether what lies at a position is new to somebody at a place. */
export function isNewTo(place: Place, position: Position | undefined): boolean {
  if (position === undefined) return true
  const known = comparable(place, position)
  return known === undefined || position.offset > known.offset
}

/**
 * Whether a verdict about a topic concerns somebody at a place, given where its stream goes on. Several may stand at different
 * places of one topic, and one verdict need not hold for all of them.
 */
export function isCutOff(verdict: ResetVerdict, place: Place, goesOnAt: Position | undefined): boolean {
  if (typeof place === 'string') return false
  const known = goesOnAt && comparable(place, goesOnAt)
  if (!goesOnAt || !known) return true
  // Who is in the new life already may have lost what was trimmed there, for one verdict is all that is said of a topic.
  if (verdict === 'epoch' || verdict === 'trimmed') return known.offset < goesOnAt.offset
  // Where the stream goes on at that very place, the verdict is about another one: it goes on at the lowest of all.
  return known.offset !== goesOnAt.offset || known.tag !== goesOnAt.tag
}
