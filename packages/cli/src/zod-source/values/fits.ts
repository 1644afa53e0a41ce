import type { NumberFacet, StringFacet } from '../facets/facets.ts'
import { stringFormat } from '../formats.ts'
import { compilePattern } from './compile-pattern.ts'

/** Whether a listed number or text is one of those allowed; `undefined` where only Zod can tell. */
export function fitsFacet(
  value: unknown,
  { number, string }: { readonly number: NumberFacet; readonly string: StringFacet },
): boolean | undefined {
  if (typeof value === 'number') return fitsNumber(value, number)
  if (typeof value === 'string') return fitsString(value, string)
  return true
}

function fitsNumber(value: number, facet: NumberFacet): boolean | undefined {
  const { integer, minimum, exclusiveMinimum, maximum, exclusiveMaximum, multiplesOf, formats } = facet
  if (
    (integer && !Number.isInteger(value)) ||
    (minimum !== undefined && value < minimum) ||
    (exclusiveMinimum !== undefined && value <= exclusiveMinimum) ||
    (maximum !== undefined && value > maximum) ||
    (exclusiveMaximum !== undefined && value >= exclusiveMaximum)
  ) {
    return false
  }
  const isPlain =
    multiplesOf.length === 0 && formats.every((format) => format !== 'int32' && format !== 'int64')
  return isPlain ? true : undefined
}

function fitsString(
  value: string,
  { minimum = 0, maximum, patterns, formats }: StringFacet,
): boolean | undefined {
  const { length } = [...value]
  if (length < minimum || (maximum !== undefined && length > maximum)) return false
  if (formats.some((format) => stringFormat(format) !== undefined)) return undefined
  const expressions = patterns.map(compilePattern)
  return expressions.includes(undefined) ? undefined : expressions.every((pattern) => pattern?.test(value))
}
