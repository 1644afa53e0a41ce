import type { ContractModel } from './contract-model.ts'
import type { JsonSchema, JsonSchemaObject } from './json-schema.ts'
import { subschemasOf } from './subschemas.ts'

const prefix = '#/$defs/'

/** The name of the definition that a ref means. */
export function refName(ref: string): string {
  return ref.slice(prefix.length)
}

/** What a schema that is a ref stands for, through any number of refs; `undefined` when there is no such thing. */
export function resolveSchema(
  schema: JsonSchema,
  definitions: ContractModel['definitions'],
): JsonSchema | undefined {
  const seen = new Set<string>()
  let current: JsonSchema | undefined = schema
  while (typeof current === 'object' && current.$ref !== undefined) {
    const name: string = refName(current.$ref)
    if (seen.has(name)) return undefined
    seen.add(name)
    current = Object.hasOwn(definitions, name) ? definitions[name] : undefined
  }
  return current
}

/** A schema with everything within it, through refs, each once. */
export function reachableSchemas(
  schema: JsonSchema,
  definitions: ContractModel['definitions'],
): ReadonlySet<JsonSchemaObject> {
  const found = new Set<JsonSchemaObject>()
  // A list of its own: refs can lead further than the stack is deep.
  const waiting: (JsonSchema | undefined)[] = [schema]
  while (waiting.length > 0) {
    const current = waiting.pop()
    if (typeof current !== 'object' || found.has(current)) continue
    found.add(current)
    const target = current.$ref === undefined ? undefined : definitions[refName(current.$ref)]
    const children = subschemasOf(current).map(([child]) => child)
    waiting.push(...[target, ...children].reverse())
  }
  return found
}

/** The names of the definitions that a schema refers to, directly or through others, in the order they are met. */
export function reachableNames(
  schema: JsonSchema,
  definitions: ContractModel['definitions'],
): readonly string[] {
  const schemas = [...reachableSchemas(schema, definitions)]
  return [...new Set(schemas.flatMap(({ $ref }) => ($ref === undefined ? [] : [refName($ref)])))]
}
