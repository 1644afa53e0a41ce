import { defaults, type EngineName } from '../constants.ts'

/** What is asked of an installation, and how it is set up. Times are in seconds. */
export interface Workload {
  /** Streams that are open at the same time. */
  readonly connections: number
  /** Events that are published a second. */
  readonly rate: number
  /** How many streams an event reaches, on average. */
  readonly fanOut: number
  /** Length of an event's data as JSON, in bytes. What was measured was measured with 200. */
  readonly dataBytes: number
  readonly engine: EngineName
  /** Shards of each log, with an engine each. */
  readonly shards: number
  /** Topics that events are about, each as often as any other. */
  readonly topics: number
  /** Topics of a stream. One that has a pattern reads all shards, as with very many. */
  readonly topicsPerStream: number
  /** How long the log keeps events. */
  readonly keep: number
  /** What part of a core, of a node or of an engine, may be in use on an ordinary day: the rest is for the others. */
  readonly utilization: number
  /** What part of a node's core may go into following its log, events of others included. */
  readonly tailShare: number
  /** Streams of a node (`limits.connections`). */
  readonly connectionsPerNode: number
  /** Events of one append: what a publisher has under way at the same time. */
  readonly batch: number
  /** How late an event may be at a node that has much to read, which then reads many at once. */
  readonly delay: number
  readonly heartbeat: number
  /** How long a stream lasts at most. */
  readonly maxAge: number
  readonly retry: number
  /** How long a node takes to let its streams go, at least. */
  readonly drain: number
  /** Most new streams of a node a second, beyond the burst. */
  readonly connectsPerSecond: number
}

/** The workload that is described where nothing else is said. */
export const typicalWorkload: Workload = {
  connections: 10_000,
  rate: 1_000,
  fanOut: 10,
  dataBytes: 200,
  engine: 'redis',
  shards: 1,
  topics: 10_000,
  topicsPerStream: 1,
  keep: 3_600,
  utilization: 0.5,
  tailShare: 0.2,
  connectionsPerNode: defaults.connectionsPerNode,
  batch: 10,
  delay: 0.05,
  heartbeat: defaults.heartbeat,
  maxAge: defaults.maxAge,
  retry: defaults.retry,
  drain: 20,
  connectsPerSecond: defaults.connectsPerSecond,
}
