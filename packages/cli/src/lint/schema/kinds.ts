import type { ContractModel } from '../../model/contract-model.ts'
import { resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject, JsonType } from '../../model/json-schema.ts'

/** A type of JSON; whole numbers are numbers. */
export type Kind = Exclude<JsonType, 'integer'> | 'anything'

/** What a value may be, as far as the schema tells; nothing at all where it may be nothing. */
export function kindsOf(schema: JsonSchema, definitions: ContractModel['definitions']): ReadonlySet<Kind> {
  return inside(schema, definitions, [])
}

function inside(
  schema: JsonSchema,
  definitions: ContractModel['definitions'],
  open: readonly JsonSchema[],
): ReadonlySet<Kind> {
  const resolved = resolveSchema(schema, definitions)
  // What comes back to itself says nothing more about itself.
  if (resolved === false || (resolved !== undefined && open.includes(resolved))) return new Set()
  if (resolved === undefined || resolved === true) return new Set(['anything'])
  const within = (part: JsonSchema) => inside(part, definitions, [...open, resolved])
  const own = ownKinds(resolved)
  if (own.length > 0) return new Set(own)
  const options = resolved.oneOf ?? resolved.anyOf
  if (options !== undefined) return new Set(options.flatMap((option) => [...within(option)]))
  const part = resolved.allOf?.map(within).find((kinds) => !kinds.has('anything'))
  return part ?? new Set(['anything'])
}

function ownKinds(schema: JsonSchemaObject): readonly Kind[] {
  if (schema.type !== undefined)
    return [schema.type].flat().map((type) => (type === 'integer' ? 'number' : type))
  const values = 'const' in schema ? [schema.const] : schema.enum
  if (values !== undefined) return values.map(kindOfValue)
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return ['object']
  return schema.items !== undefined || schema.prefixItems !== undefined ? ['array'] : []
}

function kindOfValue(value: unknown): Kind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as 'boolean' | 'number' | 'string' | 'object'
}
