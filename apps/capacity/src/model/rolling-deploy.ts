/** How streams find a node. */
export type Balancing = 'random' | 'least-connections'

/** What a rolling deploy does, one node after the other. */
export interface Deploy {
  /** How often a stream moves, on average. */
  readonly moves: number
  /** Streams of the fullest node, beside the mean. */
  readonly fullest: number
  /** Streams that come back a second while a node drains, to all others together. */
  readonly backPerSecond: number
  /** How long all of it takes, in seconds. */
  readonly seconds: number
}

/**
 * What happens when each node is drained once, and is back, empty, before the next one is. Streams are ended evenly over four fifths of the
 * time to drain. Which are sent anywhere at random gather on those that have not had their turn yet; which go where the fewest are do not.
 */
export function rollingDeploy({
  connections,
  nodes,
  drain,
  balancing,
}: {
  connections: number
  nodes: number
  drain: number
  balancing: Balancing
}): Deploy {
  const seconds = nodes * drain
  const spread = 0.8 * drain
  if (nodes === 1) return { moves: 1, fullest: 1, backPerSecond: connections / spread, seconds }
  if (balancing === 'least-connections') {
    // The first one's go to all others, and each further one's to the one before it, which is empty.
    const fullest = nodes / (nodes - 1)
    return { moves: 1 + 1 / nodes, fullest, backPerSecond: (fullest * connections) / nodes / spread, seconds }
  }
  // Each drain makes the others fuller by 1 / (nodes - 1) of what they have at first: the last one drained has had that nodes - 1 times.
  const growth = nodes / (nodes - 1)
  const fullest = growth ** (nodes - 1)
  const moves = ((growth ** nodes - 1) * (nodes - 1)) / nodes
  return { moves, fullest, backPerSecond: (fullest * connections) / nodes / spread, seconds }
}
