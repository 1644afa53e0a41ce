import { type Witness, write } from './witness.ts'

/**
 * What is wrong with where a subscription says that it stands: everything before that is to be handled, and nothing after it. `undefined` when
 * nothing is.
 *
 * @param isLate whether it may stand before what it has handled: others have not handled that yet, or it was written down before
 */
export function faultOfCursor(
  { place, pending, settled, count, due, truth, taking, takesResets, isGuess, lanes }: Witness,
  cursor: string | undefined,
  isLate: boolean,
): string | undefined {
  if (cursor === undefined)
    return !isLate && settled && count > 0 ? `none, and ${write(settled)} is handled` : undefined
  const says = truth.read(cursor)
  // That of a loop is of an event. The id of a reset names the one shard that it is of: who begins there is told of the others once more.
  const isOfEvent = taking.form === 'iterator' || taking.ack === 'manual'
  if (says === undefined && isOfEvent && lanes.some(({ resets }) => resets > 0)) return undefined
  if (says === undefined || truth.life(says) === undefined) return 'no place at all'
  // A reset that nobody takes is acknowledged by nobody, and told again.
  const isUntaken = taking.ack === 'manual' && !takesResets && place && truth.life(says) !== truth.life(place)
  if (isUntaken || isGuess) return undefined
  // Whoever begins at a place of what is lost is told so.
  if (isLate && truth.life(says) !== truth.present) return undefined
  for (const { position, isEvent } of pending) {
    const isBeyond = truth.common(says, position) !== undefined && says.offset >= position.offset
    if (isEvent && isBeyond) return `beyond ${write(position)}, which is not handled`
  }
  // It stands where it was until it has taken in where it goes on, which may lie further back.
  if (pending.some(({ isEvent }) => !isEvent)) return undefined
  const shared = place && truth.common(says, place)
  const next = shared && due(place, shared)
  if (next !== undefined && next <= says.offset) return `beyond ${next}, which has not come`
  if (isLate) return undefined
  if (settled !== undefined && truth.common(says, settled) && says.offset < settled.offset)
    return `before ${write(settled)}, which is handled`
  return place !== undefined && pending.length === 0 && shared === undefined
    ? `of another history than ${write(place)}, which is handled`
    : undefined
}
