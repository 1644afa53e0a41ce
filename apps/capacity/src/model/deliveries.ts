import type { Constants } from '../constants.ts'

/**
 * How many writes carry the events that reach a connection. Events that come in one turn of a node's loop go out together.
 *
 * @param perConnection events that reach a connection, a second
 * @param turn how long a turn gathers, in seconds; 0 for each event alone, which costs the most
 * @returns writes a second
 */
export function writesPerConnection(perConnection: number, turn: number): number {
  // As many turns as have at least one event of those that come at random.
  return turn === 0 ? perConnection : -Math.expm1(-perConnection * turn) / turn
}

/** What delivering costs, in microseconds of a core for each connection and second. @param places shards that a connection reads */
export function deliveryCost(
  perConnection: number,
  turn: number,
  { write, eventInWrite, shards }: Constants,
  places = 1,
): number {
  const ofEvent = eventInWrite + (places - 1) * shards.delivery
  return writesPerConnection(perConnection, turn) * write + perConnection * ofEvent
}
