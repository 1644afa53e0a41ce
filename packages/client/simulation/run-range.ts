import { type Counts, noCounts } from './counts.ts'
import { drawScenario } from './draw-scenario.ts'
import { simulate } from './simulate.ts'

/** What a range of seeds came to. */
export interface Tally {
  readonly scenarios: number
  readonly counts: Counts
  /** Of processor time. */
  readonly seconds: number
  readonly failed: readonly { readonly seed: number; readonly fault: string }[]
}

/** Runs the scenarios of consecutive seeds, one after the other. @param mostFailed ends it after so many that fail */
export async function runRange(from: number, scenarios: number, mostFailed = 10): Promise<Tally> {
  const counts = noCounts()
  const failed: { seed: number; fault: string }[] = []
  // Most errors here are what is to be expected, and nobody reads where they come from.
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0
  const before = process.cpuUsage()
  let seed = from
  try {
    while (seed < from + scenarios && failed.length < mostFailed) {
      const { fault, counts: own } = await simulate(drawScenario(seed))
      for (const name of Object.keys(counts) as (keyof Counts)[]) counts[name] += own[name]
      if (fault !== undefined) failed.push({ seed, fault })
      seed += 1
    }
  } finally {
    Error.stackTraceLimit = stackTraceLimit
  }
  const { user, system } = process.cpuUsage(before)
  return { scenarios: seed - from, counts, seconds: (user + system) / 1_000_000, failed }
}
