import type { HistogramStats } from './histogram.ts'
import { boundsOf, type HistogramName } from './meter.ts'
import type { ServerStats } from './server-stats.ts'

interface About {
  /** As OpenTelemetry has it; Prometheus has underscores, the unit and `_total` besides. */
  readonly name: string
  /** [UCUM] `s`, `By`, or what is counted, in braces. */
  readonly unit: string
  /** What it tells, without a full stop. */
  readonly help: string
}

/** One number: how much there is now, or how much there has been. */
export interface PlainMetric extends About {
  readonly kind: 'gauge' | 'counter'
  readonly label?: undefined
  readonly read: (stats: ServerStats) => number
}

/** One number for each value of a label. */
export interface LabelledMetric extends About {
  readonly kind: 'counter'
  readonly label: 'reason' | 'verdict' | 'operation' | 'channel' | 'outcome'
  /** The same labels each time: they come from fixed lists and from the contract, never from a request. */
  readonly read: (stats: ServerStats) => Readonly<Record<string, number>>
}

/** Values in buckets. */
export interface HistogramMetric extends About {
  readonly kind: 'histogram'
  readonly label?: undefined
  readonly of: HistogramName
  /** Upper ends of the buckets. */
  readonly bounds: readonly number[]
  readonly read: (stats: ServerStats) => HistogramStats
}

export type Metric = PlainMetric | LabelledMetric | HistogramMetric

/** Everything that an event server tells of itself, whoever asks. `docs/metrics.md` has the same table. */
export const metrics: readonly Metric[] = [
  {
    name: 'millrace.connections.active',
    kind: 'gauge',
    unit: '{connection}',
    help: 'Streams that are open',
    read: (stats) => stats.connections,
  },
  {
    name: 'millrace.connections.opened',
    kind: 'counter',
    unit: '{connection}',
    help: 'Streams that were opened',
    read: (stats) => stats.opened,
  },
  {
    name: 'millrace.polls',
    kind: 'counter',
    unit: '{connection}',
    help: 'Opened streams that were long polls',
    read: (stats) => stats.polls,
  },
  {
    name: 'millrace.connections.closed',
    kind: 'counter',
    unit: '{connection}',
    help: 'Streams that were closed, by why',
    label: 'reason',
    read: (stats) => stats.closed,
  },
  {
    name: 'millrace.refusals',
    kind: 'counter',
    unit: '{refusal}',
    help: 'Requests, resumes and publications that were refused, by the limit or else by why',
    label: 'reason',
    read: (stats) => stats.refused,
  },
  {
    name: 'millrace.subscriptions.active',
    kind: 'gauge',
    unit: '{subscription}',
    help: 'Topics and patterns that the open streams were opened for',
    read: (stats) => stats.subscriptions,
  },
  {
    name: 'millrace.events.published',
    kind: 'counter',
    unit: '{event}',
    help: 'Events that were published by this process, by the path of their channel',
    label: 'channel',
    read: (stats) => stats.published,
  },
  {
    name: 'millrace.events.encoded',
    kind: 'counter',
    unit: '{event}',
    help: 'Events that were made bytes, once each however many streams take them',
    read: (stats) => stats.encoded,
  },
  {
    name: 'millrace.events.delivered',
    kind: 'counter',
    unit: '{event}',
    help: 'Events that were written to streams, one for each stream',
    read: (stats) => stats.delivered,
  },
  {
    name: 'millrace.events.conflated',
    kind: 'counter',
    unit: '{event}',
    help: 'Events that slow streams were spared because a newer one followed, one for each stream',
    read: (stats) => stats.conflated,
  },
  {
    name: 'millrace.socket.sent',
    kind: 'counter',
    unit: 'By',
    help: 'Bytes that were written to streams, heartbeats included',
    read: (stats) => stats.sentBytes,
  },
  {
    name: 'millrace.socket.buffered',
    kind: 'gauge',
    unit: 'By',
    help: 'Bytes that wait in the sockets of streams',
    read: (stats) => stats.bufferedBytes,
  },
  {
    name: 'millrace.resumes',
    kind: 'counter',
    unit: '{connection}',
    help: 'Streams that were opened, by what became of their cursor',
    label: 'verdict',
    read: (stats) => stats.resumes,
  },
  {
    name: 'millrace.resets',
    kind: 'counter',
    unit: '{reset}',
    help: 'Open streams that could not go on where they were, by why',
    label: 'verdict',
    read: (stats) => stats.resets,
  },
  {
    name: 'millrace.replay.depth',
    kind: 'histogram',
    unit: '{event}',
    help: 'Records between the place where a stream with a past began and the end of the log',
    of: 'replayDepth',
    bounds: boundsOf.replayDepth,
    read: (stats) => stats.replayDepth,
  },
  {
    name: 'millrace.delivery.lag',
    kind: 'histogram',
    unit: 's',
    help: 'Time from publishing an event until it was written to all streams that keep up, the oldest of each batch',
    of: 'deliveryLag',
    bounds: boundsOf.deliveryLag,
    read: (stats) => stats.deliveryLag,
  },
  {
    name: 'millrace.snapshots.asked',
    kind: 'counter',
    unit: '{snapshot}',
    help: 'Snapshots that were asked for, once for all who want the same at the same time',
    read: (stats) => stats.snapshotsAsked,
  },
  {
    name: 'millrace.snapshots.answered',
    kind: 'counter',
    unit: '{snapshot}',
    help: 'Snapshots that are not waited for any more, by what came of asking',
    label: 'outcome',
    read: (stats) => stats.snapshots,
  },
  {
    name: 'millrace.sources.active',
    kind: 'gauge',
    unit: '{source}',
    help: 'Sources that run, or wait to begin again after they failed',
    read: (stats) => stats.sources,
  },
  {
    name: 'millrace.log.errors',
    kind: 'counter',
    unit: '{error}',
    help: 'Calls of the log that failed, and failures that its tail told of',
    label: 'operation',
    read: (stats) => stats.logErrors,
  },
]
