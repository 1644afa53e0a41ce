import { refName } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { mapSubschemas } from '../../model/subschemas.ts'

/** Replaces every ref of a schema, and then each schema in it by what `change` makes of it, from the inside out. */
export function rewriteSchema(
  schema: JsonSchema,
  toRef: (definition: string) => string,
  change: (schema: JsonSchemaObject) => JsonSchema,
): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const inner = mapSubschemas(schema, (child) => rewriteSchema(child, toRef, change))
  return change(inner.$ref === undefined ? inner : { ...inner, $ref: toRef(refName(inner.$ref)) })
}

/** A schema without some of its keywords. */
export function withoutKeywords(schema: JsonSchemaObject, ...keywords: readonly string[]): JsonSchemaObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => !keywords.includes(keyword)))
}
