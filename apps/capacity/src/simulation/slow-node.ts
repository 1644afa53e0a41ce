import type { SlowNode } from '../model/slow-node.ts'
import { randomOf } from './random.ts'

/** Gives a node events at random times, and makes it slow for a while. */
export function simulateSlowNode(run: {
  readonly used: number
  readonly slower: number
  readonly seconds: number
  readonly eventsPerSecond: number
  readonly seed: number
}): SlowNode {
  const { used, slower, seconds, eventsPerSecond, seed } = run
  const random = randomOf(seed)
  const begin = 10
  const service = used / eventsPerSecond
  let freeAt = 0
  let lag = 0
  for (let time = 0; ; ) {
    // Half to one and a half of the mean apart.
    time += (0.5 + random()) / eventsPerSecond
    const slow = time >= begin && time < begin + seconds
    // Whoever is behind is so in the past: what it works on now takes as long as now.
    const startsAt = Math.max(freeAt, time)
    const takes = startsAt >= begin && startsAt < begin + seconds ? service * slower : service
    freeAt = startsAt + takes
    lag = Math.max(lag, freeAt - time)
    if (!slow && time > begin + seconds && freeAt - time < 2 * service) {
      return { lag, recovery: time - begin - seconds }
    }
  }
}
