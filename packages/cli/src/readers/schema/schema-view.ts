import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { isObject } from '../source/json-record.ts'

/** The named schemas that refs lead to. */
export type Definitions = ReadonlyMap<string, JsonSchema>

/** The schema that a chain of refs leads to; `undefined` where it leads in a circle. */
export function dereference(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  const seen = new Set<JsonSchema>()
  let current: JsonSchema | undefined = schema
  while (typeof current === 'object' && current.$ref !== undefined) {
    if (seen.has(current)) return undefined
    seen.add(current)
    current = definitions.get(definitionName(current.$ref))
  }
  return current
}

/** The name in `#/$defs/Name`. */
export function definitionName(ref: string): string {
  return ref.replace(/^#\/\$defs\//, '')
}

export function refTo(name: string): JsonSchemaObject {
  return { $ref: `#/$defs/${name}` }
}

/** A schema and all others that must hold besides: through refs and `allOf`. */
export function conjuncts(schema: JsonSchema, definitions: Definitions): readonly JsonSchemaObject[] {
  const found = new Set<JsonSchemaObject>()
  const visit = (part: JsonSchema | undefined) => {
    if (typeof part !== 'object' || found.has(part)) return
    found.add(part)
    if (part.$ref !== undefined) visit(definitions.get(definitionName(part.$ref)))
    for (const member of part.allOf ?? []) visit(member)
  }
  visit(schema)
  return [...found]
}

/** What a schema says about one member of an object. */
export interface MemberView {
  readonly schemas: readonly JsonSchema[]
  readonly required: boolean
  /** The strings that it may be, where they are listed. */
  readonly values: readonly string[] | undefined
}

export function memberView(schema: JsonSchema, name: string, definitions: Definitions): MemberView {
  const parts = conjuncts(schema, definitions)
  const schemas = parts.flatMap(({ properties }) =>
    properties !== undefined && Object.hasOwn(properties, name) ? [properties[name] as JsonSchema] : [],
  )
  // An object that may be only this one.
  const constants = parts.flatMap((part) =>
    isObject(part.const) && Object.hasOwn(part.const, name) ? [{ const: part.const[name] }] : [],
  )
  schemas.push(...constants)
  return {
    schemas,
    required: constants.length > 0 || parts.some((part) => part.required?.includes(name)),
    values: schemas
      .map((member) => listedStrings(member, definitions))
      .find((values) => values !== undefined),
  }
}

/** The names of the members that a schema knows. */
export function memberNames(schema: JsonSchema, definitions: Definitions): readonly string[] {
  const names = conjuncts(schema, definitions).flatMap(({ properties, const: constant }) => [
    ...Object.keys(properties ?? {}),
    ...(isObject(constant) ? Object.keys(constant) : []),
  ])
  return [...new Set(names)]
}

/** The strings that a schema lists by `const` or `enum`; `undefined` where it lists others, or none. */
function listedStrings(schema: JsonSchema, definitions: Definitions): readonly string[] | undefined {
  for (const part of conjuncts(schema, definitions)) {
    const values = part.const !== undefined ? [part.const] : part.enum
    if (values?.length && values.every((value) => typeof value === 'string')) return values
  }
  return undefined
}
