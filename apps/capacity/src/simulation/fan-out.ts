import type { Constants } from '../constants.ts'
import { randomOf } from './random.ts'

/** What was delivered. */
export interface FanOutRun {
  readonly deliveries: number
  readonly writes: number
  /** Of all nodes and of the one with the most to do, in microseconds of a core for each second. */
  readonly mean: number
  readonly most: number
  /** How old the place is that a connection was last told, on average, in seconds. */
  readonly age: number
}

/** Publishes events that reach connections at random, in turns, with a heartbeat for each connection now and then. */
export function simulateFanOut(
  run: {
    readonly connections: number
    readonly nodes: number
    readonly rate: number
    readonly fanOut: number
    readonly heartbeat: number
    /** How long a turn gathers, in seconds. */
    readonly turn: number
    readonly seconds: number
    readonly seed: number
  },
  { write, eventInWrite }: Pick<Constants, 'write' | 'eventInWrite'>,
): FanOutRun {
  const { connections, nodes, rate, fanOut, heartbeat, turn, seconds, seed } = run
  const random = randomOf(seed)
  const turns = Math.round(seconds / turn)
  // In which turn each was last written to.
  const last = new Int32Array(connections).fill(-1)
  const deliveries = new Float64Array(nodes)
  const writes = new Float64Array(nodes)
  for (let now = 0, published = 0; now < turns; now += 1) {
    for (; published < rate * turn * (now + 1); published += 1) {
      for (let copy = 0; copy < fanOut; copy += 1) {
        const connection = Math.floor(random() * connections)
        const node = connection % nodes
        deliveries[node] = (deliveries[node] as number) + 1
        if (last[connection] !== now) writes[node] = (writes[node] as number) + 1
        last[connection] = now
      }
    }
  }
  let age = 0
  for (let connection = 0; connection < connections; connection += 1) {
    const event =
      last[connection] === -1 ? Number.POSITIVE_INFINITY : (turns - (last[connection] as number) - 0.5) * turn
    age += Math.min(event, random() * heartbeat)
  }
  const costs = deliveries.map(
    (count, node) => (count * eventInWrite + (writes[node] as number) * write) / seconds,
  )
  return {
    deliveries: sum(deliveries),
    writes: sum(writes),
    mean: sum(costs) / nodes,
    most: Math.max(...costs),
    age: age / connections,
  }
}

const sum = (numbers: Float64Array) => numbers.reduce((total, number) => total + number, 0)
