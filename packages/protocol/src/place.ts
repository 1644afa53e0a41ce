import { joinPlaces, type Position } from './cursor.ts'
import type { ResetVerdict } from './verdict.ts'

/** Where a subscriber of a topic stands: after a position, or where it is to begin as long as no stream has told it one. */
export type Place = 'now' | 'earliest' | Position

/**
 * What a place says of the life of a log that a position is in, where it says anything, so that the two can be compared. Of a position in
 * several shards only the first counts, which is the one that it is about.
 */
export function comparable(place: Place | undefined, position: Position): Position | undefined {
  if (typeof place !== 'object') return undefined
  return place.epoch === position.epoch ? place : place.others?.find(({ epoch }) => epoch === position.epoch)
}

/** The places in all shards that a position names. */
export function placesOf(position: Position): readonly Position[] {
  return [position, ...(position.others ?? [])]
}

/** Where somebody stands who was at a place and has followed a stream to a position. */
export function laterOf(place: Place, position: Position | undefined): Place {
  if (position === undefined) return place
  if (typeof place === 'string') return position
  // Shards of which the stream does not tell are no concern of whoever follows it, and of lives that are over nothing is kept.
  if (position.others)
    return { ...later(place, position), others: position.others.map((one) => later(place, one)) }
  // A position of another epoch cannot have been reached without a reset, which sets the place itself.
  return comparable(place, position) && isNewTo(place, position) ? position : place
}

function later(place: Place, position: Position): Position {
  return isNewTo(place, position)
    ? position
    : { ...(comparable(place, position) as Position), others: undefined }
}

/**
 * Where somebody goes on who was at a place and is told a reset: in other shards they are where they were.
 *
 * @param begins where the topic goes on, in one shard
 * @param streamAt where the stream does
 */
export function placeAfter(
  place: Place,
  begins: Position | undefined,
  streamAt: Position | undefined,
): Place {
  if (!begins) return place
  return streamAt?.others && typeof place === 'object' ? joinPlaces([begins, ...placesOf(place)]) : begins
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
 * @param streamAt where the stream does, which is the lowest place of all, perhaps beside those in other shards
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
  return isAnother(known, goesOnAt) && isAnother(known, comparable(streamAt, known))
}

function isAnother(known: Position, position: Position | undefined): boolean {
  return known.offset !== position?.offset || known.tag !== position.tag
}
