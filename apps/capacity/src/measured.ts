import { readFileSync } from 'node:fs'

/** Processor time in microseconds: of a step, and of each record in it. */
export interface StepCosts {
  readonly step: number
  readonly record: number
}

/** What one engine was seen to cost. */
export interface EngineCosts {
  /** Events of a publisher a second: a thousand under way at once, and one after the other. */
  readonly appendsPerSecond: { readonly gathered: number; readonly alone: number }
  /** Records of a reader a second: a thousand a read, and one. */
  readonly readsPerSecond: { readonly pages: number; readonly alone: number }
  /** Of the engine. */
  readonly append: StepCosts
  /** Of the engine. */
  readonly read: StepCosts
  /** Of the process that publishes, checking and encoding included. */
  readonly publishing: StepCosts
  /** Of each node, for each event of the log, wanted or not, in microseconds. */
  readonly tailing: number
  /** What the engine keeps of an event, in bytes. */
  readonly bytesARecord: number
  /** What a node has in memory before its first subscriber's first event, in bytes. */
  readonly nodeBytes: number
}

/** What each shard beyond the first costs a node: those that a stream reads, and all that it follows. Times in microseconds. */
export interface ShardCosts {
  /** Of an event of a stream, whose id names the places in all shards that the stream reads. */
  readonly delivery: number
  /** Of a stream that comes back. */
  readonly resume: number
  /** Of a stream, in bytes. */
  readonly connectionBytes: number
  /** Of each read of a shard by a node, in the node, however many records it brings. */
  readonly followingStep: number
}

/** What `npm run measure` found here. */
export interface Measured {
  readonly date: string
  readonly machine: string
  readonly versions: { readonly node: string; readonly redis: string; readonly postgres: string }
  readonly engines: { readonly redis: EngineCosts; readonly postgres: EngineCosts }
  readonly shards: ShardCosts
  /** To be led past an event of others when coming back, in microseconds. */
  readonly skipping: number
  /** What the kernel keeps for a quiet socket, in bytes. */
  readonly socketBytes: number
}

/** Where it is kept. */
export const measuredFile = new URL('../measured.json', import.meta.url)

export function readMeasured(): Measured {
  return JSON.parse(readFileSync(measuredFile, 'utf8'))
}
