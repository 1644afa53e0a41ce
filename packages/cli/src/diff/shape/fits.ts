import { itemAt } from './intersect-arrays.ts'
import { schemasForKey } from './keys.ts'
import type { Scope } from './scope.ts'
import type { Alternative, ArrayShape, Bound, NumberShape, ObjectShape, Shape, StringShape } from './shape.ts'
import { stableText } from './stable-text.ts'
import { matches } from './text-pattern.ts'

/** Whether something holds; `undefined` when nobody can tell. */
export type Answer = boolean | undefined

/** Whether a value fits a shape. Formats and conditions are beyond telling. */
export function fitsShape(value: unknown, shape: Shape, scope: Scope): Answer {
  return any(shape.map((alternative) => fitsAlternative(value, alternative, scope)))
}

export function fitsAlternative(value: unknown, alternative: Alternative, scope: Scope): Answer {
  const fits = fitsBare(value, alternative, scope)
  return fits === true && alternative.conditions.length > 0 ? undefined : fits
}

function fitsBare(value: unknown, alternative: Alternative, scope: Scope): Answer {
  if (alternative.kind === 'literal') return stableText(value) === alternative.text
  if (typeof value === 'number') return alternative.kind === 'number' && fitsNumber(value, alternative)
  if (typeof value === 'string') return alternative.kind === 'string' ? fitsString(value, alternative) : false
  if (Array.isArray(value)) return alternative.kind === 'array' ? fitsArray(value, alternative, scope) : false
  if (typeof value === 'object' && value !== null) {
    return alternative.kind === 'object' ? fitsObject(value, alternative, scope) : false
  }
  return false
}

function fitsNumber(value: number, { integer, minimum, maximum, multiples }: NumberShape): boolean {
  return (
    (!integer || Number.isInteger(value)) &&
    within(minimum, value, value > minimum.value) &&
    within(maximum, value, value < maximum.value) &&
    multiples.every((step) => Number.isInteger(value / step))
  )
}

function within(bound: Bound, value: number, beyond: boolean): boolean {
  return beyond || (!bound.exclusive && value === bound.value)
}

function fitsString(value: string, { minimum, maximum, patterns, formats }: StringShape): Answer {
  const length = [...value].length
  if (length < minimum || length > maximum) return false
  return all([...patterns.map((pattern) => matches(pattern, value)), ...formats.map(() => undefined)])
}

function fitsArray(value: readonly unknown[], shape: ArrayShape, scope: Scope): Answer {
  if (value.length < shape.minimum || value.length > shape.maximum) return false
  if (shape.unique && new Set(value.map(stableText)).size < value.length) return false
  return all(value.map((item, index) => fitsShape(item, scope.shapeOf(itemAt(shape, index)), scope)))
}

function fitsObject(value: object, shape: ObjectShape, scope: Scope): Answer {
  const entries = Object.entries(value)
  if (entries.length < shape.minimum || entries.length > shape.maximum) return false
  if ([...shape.required].some((key) => !Object.hasOwn(value, key))) return false
  return all(
    entries.flatMap(([key, member]) => [
      fitsShape(key, scope.shapeOf(shape.names), scope),
      ...schemasForKey(shape, key).map((schema) => fitsShape(member, scope.shapeOf(schema), scope)),
    ]),
  )
}

function all(answers: readonly Answer[]): Answer {
  if (answers.includes(false)) return false
  return answers.includes(undefined) ? undefined : true
}

function any(answers: readonly Answer[]): Answer {
  if (answers.includes(true)) return true
  return answers.includes(undefined) ? undefined : false
}
