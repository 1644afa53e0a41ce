import type { JsonSchema } from '../../model/json-schema.ts'
import { bothOf } from './both.ts'
import type { ArrayShape } from './shape.ts'

/** The arrays that fit both. */
export function intersectArrays(a: ArrayShape, b: ArrayShape): ArrayShape {
  const length = Math.max(a.prefix.length, b.prefix.length)
  return {
    ...b,
    minimum: Math.max(a.minimum, b.minimum),
    maximum: Math.min(a.maximum, b.maximum),
    unique: a.unique || b.unique,
    prefix: Array.from({ length }, (_, index) => bothOf(itemAt(a, index), itemAt(b, index))),
    rest: bothOf(a.rest, b.rest),
  }
}

/** The schema of one item of an array. */
export function itemAt({ prefix, rest }: ArrayShape, index: number): JsonSchema {
  return prefix[index] ?? rest
}
