import type { JsonSchema, JsonSchemaObject } from '../model/json-schema.ts'
import { mapSubschemas } from '../model/subschemas.ts'

const order = [
  '$ref',
  'title',
  'description',
  'deprecated',
  'x-codec',
  'type',
  'format',
  'contentEncoding',
  'contentMediaType',
  'const',
  'enum',
  'default',
  'discriminator',
  'oneOf',
  'anyOf',
  'allOf',
  'not',
  'if',
  'then',
  'else',
  'minLength',
  'maxLength',
  'pattern',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'properties',
  'required',
  'patternProperties',
  'propertyNames',
  'additionalProperties',
  'minProperties',
  'maxProperties',
  'prefixItems',
  'items',
  'minItems',
  'maxItems',
  'uniqueItems',
  'contains',
  'examples',
]

const places = new Map(order.map((keyword, index) => [keyword, index]))

/** Whether a key belongs in a schema of the model. */
export function isKeyword(key: string): boolean {
  return places.has(key) || key.startsWith('x-')
}

/** The same schema with its keywords in the order that people read them in. */
export function orderKeywords(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const inner = mapSubschemas(schema, orderKeywords)
  return Object.fromEntries(
    Object.entries(inner).sort(([left], [right]) => placeOf(left) - placeOf(right)),
  ) as JsonSchemaObject
}

function placeOf(keyword: string): number {
  return places.get(keyword) ?? order.length
}
