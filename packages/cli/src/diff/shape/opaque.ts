import type { JsonSchemaObject } from '../../model/json-schema.ts'
import { isAnnotation } from './keywords.ts'
import type { Kind } from './shape.ts'

const understood = new Set([
  '$ref',
  'additionalProperties',
  'allOf',
  'anyOf',
  'const',
  'enum',
  'exclusiveMaximum',
  'exclusiveMinimum',
  'format',
  'items',
  'maxItems',
  'maxLength',
  'maxProperties',
  'maximum',
  'minItems',
  'minLength',
  'minProperties',
  'minimum',
  'multipleOf',
  'oneOf',
  'pattern',
  'patternProperties',
  'prefixItems',
  'properties',
  'propertyNames',
  'required',
  'type',
  'uniqueItems',
  'x-codec',
])

// Keywords that mean nothing without each other, and the one type they speak of, where it is one.
const groups: readonly { readonly keywords: readonly string[]; readonly kind?: Kind }[] = [
  { keywords: ['if', 'then', 'else'] },
  { keywords: ['contains', 'minContains', 'maxContains'], kind: 'array' },
]

/** A part of a schema that is compared by how it is written. */
export interface OpaquePart {
  readonly schema: JsonSchemaObject
  /** The one type it speaks of; every type when absent. */
  readonly kind?: Kind
}

/** What of a schema is beyond reasoning: `not`, `if`, `contains` and every keyword not known here. */
export function opaqueParts(schema: JsonSchemaObject): readonly OpaquePart[] {
  const keywords = Object.keys(schema).filter(
    (keyword) => !understood.has(keyword) && !isAnnotation(keyword) && schema[keyword] !== undefined,
  )
  if (keywords.some((keyword) => keyword.startsWith('unevaluated'))) return [{ schema }]
  const parts: OpaquePart[] = []
  const grouped = new Set<string>()
  for (const { keywords: group, kind } of groups) {
    const present = group.filter((keyword) => keywords.includes(keyword))
    if (present.length === 0) continue
    for (const keyword of present) grouped.add(keyword)
    parts.push({ schema: pick(schema, present), ...(kind && { kind }) })
  }
  for (const keyword of keywords) if (!grouped.has(keyword)) parts.push({ schema: pick(schema, [keyword]) })
  return parts
}

function pick(schema: JsonSchemaObject, keywords: readonly string[]): JsonSchemaObject {
  return Object.fromEntries(keywords.map((keyword) => [keyword, schema[keyword]]))
}
