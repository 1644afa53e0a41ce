import { median } from './statistics.ts'

/** A piece of work that is repeated. What it returns is kept, so that no compiler leaves it out. */
export interface Candidate {
  readonly name: string
  run(): unknown
}

const rounds = 15
const roundTime = 60

const kept: { last: unknown } = { last: undefined }

/**
 * Measures candidates side by side: rounds in turn, so that what disturbs the machine disturbs all of them, and the median of each.
 *
 * @returns nanoseconds of one run, by name
 */
export function measure(candidates: readonly Candidate[]): ReadonlyMap<string, number> {
  const times = new Map(candidates.map(({ name }) => [name, [] as number[]]))
  for (let round = 0; round < rounds; round += 1) {
    for (const candidate of candidates) {
      const time = timeOf(candidate)
      // The first rounds are the compiler's.
      if (round >= 3) times.get(candidate.name)?.push(time)
    }
  }
  return new Map([...times].map(([name, all]) => [name, median(all)]))
}

function timeOf({ run }: Candidate): number {
  let runs = 0
  const begin = performance.now()
  let end = begin
  while (end - begin < roundTime) {
    for (let index = 0; index < 200; index += 1) kept.last = run()
    runs += 200
    end = performance.now()
  }
  return ((end - begin) * 1e6) / runs
}
