/** A node that has less of a core than it needs for a while: a neighbour on its machine, a long collection of garbage. */
export interface SlowNode {
  /** How far behind its events are at most, in seconds. */
  readonly lag: number
  /** How long it takes to be up to date again once it is as fast as before, in seconds. */
  readonly recovery: number
}

/**
 * What becomes of a node that is slower for a while, with what was measured for each event alone; a node that is behind joins events, so that it is better off.
 *
 * @param used what part of its core is in use
 * @param slower how many times longer everything takes meanwhile
 * @param seconds how long that lasts
 */
export function slowNode(used: number, slower: number, seconds: number): SlowNode {
  const needed = used * slower
  if (needed <= 1) return { lag: 0, recovery: 0 }
  // It gets through 1 / needed of what comes, and the rest is work for later, at its usual speed.
  const lag = seconds * (1 - 1 / needed)
  return { lag, recovery: (lag * used) / (1 - used) }
}
