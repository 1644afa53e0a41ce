import { isNothing } from './keywords.ts'
import type { Alternative, ArrayShape, Bound, NumberShape, ObjectShape } from './shape.ts'
import { matches } from './text-pattern.ts'

/** An alternative with what follows from its parts written out; `undefined` when it is certain that nothing fits it. */
export function tidy<A extends Alternative>(alternative: A): A | undefined {
  // What each branch makes is of the kind that it was given.
  return tidyAny(alternative) as A | undefined
}

function tidyAny(alternative: Alternative): Alternative | undefined {
  switch (alternative.kind) {
    case 'literal':
      return alternative
    case 'number':
      return tidyNumber(alternative)
    case 'string':
      return alternative.minimum > alternative.maximum ? undefined : alternative
    case 'array':
      return tidyArray(alternative)
    case 'object':
      return tidyObject(alternative)
  }
}

function tidyNumber(shape: NumberShape): NumberShape | undefined {
  const whole = shape.integer || shape.multiples.some((step) => Number.isInteger(step))
  const minimum = whole ? wholeMinimum(shape.minimum) : shape.minimum
  const maximum = whole ? wholeMaximum(shape.maximum) : shape.maximum
  if (minimum.value > maximum.value) return undefined
  if (minimum.value === maximum.value && (minimum.exclusive || maximum.exclusive)) return undefined
  return { ...shape, integer: whole, minimum, maximum }
}

function wholeMinimum({ value, exclusive }: Bound): Bound {
  return { value: exclusive ? Math.floor(value) + 1 : Math.ceil(value), exclusive: false }
}

function wholeMaximum({ value, exclusive }: Bound): Bound {
  return { value: exclusive ? Math.ceil(value) - 1 : Math.floor(value), exclusive: false }
}

function tidyArray(shape: ArrayShape): ArrayShape | undefined {
  const closedAt = [...shape.prefix, shape.rest].findIndex(isNothing)
  const maximum = closedAt === -1 ? shape.maximum : Math.min(shape.maximum, closedAt)
  if (shape.minimum > maximum) return undefined
  const prefix = closedAt === -1 ? shape.prefix : shape.prefix.slice(0, closedAt)
  return { ...shape, maximum, prefix, rest: closedAt === -1 ? shape.rest : false }
}

function tidyObject(shape: ObjectShape): ObjectShape | undefined {
  if (shape.minimum > shape.maximum) return undefined
  const extra = shape.extra !== undefined && isNothing(shape.extra) ? false : shape.extra
  for (const key of shape.required) {
    const own = shape.properties.get(key)
    if (own !== undefined ? isNothing(own) : extra === false && !mayMatch(shape, key)) return undefined
  }
  return { ...shape, extra }
}

function mayMatch({ patterns }: ObjectShape, key: string): boolean {
  return patterns.some(({ pattern }) => matches(pattern, key) !== false)
}
