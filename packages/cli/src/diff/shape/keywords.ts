import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'

/** Where in a schema other schemas stand. */
export const holdsSchema: ReadonlySet<string> = new Set([
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
])
export const holdsList: ReadonlySet<string> = new Set(['allOf', 'anyOf', 'oneOf', 'prefixItems'])
export const holdsMap: ReadonlySet<string> = new Set(['patternProperties', 'properties'])

/** Whose order means nothing. */
export const holdsSet: ReadonlySet<string> = new Set(['enum', 'required', 'type'])

const annotations = new Set([
  '$comment',
  '$defs',
  'contentEncoding',
  'contentMediaType',
  'contentSchema',
  'default',
  'definitions',
  'deprecated',
  'description',
  'discriminator',
  'example',
  'examples',
  'externalDocs',
  'readOnly',
  'title',
  'writeOnly',
])

/** Whether a keyword says something about a schema without deciding what fits it, or what it is in code. */
export function isAnnotation(keyword: string): boolean {
  return annotations.has(keyword) || (keyword.startsWith('x-') && keyword !== 'x-codec')
}

/** A schema as an object: `true` is `{}`, and `false` is what nothing fits. */
export function asObject(schema: JsonSchema): JsonSchemaObject {
  if (schema === true) return {}
  if (schema === false) return { not: {} }
  return schema
}

/** Whether everything fits, and nothing is said about it. */
function isAnything(schema: JsonSchema): boolean {
  return schema === true || (schema !== false && Object.keys(schema).every(isAnnotation))
}

/** Whether a schema is plainly written as one that nothing fits. */
export function isNothing(schema: JsonSchema): boolean {
  return schema === false || (schema !== true && schema.not !== undefined && isAnything(schema.not))
}
