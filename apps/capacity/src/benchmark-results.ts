import { readFileSync } from 'node:fs'

// What is read of benchmarks/results.json.
interface Results {
  readonly machine: { readonly processor: string; readonly node: string }
  readonly scenarios: readonly {
    readonly scenario: string
    readonly date: string
    readonly peers: readonly {
      readonly peer: string
      readonly values: Readonly<Record<string, readonly (number | null)[]>>
    }[]
  }[]
}

/** A figure of Millrace's, as the benchmarks last measured it, and where it stands. */
export interface BenchmarkFigure {
  readonly value: number
  readonly where: string
}

/** Reads what the benchmarks measured. The model has no copy of it, so that it moves with the next run. */
export function readBenchmarks(): (scenario: string, metric: string) => BenchmarkFigure {
  const file = new URL('../../../benchmarks/results.json', import.meta.url)
  const { scenarios }: Results = JSON.parse(readFileSync(file, 'utf8'))
  return (scenario, metric) => {
    const found = scenarios.find((one) => one.scenario === scenario)
    const values = found?.peers.find(({ peer }) => peer === 'millrace')?.values[metric]
    const known = (values ?? []).filter((value) => value !== null).sort((left, right) => left - right)
    const value = known[Math.floor(known.length / 2)]
    if (found === undefined || value === undefined) {
      throw new Error(
        `benchmarks/results.json has no ${metric} of ${scenario}: npm run bench -- --only ${scenario}`,
      )
    }
    return { value, where: `benchmarks, ${scenario}, ${found.date}` }
  }
}
