import type { CandidateName } from './candidates.ts'
import type { Checks } from './scenario.ts'

/** All measurements of one peer in one scenario. */
export interface PeerResult {
  readonly peer: CandidateName
  /** Values of each round, by metric. */
  readonly values: Readonly<Record<string, readonly number[]>>
  /** The worst of all rounds. */
  readonly checks: Checks
  /** Share of the scenario's connections, where fewer were taken because the generator could do no more. */
  readonly connections: number
}

/** One scenario's results. */
export interface ScenarioResult {
  readonly scenario: string
  /** Day of the run. */
  readonly date: string
  /** What it ran on: parts of the benchmark may be of other machines. */
  readonly processor: string
  readonly peers: readonly PeerResult[]
}

/** What a run found, and on what. */
export interface Results {
  readonly machine: Machine
  /** Versions of the packages, by name. */
  readonly versions: Readonly<Record<string, string>>
  readonly scenarios: readonly ScenarioResult[]
}

export interface Machine {
  readonly cores: number
  /** Gibibytes. */
  readonly memory: number
  readonly system: string
  readonly node: string
  /** Whether server and generator were held on cores of their own. */
  readonly pinned: boolean
}

/** The worse of two checks. */
export function worse(left: Checks, right: Checks): Checks {
  return {
    generatorShare: Math.max(left.generatorShare, right.generatorShare),
    othersShare: Math.max(left.othersShare, right.othersShare),
    missing: left.missing + right.missing,
    surplus: left.surplus + right.surplus,
    disordered: left.disordered + right.disordered,
    lost: left.lost + right.lost,
    faults: [...new Set([...left.faults, ...right.faults])],
  }
}

/** What is wrong with a measurement, in words; nothing when it is sound. */
export function complaints({ missing, surplus, disordered, lost, faults }: Checks): readonly string[] {
  return [
    ...(missing > 0 ? [`${missing} events are missing`] : []),
    ...(surplus > 0 ? [`${surplus} events came twice`] : []),
    ...(disordered > 0 ? [`${disordered} events came out of order`] : []),
    ...(lost > 0 ? [`${lost} connections ended`] : []),
    ...faults,
  ]
}
