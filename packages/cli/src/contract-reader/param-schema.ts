import type { JsonSchema, JsonSchemaObject } from '../model/json-schema.ts'

/** What is said about a value whatever its type. */
const annotations: ReadonlySet<string> = new Set(['title', 'description', 'deprecated', 'examples'])
const implied: ReadonlySet<string> = new Set(['type', 'minimum', 'maximum'])

const written: Readonly<Record<string, JsonSchemaObject>> = {
  integer: { 'x-codec': 'integer', type: 'string', pattern: '^-?\\d+$' },
  number: { 'x-codec': 'number', type: 'string', pattern: '^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$' },
  boolean: { 'x-codec': 'boolean', type: 'string', enum: ['true', 'false'] },
}

/**
 * The schema of the text in an address, from that of a param. `z.coerce.number()` reads a text, yet says it were a number.
 * `lost` are the keywords that say nothing about a text.
 */
export function addressSchema(schema: JsonSchema): {
  readonly schema: JsonSchema
  readonly lost: readonly string[]
} {
  if (typeof schema === 'boolean') return { schema: { type: 'string' }, lost: [] }
  const text = typeof schema.type === 'string' ? written[schema.type] : undefined
  if (text === undefined) {
    return { schema: Object.keys(schema).length === 0 ? { type: 'string' } : schema, lost: [] }
  }
  const safe = (limit: unknown) => typeof limit !== 'number' || Math.abs(limit) === Number.MAX_SAFE_INTEGER
  const lost = Object.keys(schema).filter(
    (keyword) =>
      !annotations.has(keyword) && !(implied.has(keyword) && (keyword === 'type' || safe(schema[keyword]))),
  )
  const kept = Object.entries(schema).filter(([keyword]) => annotations.has(keyword))
  return {
    schema: {
      ...Object.fromEntries(kept),
      ...text,
      ...(schema.examples ? { examples: schema.examples.map(String) } : {}),
    },
    lost,
  }
}
