/** A source of numbers that look random and are the same for the same seed. */
export interface Random {
  /** At least 0, less than 1. */
  next(): number
  /** A whole number from 0, less than `end`. */
  below(end: number): number
  pick<Item>(items: readonly Item[]): Item
  /** Whether something happens that has this probability. */
  chance(probability: number): boolean
  /** Some of the items, in their order. */
  some<Item>(items: readonly Item[], probability: number): readonly Item[]
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0
  // Mulberry32.
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const random: Random = {
    next,
    below: (end) => Math.floor(next() * end),
    pick: (items) => items[random.below(items.length)] as (typeof items)[number],
    chance: (probability) => next() < probability,
    some: (items, probability) => items.filter(() => random.chance(probability)),
  }
  return random
}
