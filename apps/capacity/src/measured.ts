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

/** What `npm run measure` found here. */
export interface Measured {
  readonly date: string
  readonly machine: string
  readonly versions: { readonly node: string; readonly redis: string; readonly postgres: string }
  readonly engines: { readonly redis: EngineCosts; readonly postgres: EngineCosts }
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
