import { type Alternatives, anything, type Facets, valueTypes } from '../facets/facets.ts'
import { flatten } from '../facets/flatten.ts'
import type { Located } from '../facets/located.ts'
import { mergeFacets } from '../facets/merge-facets.ts'
import { asIntersection } from './build-intersection.ts'
import { isFreeOf } from './build-values.ts'
import type { Builder, Scope } from './builder.ts'
import type { Node } from './node.ts'
import { exclusiveUnionOf, unionOf } from './union.ts'
import { areDisjoint, findTag, type Option, possibleTypes, widestFirst } from './union-options.ts'

const mostDepth = 4
const mostOptions = 32

/** The node of a schema with `anyOf` or `oneOf`, and whatever stands beside. */
export function buildAlternatives(facets: Facets, place: Located, builder: Builder, scope: Scope): Node {
  const [group, ...others] = facets.alternatives
  if (group === undefined) return builder.buildFacets(facets, place, scope)
  const base: Facets = { ...facets, alternatives: others }
  const options = group.schemas.map(
    (schema): Option => ({ place: schema, facets: flatten(schema, builder.definitions) }),
  )
  if (isOnlyTypes(base)) return assemble(group, options, base, builder, scope)
  if (options.every((option) => isAboutPresence(option.facets)))
    return checked(group, base, place, builder, scope)
  const joined = asIntersection(base, options, place, builder, scope, (right) =>
    assemble(group, right, { ...anything, types: base.types }, builder, scope),
  )
  if (joined !== undefined) return joined
  if (scope.depth >= mostDepth || options.length > mostOptions)
    return checked(group, base, place, builder, scope)

  const merged = options.map((option) => mergeFacets(base, option.facets))
  if (merged.includes(undefined)) return checked(group, base, place, builder, scope)
  const deeper: Scope = { ...scope, depth: scope.depth + 1 }
  const multiplied = options.map((option, index): Option & { whole: true } => ({
    place: option.place,
    facets: { ...(merged[index] as Facets), annotations: option.facets.annotations },
    whole: true,
  }))
  return assemble(group, multiplied, base, builder, deeper)
}

// The union itself. An option whose facets are not its own schema's alone is built of them.
function assemble(
  group: Alternatives,
  options: readonly (Option & { readonly whole?: true })[],
  { types }: Facets,
  builder: Builder,
  scope: Scope,
): Node {
  const { definitions } = builder
  const narrowed = options.map((option) => {
    const allowed = [...option.facets.types].filter((type) => types.has(type))
    return { ...option, facets: { ...option.facets, types: new Set(allowed) }, own: option.facets }
  })
  const disjoint = areDisjoint(
    narrowed.map(({ facets }) => facets),
    definitions,
  )
  const sorted = group.exclusive || disjoint ? narrowed : widestFirst(narrowed)
  const nodes = sorted.map((option) => {
    const fits = [...possibleTypes(option.own, definitions)].every((type) => types.has(type))
    return fits && option.whole !== true
      ? builder.build(option.place, { ...scope, types: new Set(valueTypes) })
      : builder.buildFacets(option.facets, option.place, scope)
  })
  if (group.exclusive && !disjoint) return exclusiveUnionOf(nodes)
  const objects = sorted.map(({ facets }) => facets).filter(({ types }) => types.has('object'))
  return unionOf(nodes, disjoint ? findTag(objects, group.tag, definitions) : undefined)
}

// What cannot be multiplied out is checked beside.
function checked(group: Alternatives, base: Facets, place: Located, builder: Builder, scope: Scope): Node {
  const schemas = group.schemas.map(({ schema }) => schema)
  const schema = group.exclusive ? { oneOf: schemas } : { anyOf: schemas }
  const condition = { kind: 'fits', schema: { schema, pointer: place.pointer } } as const
  return builder.buildFacets({ ...base, conditions: [...base.conditions, condition] }, place, scope)
}

function isOnlyTypes(facets: Facets): boolean {
  return (
    facets.values === undefined &&
    facets.codec === undefined &&
    isFreeOf(facets, new Set(valueTypes)) &&
    !declares(facets)
  )
}

function declares({ object }: Facets): boolean {
  return object.properties.size > 0 || object.additional !== undefined
}

/** Whether a schema only says which members must be there. */
function isAboutPresence({ object, ...facets }: Facets): boolean {
  const { required: _, ...rest } = object
  const free = { ...facets, object: { ...rest, required: new Set<string>() } }
  return facets.types.has('object') && isOnlyTypes(free) && object.required.size > 0
}
