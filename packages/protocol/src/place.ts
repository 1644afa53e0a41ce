import { joinPlaces, type Position } from './cursor.ts'
import type { ResetVerdict } from './verdict.ts'

/** Where a subscriber of a topic stands: after a position, or where it is to begin as long as no stream has told it one. */
export type Place = 'now' | 'earliest' | Position

/**
 * What a place says of the life of a log that a position is in, where it says anything, so that the two can be compared. Of a position in
 * several shards only the first counts, which is the one that it is about.
 */
export function comparable(place: Place | undefined, position: Position): Position | undefined {
  let known = typeof place === 'object' ? place : undefined
  while (known && known.epoch !== position.epoch) known = known.rest
  return known
}

/** Where somebody stands who was at a place and has followed a stream to a position. */
export function laterOf(place: Place, position: Position | undefined): Place {
  if (position === undefined) return place
  if (typeof place === 'string') return position
  // A position of another epoch cannot have been reached without a reset, which sets the place itself.
  if (!position.rest) return comparable(place, position) && isNewTo(place, position) ? position : place
  // Shards that the stream does not tell of are of no concern to it, and lives of them that are over to nobody.
  const parts = partsOf(position)
  return parts.some((part) => comparable(place, part))
    ? joinPlaces(parts.map((part) => (isNewTo(place, part) ? part : (comparable(place, part) as Position))))
    : place
}

/** Where somebody stands who was at a place and is told to go on at a position, which may be in one shard of several. */
export function movedTo(place: Place, position: Position): Position {
  const others = typeof place === 'object' && place.rest ? partsOf(place) : []
  return others[0]
    ? joinPlaces([position, ...others.filter(({ epoch }) => epoch !== position.epoch)])
    : position
}

/** Whether somebody at a position has all that there was up to a goal, as far as the two can be compared. */
export function hasReached(position: Position, goal: Position | undefined): boolean {
  return partsOf(goal).every((part) => !comparable(position, part) || !isNewTo(position, part))
}

function partsOf(position: Position | undefined): Position[] {
  return position ? [position, ...partsOf(position.rest)] : []
}

/** Whether what lies at a position is new to somebody at a place. */
export function isNewTo(place: Place, position: Position | undefined): boolean {
  if (position === undefined) return true
  const known = comparable(place, position)
  return known === undefined || position.offset > known.offset
}

/**
 * Whether a verdict about a topic concerns somebody at a place, given where the topic goes on. Several may stand at different
 * places of one topic, and one verdict need not hold for all of them.
 *
 * @param streamAt where the stream does, which is the lowest place of all
 */
export function isCutOff(
  verdict: ResetVerdict,
  place: Place,
  goesOnAt: Position | undefined,
  streamAt = goesOnAt,
): boolean {
  if (typeof place === 'string') return false
  const known = goesOnAt && comparable(place, goesOnAt)
  if (!goesOnAt || !known) return true
  // Who is in the new life already may have lost what was trimmed there, for one verdict is all that is said of a topic.
  if (verdict === 'epoch' || verdict === 'trimmed') return known.offset < goesOnAt.offset
  // Who stands where the topic goes on, or where the stream does, is none of those whom the verdict is about.
  return isAnother(known, goesOnAt) && isAnother(known, streamAt)
}

function isAnother(known: Position, position: Position | undefined): boolean {
  return known.offset !== position?.offset || known.tag !== position.tag
}
