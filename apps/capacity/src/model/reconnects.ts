import { type Constants, defaults } from '../constants.ts'

/**
 * How old the place is that a connection was last told, on average, in seconds: an event of its own brings it, and else a heartbeat.
 *
 * @param perConnection events that reach it, a second
 * @param heartbeat seconds between two heartbeats
 */
export function ageOfCursor(perConnection: number, heartbeat: number): number {
  // The lesser of the time since the last event, which come at random, and since the last heartbeat.
  if (perConnection * heartbeat < 1e-6) return heartbeat / 2
  const events = perConnection * heartbeat
  return (1 - -Math.expm1(-events) / events) / perConnection
}

/**
 * What one who comes back costs its node, in microseconds, led past what others were sent meanwhile.
 *
 * @param behind events of the log since its cursor
 * @param places shards that it reads
 */
export function resumeCost(behind: number, { resume, skip, shards }: Constants, places = 1): number {
  return resume + behind * skip + (places - 1) * shards.resume
}

/** Everybody who comes back to one node after something cut them off at once. */
export interface Storm {
  /** How many come to a node. */
  readonly streams: number
  /** What each costs it, in microseconds of its core. */
  readonly cost: number
  /** How much of its core is in use for others. */
  readonly busy: number
  /** How many it takes at once, and then in each second. */
  readonly burst: number
  readonly perSecond: number
  /** The reconnection time that they were told, in seconds. */
  readonly retry: number
}

/** Within which time everybody is back, in seconds, and the longest that one waits for an answer. */
export interface StormTime {
  readonly least: number
  readonly most: number
  readonly queue: number
}

/**
 * How long a storm lasts. Three things spread it: the jitter of the first wait, what a node takes in a second, and its core; whoever is refused is
 * told to come back later, so that the last of those may come a whole wait after there was room.
 */
export function stormTime({ streams, cost, busy, burst, perSecond, retry }: Storm): StormTime {
  const work = (streams * cost) / 1e6 / (1 - busy)
  const beyond = Math.max(0, streams - burst)
  // While they wait for the first time, the node takes some more.
  const refused = beyond > perSecond * retry
  const admitting = beyond / perSecond
  const longestWait = defaults.retryAfter.most + defaults.longestWait
  const atOnce = Math.min(streams, burst + perSecond * retry)
  return {
    least: Math.max(work, refused ? admitting : 0),
    most: (refused ? admitting + longestWait : retry) + work,
    queue: Math.max(0, (atOnce * cost) / 1e6 / (1 - busy) - retry),
  }
}
