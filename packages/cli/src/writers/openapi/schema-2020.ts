import type { ContractModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { rewriteSchema, withoutKeywords } from '../schema/rewrite-schema.ts'

type Definitions = ContractModel['definitions']

/** Where a schema stands in the document. */
export function schemaRef(name: string): string {
  return `#/components/schemas/${name}`
}

/** A schema as OpenAPI 3.1 and 3.2 have it: JSON Schema 2020-12 with refs to the document's components. */
export function toComponentSchema(schema: JsonSchema, definitions: Definitions): JsonSchema {
  return rewriteSchema(schema, schemaRef, (inner) => withMapping(inner, definitions))
}

/** OpenAPI's discriminator speaks of named schemas alone, and finds one by the mapping. */
function withMapping(schema: JsonSchemaObject, definitions: Definitions): JsonSchemaObject {
  const { discriminator } = schema
  if (discriminator === undefined) return schema
  const { propertyName } = discriminator
  const mapping = (schema.oneOf ?? schema.anyOf ?? []).map((option) =>
    entriesOf(option, propertyName, definitions),
  )
  return mapping.some((entries) => entries.length === 0)
    ? withoutKeywords(schema, 'discriminator')
    : {
        ...schema,
        discriminator: {
          propertyName,
          mapping: Object.fromEntries(mapping.flat()),
        } as JsonSchemaObject['discriminator'] & object,
      }
}

/** The values of the property that mean this option; none when it is no named schema. */
function entriesOf(
  option: JsonSchema,
  property: string,
  definitions: Definitions,
): readonly (readonly [string, string])[] {
  if (typeof option !== 'object' || option.$ref === undefined) return []
  const ref = option.$ref
  // The refs within are the document's already.
  const target = resolveSchema({ $ref: ref.replace(schemaRef(''), '#/$defs/') }, definitions)
  const tag = typeof target === 'object' ? target.properties?.[property] : undefined
  if (typeof tag !== 'object') return []
  const values = 'const' in tag ? [tag.const] : (tag.enum ?? [])
  return values.map((value) => [String(value), ref])
}
