import type { Bound, NumberShape } from './shape.ts'

/** The numbers that fit both. */
export function intersectNumbers(a: NumberShape, b: NumberShape): NumberShape {
  return {
    ...b,
    integer: a.integer || b.integer,
    minimum: tighter(a.minimum, b.minimum, 1),
    maximum: tighter(a.maximum, b.maximum, -1),
    multiples: [...new Set([...a.multiples, ...b.multiples])].sort((x, y) => x - y),
  }
}

function tighter(a: Bound, b: Bound, sign: 1 | -1): Bound {
  if (a.value === b.value) return a.exclusive ? a : b
  return (a.value - b.value) * sign > 0 ? a : b
}
