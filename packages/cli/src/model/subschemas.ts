import type { JsonSchema, JsonSchemaObject } from './json-schema.ts'

const single: ReadonlySet<string> = new Set([
  'additionalProperties',
  'propertyNames',
  'items',
  'contains',
  'not',
  'if',
  'then',
  'else',
])
const lists: ReadonlySet<string> = new Set(['prefixItems', 'anyOf', 'oneOf', 'allOf'])
const maps: ReadonlySet<string> = new Set(['properties', 'patternProperties'])

/** The same schema with each schema directly within it replaced. Keywords keep their order. */
export function mapSubschemas(
  schema: JsonSchemaObject,
  replace: (child: JsonSchema, pointer: string) => JsonSchema,
): JsonSchemaObject {
  // `Object.fromEntries` makes of a property named `__proto__` an own one, which an assignment would not.
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, value]): [string, unknown] => {
      if (value === undefined) return [keyword, value]
      if (single.has(keyword)) return [keyword, replace(value as JsonSchema, keyword)]
      if (lists.has(keyword)) {
        return [keyword, (value as JsonSchema[]).map((child, index) => replace(child, `${keyword}/${index}`))]
      }
      if (maps.has(keyword)) {
        const children = Object.entries(value as Record<string, JsonSchema>)
        return [
          keyword,
          Object.fromEntries(
            children.map(([name, child]) => [name, replace(child, `${keyword}/${escapeToken(name)}`)]),
          ),
        ]
      }
      return [keyword, value]
    }),
  ) as JsonSchemaObject
}

/** The schemas directly within one, with the steps of a JSON Pointer to them. */
export function subschemasOf(schema: JsonSchema): readonly (readonly [child: JsonSchema, pointer: string])[] {
  if (typeof schema === 'boolean') return []
  const found: [JsonSchema, string][] = []
  mapSubschemas(schema, (child, pointer) => {
    found.push([child, pointer])
    return child
  })
  return found
}

/** A name as a step of a JSON Pointer in a ref, which is a URI. */
export function pointerStep(name: string): string {
  return encodeURIComponent(escapeToken(name))
}

/** A name as a step of a JSON Pointer. */
export function escapeToken(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1')
}
