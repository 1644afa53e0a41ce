import { dropped, keyword, mended, type SchemaContext } from './schema-context.ts'

/** Reads the bounds of numbers. */
export function readNumberKeywords(context: SchemaContext): void {
  readBound(context, 'minimum', 'exclusiveMinimum')
  readBound(context, 'maximum', 'exclusiveMaximum')
  const step = readNumber(context, 'multipleOf', (value) => value > 0, 'a number above 0')
  if (step !== undefined) context.out.multipleOf = step
}

/** Reads the counts: lengths, items, members. */
export function readCounts(context: SchemaContext): void {
  for (const name of ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties']) {
    const isCount = (value: number) => Number.isSafeInteger(value) && value >= 0
    const count = readNumber(context, name, isCount, 'a whole number from 0')
    if (count !== undefined) context.out[name] = count
  }
}

// Until draft-04 and in OpenAPI 3.0, the exclusive bound is a truth about the other one.
function readBound(context: SchemaContext, inclusive: string, exclusive: string): void {
  const place = keyword(context, exclusive)
  const flag = typeof place?.value === 'boolean' ? place.value : undefined
  const bound = readNumber(context, inclusive)
  if (bound !== undefined) context.out[flag === true ? exclusive : inclusive] = bound
  if (place === undefined) return
  if (flag === undefined) {
    const value = readNumber(context, exclusive)
    if (value !== undefined) context.out[exclusive] = value
  } else if (flag && bound === undefined) {
    dropped(context, place, `a number, or stand beside "${inclusive}"`)
  }
}

function readNumber(
  context: SchemaContext,
  name: string,
  accepts: (value: number) => boolean = () => true,
  expected = 'a number',
): number | undefined {
  const place = keyword(context, name)
  if (place === undefined) return undefined
  const { value } = place
  if (typeof value === 'number' && accepts(value)) return value
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isFinite(number) && accepts(number)) {
    mended(context, place, expected, number)
    return number
  }
  dropped(context, place, expected)
  return undefined
}
