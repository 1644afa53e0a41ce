import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { rewriteSchema, withoutKeywords } from './rewrite-schema.ts'

/** A schema in draft-07, which AsyncAPI has. Nothing of the model is lost in it. */
export function toDraft7(schema: JsonSchema, toRef: (definition: string) => string): JsonSchema {
  return rewriteSchema(schema, toRef, (inner) => refAlone(tuple(withoutKeywords(inner, 'discriminator'))))
}

/** Draft-07 overlooks what stands beside a ref. */
function refAlone(schema: JsonSchemaObject): JsonSchemaObject {
  const { $ref, ...rest } = schema
  if ($ref === undefined || Object.keys(rest).length === 0) return schema
  const { allOf = [], ...others } = rest
  return { allOf: [{ $ref }, ...allOf], ...others }
}

function tuple(schema: JsonSchemaObject): JsonSchemaObject {
  if (schema.prefixItems === undefined) return schema
  const { prefixItems, items, ...rest } = schema
  // The model's type knows `items` as one schema.
  const list: Readonly<Record<string, unknown>> = { ...rest, items: prefixItems }
  return (items === undefined ? list : { ...list, additionalItems: items }) as JsonSchemaObject
}
