import type { Bench } from './bench.ts'
import type { CandidateName } from './candidates.ts'
import type { PeerName } from './peers/names.ts'

/** What is measured, and how it is shown. */
export interface Metric {
  readonly title: string
  readonly unit: string
  /** Digits after the point. */
  readonly digits: number
}

/** What shows whether a measurement is worth anything. */
export interface Checks {
  /** Share of its core that the generator used: near 1, it was measured and not the server. */
  readonly generatorShare: number
  /** What other processes used meanwhile, in cores. Times suffer from it first, CPU time by what it does to the caches. */
  readonly othersShare: number
  /** Events that did not arrive, and those that came twice. */
  readonly missing: number
  readonly surplus: number
  /** Events that came out of order. */
  readonly disordered: number
  /** Streams that ended by themselves. */
  readonly lost: number
  /** What a parser found wrong with the streams that were kept whole. */
  readonly faults: readonly string[]
}

/** One measurement of one peer. */
export interface Outcome {
  /** Values by metric. */
  readonly values: Readonly<Record<string, number>>
  readonly checks: Checks
}

/** How much of everything a run takes. */
export interface Scale {
  /** Multiplies connections. 1 is what the targets speak of. */
  readonly connections: number
  /** Multiplies events and times. */
  readonly duration: number
}

/** Of a measurement in which nothing was wrong. */
export const noFaults: Checks = {
  generatorShare: 0,
  othersShare: 0,
  missing: 0,
  surplus: 0,
  disordered: 0,
  lost: 0,
  faults: [],
}

/** Something that candidates are compared by. */
interface Comparison<Name extends CandidateName> {
  readonly name: string
  /** What is compared. */
  readonly subject: 'server' | 'client' | 'parser'
  readonly title: string
  /** What is done, in a few sentences. */
  readonly text: string
  readonly peers: readonly Name[]
  /** Peer that the others are divided by, for each metric that has one. */
  readonly references: Readonly<Record<string, Name>>
  readonly metrics: Readonly<Record<string, Metric>>
  /** Whether a generator that has no time left would change the values. It does not where only CPU time of opening counts. */
  readonly generatorCounts: boolean
  /** Measurements of each peer whose median counts. */
  readonly rounds: number
}

/** Something that servers are compared by. */
export interface ServerScenario extends Comparison<PeerName> {
  readonly subject: 'server'
  /** Measures a fresh server. */
  measure(bench: Bench, scale: Scale): Promise<Outcome>
}

/** Something that clients and their parts are compared by. */
export interface ClientScenario<Name extends CandidateName = CandidateName> extends Comparison<Name> {
  readonly subject: 'client' | 'parser'
  /**
   * Measures one of them in a process of its own.
   *
   * @param profile gives the file for a profile of that name, where some are wanted
   */
  measureClient(name: Name, scale: Scale, profile: ((name: string) => string) | undefined): Promise<Outcome>
}

export type Scenario = ServerScenario | ClientScenario
