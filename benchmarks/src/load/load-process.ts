import { setTimeout as wait } from 'node:timers/promises'
import { now } from '../event.ts'
import { answerCalls } from '../process-calls.ts'
import { Fleet, type Opening } from './fleet.ts'
import { faultOf } from './samples.ts'

// The process of the load generator. It holds the streams and counts what comes; it decides nothing.

/** What the generator has seen and used so far. */
export interface LoadState {
  readonly streams: number
  readonly events: number
  readonly lost: number
  readonly disordered: number
  /** Least and most events of one stream. */
  readonly least: number
  readonly most: number
  /** Of all its threads, in microseconds. */
  readonly cpu: number
  /** Microseconds on `now`'s clock. */
  readonly time: number
}

/** How long streams may take to open, in milliseconds. */
const patience = 60_000

const fleet = new Fleet()
let latencies: number[] = []

const methods = {
  /** Opens streams, and answers how long that took, in milliseconds. */
  async open(opening: Opening) {
    const begin = performance.now()
    const cancel = new AbortController()
    const late = wait(patience, undefined, { signal: cancel.signal }).then(() => {
      throw new Error(`${fleet.size} streams, of which some were not answered within ${patience} ms`)
    })
    try {
      await Promise.race([fleet.open(opening), late])
    } finally {
      cancel.abort()
      late.catch(() => {})
    }
    return performance.now() - begin
  },

  close: ({ count }: { count?: number }) => fleet.close(count),

  /** Waits until this many events have come in all. */
  async until({ events, timeout }: { events: number; timeout: number }) {
    await fleet.until(events, timeout)
    return state()
  },

  state,

  /** From now on, notes how long each event was under way. */
  timeEvents() {
    latencies = []
    fleet.onTime = (time) => void latencies.push(now() - time)
  },

  /** Milliseconds that events were under way, at these shares of them. */
  latencies({ shares }: { shares: readonly number[] }) {
    fleet.onTime = undefined
    const sorted = Float64Array.from(latencies).sort()
    return shares.map((share) => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN) / 1000)
  },

  /** What is wrong with the streams that were kept whole. */
  faults: () => fleet.samples.map(faultOf).filter((fault) => fault !== undefined),
}

function state(): LoadState {
  const { user, system } = process.cpuUsage()
  const { size, events, lost, disordered } = fleet
  return {
    streams: size,
    events,
    lost,
    disordered,
    ...fleet.extremes(),
    cpu: user + system,
    time: now(),
  }
}

/** What the generator's process can be asked. */
export type LoadMethods = typeof methods

answerCalls(methods)
