import type { JsonSchemaObject } from '../../model/json-schema.ts'

/** A number within the limits of a schema: 1 where that fits. */
export function exampleNumber(schema: JsonSchemaObject, whole: boolean): number {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
  const step = multipleOf ?? (whole ? 1 : undefined)
  const low = Math.max(minimum ?? Number.NEGATIVE_INFINITY, exclusiveMinimum ?? Number.NEGATIVE_INFINITY)
  const high = Math.min(maximum ?? Number.POSITIVE_INFINITY, exclusiveMaximum ?? Number.POSITIVE_INFINITY)
  const fits = (value: number) =>
    value >= low &&
    value <= high &&
    value !== exclusiveMinimum &&
    value !== exclusiveMaximum &&
    (step === undefined || Number.isInteger(value / step))

  const above = step === undefined ? low : Math.ceil(low / step) * step
  const below = step === undefined ? high : Math.floor(high / step) * step
  const candidates = [
    1,
    step ?? 1,
    0,
    above,
    above + (step ?? 1),
    below,
    below - (step ?? 1),
    (low + high) / 2,
  ]
  return candidates.find((value) => Number.isFinite(value) && fits(value)) ?? 0
}
