import type { ResetVerdict, Verdict } from '@millrace/protocol'
import { Histogram } from './histogram.ts'
import {
  closeCauses,
  logOperations,
  refusalCauses,
  type ServerStats,
  snapshotOutcomes,
} from './server-stats.ts'

const resets = ['trimmed', 'epoch', 'ahead', 'diverged'] as const satisfies readonly ResetVerdict[]
const verdicts = ['fresh', 'resumed', ...resets, 'invalid'] as const satisfies readonly Verdict[]

// What has no labels of its own has one.
const plain = ['all'] as const

const labelsOf = {
  opened: plain,
  polls: plain,
  snapshotsAsked: plain,
  snapshots: snapshotOutcomes,
  closed: closeCauses,
  refused: refusalCauses,
  resumes: verdicts,
  resets,
  logErrors: logOperations,
} as const

/** Names of the counters. */
export type CounterName = keyof typeof labelsOf

/** The labels that a counter has. */
export type LabelOf<Name extends CounterName> = (typeof labelsOf)[Name][number]

/** Upper ends of the buckets, for records and for seconds. */
export const boundsOf = {
  replayDepth: [0, 1, 10, 100, 1_000, 10_000, 100_000, 1_000_000],
  deliveryLag: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
}

/** Names of the histograms. */
export type HistogramName = keyof typeof boundsOf

/** What is counted for each write, and so by nothing dearer than an addition. */
export interface Traffic {
  encoded: number
  delivered: number
  sentBytes: number
  conflated: number
}

/** Counts what happens. Names and labels are fixed lists, so nothing that a request says can make another counter. */
export interface Meter {
  readonly traffic: Traffic
  count<Name extends CounterName>(name: Name, label: LabelOf<Name>): void
  /** @param channel its path */
  countPublished(channel: string): void
  measure(name: HistogramName, value: number): void
}

/** What a meter can tell. */
export type MeterStats = Omit<ServerStats, 'connections' | 'subscriptions' | 'bufferedBytes' | 'sources'>

/** A meter that can be read. */
export class Counters implements Meter {
  readonly traffic: Traffic = { encoded: 0, delivered: 0, sentBytes: 0, conflated: 0 }
  readonly #published: Record<string, number>
  readonly #values = Object.fromEntries(
    Object.entries(labelsOf).map(([name, labels]) => [name, zeros(labels)]),
  )
  readonly #histograms = {
    replayDepth: new Histogram(boundsOf.replayDepth),
    deliveryLag: new Histogram(boundsOf.deliveryLag),
  }

  /** @param channels paths of the channels that there are */
  constructor(channels: readonly string[]) {
    this.#published = zeros(channels)
  }

  count<Name extends CounterName>(name: Name, label: LabelOf<Name>): void {
    const values = this.#values[name]
    if (values?.[label] !== undefined) values[label] += 1
  }

  countPublished(channel: string): void {
    if (this.#published[channel] !== undefined) this.#published[channel] += 1
  }

  measure(name: HistogramName, value: number): void {
    this.#histograms[name].record(value)
  }

  read(): MeterStats {
    const values = Object.entries(this.#values).map(([name, values]) => [name, values.all ?? { ...values }])
    return {
      // Made from the same lists.
      ...(Object.fromEntries(values) as Pick<ServerStats, CounterName>),
      ...this.traffic,
      published: { ...this.#published },
      replayDepth: this.#histograms.replayDepth.read(),
      deliveryLag: this.#histograms.deliveryLag.read(),
    }
  }
}

// Without a prototype: a channel may be called as it likes.
function zeros(labels: readonly string[]): Record<string, number> {
  return Object.assign(Object.create(null), Object.fromEntries(labels.map((label) => [label, 0])))
}
