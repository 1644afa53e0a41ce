import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { mapSubschemas } from '../../model/subschemas.ts'
import { isNothing } from './keywords.ts'

const kept = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'enum',
  'items',
  'oneOf',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
  'type',
])

/**
 * A schema of what TypeScript sees of a schema: without limits, patterns, formats and conditions, with the type in code instead
 * of the wire's where there is a codec, and with a property that has a default as one that is always there.
 */
export function erase(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema
  if (isNothing(schema)) return false
  const inner = eraseKeywords(schema)
  const codec = schema['x-codec']
  return typeof codec === 'string' ? typeOf(codec, inner) : inner
}

function eraseKeywords(schema: JsonSchemaObject): JsonSchemaObject {
  const entries = Object.entries(mapSubschemas(schema, erase)).filter(
    ([keyword, value]) => kept.has(keyword) && !(keyword === 'additionalProperties' && value === false),
  )
  const erased: Record<string, unknown> = Object.fromEntries(entries)
  if (schema.type !== undefined) erased.type = eraseType(schema.type)
  if (schema.prefixItems !== undefined) {
    // How long a tuple is belongs to its type; how long an array is does not.
    if (schema.minItems !== undefined) erased.minItems = schema.minItems
    if (schema.maxItems !== undefined) erased.maxItems = schema.maxItems
  }
  const always = Object.entries(schema.properties ?? {}).filter(([, child]) => hasDefault(child))
  const required = new Set([...(schema.required ?? []), ...always.map(([key]) => key)])
  if (required.size > 0) erased.required = [...required].sort()
  if (schema.oneOf !== undefined && schema.anyOf === undefined) {
    erased.anyOf = erased.oneOf
    delete erased.oneOf
  }
  return erased
}

function eraseType(type: NonNullable<JsonSchemaObject['type']>): NonNullable<JsonSchemaObject['type']> {
  const types = (typeof type === 'string' ? [type] : type).map((name) =>
    name === 'integer' ? 'number' : name,
  )
  return types
}

/** Whether a property that is left out on the wire is there in code. */
export function hasDefault(schema: JsonSchema): boolean {
  return typeof schema === 'object' && schema.default !== undefined
}

// A type of its own: nothing but the same codec's makes it.
function typeOf(codec: string, inner: JsonSchemaObject): JsonSchema {
  const generic =
    inner.items !== undefined || inner.prefixItems !== undefined || inner.additionalProperties !== undefined
  return {
    type: 'object',
    properties: { '~codec': { const: codec }, ...(generic && { '~of': inner }) },
    required: generic ? ['~codec', '~of'] : ['~codec'],
  }
}
