import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { escapeToken } from '../../model/subschemas.ts'

/** A schema with the place in the model that it is at, or that most of it is at. */
export interface Located<Schema extends JsonSchema = JsonSchema> {
  readonly schema: Schema
  readonly pointer: string
}

/** A schema inside another. */
export function inside(parent: Located, schema: JsonSchema, ...steps: readonly string[]): Located {
  return { schema, pointer: [parent.pointer, ...steps.map(escapeToken)].join('/') }
}

/** What must fit both. */
export function both(left: Located | undefined, right: Located | undefined): Located | undefined {
  if (left === undefined || isTrue(left)) return right ?? left
  if (right === undefined || isTrue(right) || left.schema === right.schema) return left
  if (left.schema === false) return left
  if (right.schema === false) return right
  const parts = distinct([...partsOf(left), ...partsOf(right)])
  return parts.length === 1 ? left : { schema: allOf(parts), pointer: left.pointer }
}

const sources = new WeakMap<JsonSchemaObject, readonly Located[]>()

function allOf(parts: readonly Located[]): JsonSchemaObject {
  const schema: JsonSchemaObject = { allOf: parts.map((part) => part.schema) }
  sources.set(schema, parts)
  return schema
}

// A definition that is referred to twice is one.
function distinct(parts: readonly Located[]): readonly Located[] {
  return [...new Map(parts.map((part) => [identityOf(part.schema), part])).values()]
}

function identityOf(schema: JsonSchema): unknown {
  const [only, ...others] = typeof schema === 'object' ? Object.keys(schema) : []
  return only === '$ref' && others.length === 0 ? (schema as JsonSchemaObject).$ref : schema
}

/** Whether two schemas were put together of the same ones. */
export function isSame(left: Located, right: Located): boolean {
  const [parts, others] = [partsOf(left), partsOf(right)]
  const known = new Set(others.map(({ schema }) => identityOf(schema)))
  return parts.length === others.length && parts.every(({ schema }) => known.has(identityOf(schema)))
}

/** The schemas that `both` put together, where they come from; a schema of the model is its own only part. */
export function partsOf(located: Located): readonly Located[] {
  return (typeof located.schema === 'object' ? sources.get(located.schema) : undefined) ?? [located]
}

function isTrue({ schema }: Located): boolean {
  return schema === true
}
