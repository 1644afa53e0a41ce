/** Numbers that a seed decides. */
export interface Random {
  /** From `least` to `most`, both included. */
  integer(least: number, most: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
}

// [spec] mulberry32, by Tommy Ettinger, in the public domain.
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    integer: (least, most) => least + Math.floor(next() * (most - least + 1)),
    chance: (probability) => next() < probability,
    pick(choices) {
      const [first] = choices
      if (first === undefined) throw new RangeError('there is nothing to pick from')
      return choices[Math.floor(next() * choices.length)] ?? first
    },
  }
}
