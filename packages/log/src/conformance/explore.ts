import { ConformanceError } from './check.ts'

/** Something that must hold whatever the choices, which are whole numbers from 0 on. */
export type Property = (choices: readonly number[]) => Promise<void>

/** Tries a property with many choices, and rejects with the choices for which it fails. */
export type Explore = (property: Property, runs: number) => Promise<void>

const longest = 40

/**
 * Tries choices that look random and are the same at each call for the same seed. What fails is tried again with less and less,
 * and told with the least that still fails.
 */
export function exploreFrom(seed: number): Explore {
  return async (property, runs) => {
    const random = randomFrom(seed)
    for (let run = 0; run < runs; run += 1) {
      const length = Math.floor(random() * longest) + 1
      const choices = Array.from({ length }, () => Math.floor(random() * 2 ** 31))
      const failure = await failureOf(property, choices)
      if (failure === undefined) continue
      const least = await shrink(property, { choices, failure })
      throw new ConformanceError(`${String(least.failure)} (choices: ${JSON.stringify(least.choices)})`)
    }
  }
}

interface Counterexample {
  readonly choices: readonly number[]
  readonly failure: unknown
}

// Leaves out ever smaller parts. The outcome may depend on timing, so only what failed again counts.
async function shrink(property: Property, from: Counterexample): Promise<Counterexample> {
  let least = from
  for (let size = Math.ceil(least.choices.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let start = 0; start < least.choices.length; ) {
      const choices = least.choices.toSpliced(start, size)
      const failure = await failureOf(property, choices)
      if (failure === undefined) start += size
      else least = { choices, failure }
    }
  }
  return least
}

async function failureOf(property: Property, choices: readonly number[]): Promise<unknown> {
  try {
    await property(choices)
    return undefined
  } catch (error) {
    return error ?? 'failed'
  }
}

/** Numbers from 0 to below 1 that look random and are the same for the same seed, on every machine. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    // A linear congruential generator modulo 2^32 with the factors of Numerical Recipes; the low bits repeat too soon.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
