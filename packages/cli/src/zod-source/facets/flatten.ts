import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { annotationsOf } from './annotations.ts'
import { anything, type Facets } from './facets.ts'
import { inside, type Located, partsOf } from './located.ts'
import { mergeFacets } from './merge-facets.ts'
import { readFacets } from './read-facets.ts'

/** The named schemas that refs lead to. */
export type Definitions = Readonly<Record<string, JsonSchema>>

/** What a schema asks for in all, with its `allOf` and its refs resolved. */
export function flatten(located: Located, definitions: Definitions): Facets {
  return flattenInto(anything, located, definitions, [])
}

function flattenInto(
  start: Facets,
  located: Located,
  definitions: Definitions,
  open: readonly string[],
): Facets {
  const { schema } = located
  if (typeof schema === 'boolean') return merge(start, readFacets(located), located)
  let facets = start
  // What a schema says itself comes last, so that its words win over those of what it refers to.
  const name = schema.$ref === undefined ? undefined : definitionName(schema.$ref)
  // A definition that is part of itself asks for nothing more there.
  if (name !== undefined && !open.includes(name)) {
    const target: Located = { schema: definitions[name] ?? true, pointer: pointerTo(name) }
    const { annotations: _, ...found } = flattenInto(anything, target, definitions, [...open, name])
    const ref: Located = { schema: { $ref: schema.$ref as string }, pointer: located.pointer }
    facets = merge(facets, { ...found, annotations: {}, origins: [name] }, ref)
  }
  for (const part of conjuncts(located)) facets = flattenInto(facets, part, definitions, open)
  const { $ref: _ref, allOf: _allOf, ...keywords } = schema
  const own: Located = { schema: keywords as JsonSchemaObject, pointer: located.pointer }
  return merge(facets, readFacets(own), own)
}

function merge(left: Facets, right: Facets, located: Located): Facets {
  return (
    mergeFacets(left, right) ?? {
      ...left,
      conditions: [...left.conditions, { kind: 'fits', schema: located }],
    }
  )
}

function conjuncts(located: Located): readonly Located[] {
  if (typeof located.schema === 'boolean' || located.schema.allOf === undefined) return []
  const parts = partsOf(located)
  if (parts[0] !== located) return parts
  return located.schema.allOf.map((schema, index) => inside(located, schema, 'allOf', String(index)))
}

/** A schema that is a definition and nothing more, but for what it says to people. */
export function loneRef(
  located: Located,
): { readonly name: string; readonly annotations: object } | undefined {
  const { schema } = located
  if (typeof schema === 'boolean') return undefined
  const annotations = annotationsOf(schema)
  const others = Object.keys(schema).filter((keyword) => !Object.hasOwn(annotations, keyword))
  const [only] = others
  if (others.length !== 1) return undefined
  if (only === '$ref' && schema.$ref !== undefined) {
    return { name: definitionName(schema.$ref), annotations }
  }
  const joined = only === 'allOf' || only === 'anyOf' || only === 'oneOf' ? schema[only] : undefined
  const [inner] = joined ?? []
  if (joined?.length !== 1 || inner === undefined) return undefined
  const found = loneRef({ schema: inner, pointer: '' })
  return found && { name: found.name, annotations: { ...found.annotations, ...annotations } }
}

/** The name in `#/$defs/Name`. */
function definitionName(ref: string): string {
  return ref
    .replace(/^#\/\$defs\//, '')
    .replaceAll('~1', '/')
    .replaceAll('~0', '~')
}

function pointerTo(name: string): string {
  return `#/definitions/${name}`
}
