import type * as z from 'zod/v4/core'

/**
 * The name of the codec that a schema is: `date`, `bigint`, `number`, or `custom` where only its author knows what it does.
 * `undefined` when it is no codec.
 */
export function codecName(schema: z.$ZodType): string | undefined {
  const { def } = (schema as z.$ZodTypes)._zod
  if (def.type !== 'pipe' || !('reverseTransform' in def) || def.reverseTransform === undefined)
    return undefined
  // Named by @millrace/contract, in whichever copy of it the codec was made.
  if ('x-codec' in def && typeof def['x-codec'] === 'string') return def['x-codec']
  return standardName(def.in as z.$ZodTypes, def.out as z.$ZodTypes)
}

/** A codec that people write themselves between these types has one sensible meaning. */
function standardName(wire: z.$ZodTypes, code: z.$ZodTypes): string {
  const wireDef = wire._zod.def
  if (wireDef.type !== 'string') return 'custom'
  switch (code._zod.def.type) {
    case 'date':
      return 'format' in wireDef && wireDef.format === 'datetime' ? 'date' : 'custom'
    case 'bigint':
      return 'bigint'
    case 'number':
      return 'number'
    default:
      return 'custom'
  }
}
