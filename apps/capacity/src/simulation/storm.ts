import { defaults } from '../constants.ts'
import type { Storm } from '../model/reconnects.ts'
import { randomOf } from './random.ts'

/** What became of a storm. */
export interface StormRun {
  /** Until everybody was back, and until 99 in a hundred were, in seconds. */
  readonly seconds: number
  readonly nearlyAll: number
  /** Requests for each stream that came back. */
  readonly attempts: number
  /** The longest that one waited for an answer, in seconds, and how many gave up. */
  readonly queue: number
  readonly gaveUp: number
}

/** How long a client waits before it comes, in seconds. @param failures how often it has failed before @param random from 0 up to 1 */
export function waitOf(failures: number, retry: number, random: number): number {
  const most = Math.min(retry * 2 ** Math.min(failures, 30), defaults.longestWait)
  return Math.max(defaults.leastWait, random * most)
}

/** What a refusal asks for, in seconds. @param random from 0 up to 1 */
export function retryAfterOf(random: number): number {
  const { least, most } = defaults.retryAfter
  return least + Math.round(random * (most - least))
}

// Seconds, and how many of them are looked ahead: a time-out and the longest wait, or the longest that a refusal asks for and the longest wait.
const tick = 0.01
const ticksAhead = 4_096

/**
 * Cuts every stream of many nodes at once and lets each client come back as it would: with its back-off, to any of the nodes, which take as many as
 * their burst and their rate let in, and answer one after the other.
 */
export function simulateStorm(storm: Storm & { readonly nodes: number; readonly seed: number }): StormRun {
  const { streams, nodes, cost, busy, burst, perSecond, retry, seed } = storm
  const random = randomOf(seed)
  const clients = Math.round(streams * nodes)
  const service = cost / 1e6 / (1 - busy)
  const failures = new Uint8Array(clients)
  // Who comes in a tick, as lists.
  const first = new Int32Array(ticksAhead).fill(-1)
  const next = new Int32Array(clients)
  const tokens = new Float64Array(nodes).fill(burst)
  const filledAt = new Float64Array(nodes)
  const freeAt = new Float64Array(nodes)
  const comeAfter = (client: number, now: number, seconds: number) => {
    const slot = (now + Math.max(1, Math.round(seconds / tick))) % ticksAhead
    next[client] = first[slot] as number
    first[slot] = client
  }
  for (let client = 0; client < clients; client += 1) comeAfter(client, 0, waitOf(0, retry, random()))

  let attempts = 0
  let gaveUp = 0
  let queue = 0
  let seconds = 0
  let nearlyAll = 0
  for (let now = 1, back = 0; back < clients; now += 1) {
    const time = now * tick
    let client = first[now % ticksAhead] as number
    first[now % ticksAhead] = -1
    while (client >= 0) {
      const following = next[client] as number
      const node = Math.floor(random() * nodes)
      const failed = (failures[client] as number) + 1
      attempts += 1
      const filled = (tokens[node] as number) + (time - (filledAt[node] as number)) * perSecond
      const available = Math.min(burst, filled)
      filledAt[node] = time
      tokens[node] = available < 1 ? available : available - 1
      if (available < 1) {
        failures[client] = failed
        comeAfter(client, now, retryAfterOf(random()) + waitOf(failed, retry, random()))
      } else {
        const answeredAt = Math.max(freeAt[node] as number, time) + service
        // It is worked on also when nobody waits for it any more.
        freeAt[node] = answeredAt
        const waited = answeredAt - time
        if (waited > defaults.connectTimeout) {
          gaveUp += 1
          failures[client] = failed
          comeAfter(client, now, defaults.connectTimeout + waitOf(failed, retry, random()))
        } else {
          back += 1
          if (waited > queue) queue = waited
          if (answeredAt > seconds) seconds = answeredAt
          if (back <= 0.99 * clients) nearlyAll = seconds
        }
      }
      client = following
    }
  }
  return { seconds, nearlyAll, attempts: attempts / clients, queue, gaveUp }
}
