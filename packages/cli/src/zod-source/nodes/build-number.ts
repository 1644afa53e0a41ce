import type { NumberFacet } from '../facets/facets.ts'
import type { NumberNode } from './node.ts'

const int32 = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }
const safe = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER }

/** The node of numbers. Bounds that its format has anyway are left out. */
export function buildNumber(facet: NumberFacet): NumberNode {
  const format = formatOf(facet)
  const limits = format === 'int32' ? int32 : format === 'int' ? safe : undefined
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multiplesOf } = facet
  return {
    kind: 'number',
    format,
    ...(minimum === undefined || (limits && minimum <= limits.minimum) ? {} : { minimum }),
    ...(exclusiveMinimum === undefined ? {} : { exclusiveMinimum }),
    ...(maximum === undefined || (limits && maximum >= limits.maximum) ? {} : { maximum }),
    ...(exclusiveMaximum === undefined ? {} : { exclusiveMaximum }),
    multiplesOf: format === 'any' ? multiplesOf : multiplesOf.filter((step) => step !== 1),
  }
}

function formatOf({ integer, formats, minimum, maximum }: NumberFacet): NumberNode['format'] {
  if (formats.includes('int32')) return 'int32'
  if (integer && minimum === int32.minimum && maximum === int32.maximum) return 'int32'
  return integer || formats.includes('int64') ? 'int' : 'any'
}

/** Whether a number may be any. */
export function isAnyNumber(facet: NumberFacet): boolean {
  const { format, multiplesOf, ...rest } = buildNumber(facet)
  return format === 'any' && multiplesOf.length === 0 && Object.keys(rest).length === 1
}
