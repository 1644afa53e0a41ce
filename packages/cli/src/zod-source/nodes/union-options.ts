import type { Facets, ValueType } from '../facets/facets.ts'
import { type Definitions, flatten } from '../facets/flatten.ts'
import type { Located } from '../facets/located.ts'
import { canonicalJson } from '../values/equal-json.ts'
import { typeOf } from './build-values.ts'

/** The types that a value of these facets may have; rather one too many than one too few. */
export function possibleTypes(facets: Facets, definitions: Definitions, depth = 0): ReadonlySet<ValueType> {
  let types = [...facets.types]
  if (facets.values !== undefined) {
    const listed = new Set(facets.values.map(typeOf))
    types = types.filter((type) => listed.has(type))
  }
  // A union of unions of itself would go on for ever.
  if (depth > 8) return new Set(types)
  for (const { schemas } of facets.alternatives) {
    const found = schemas.map((schema) => possibleTypes(flatten(schema, definitions), definitions, depth + 1))
    types = types.filter((type) => found.some((option) => option.has(type)))
  }
  return new Set(types)
}

/** Whether no value fits two of the options. */
export function areDisjoint(options: readonly Facets[], definitions: Definitions): boolean {
  return options.every((left, index) =>
    options.slice(index + 1).every((right) => isDisjoint(left, right, definitions)),
  )
}

function isDisjoint(left: Facets, right: Facets, definitions: Definitions): boolean {
  const types = possibleTypes(right, definitions)
  const shared = [...possibleTypes(left, definitions)].filter((type) => types.has(type))
  if (shared.length === 0) return true
  if (left.values !== undefined && right.values !== undefined) return sharesNone(left.values, right.values)
  if (shared.some((type) => type !== 'object')) return false
  return [...left.object.properties.keys()].some((name) => {
    const [one, other] = [tagValues(left, name, definitions), tagValues(right, name, definitions)]
    return one !== undefined && other !== undefined && sharesNone(one, other)
  })
}

function sharesNone(left: readonly unknown[], right: readonly unknown[]): boolean {
  const known = new Set(left.map(canonicalJson))
  return !right.some((value) => known.has(canonicalJson(value)))
}

/** The name of a member that is there in all options and tells them apart. */
export function findTag(
  options: readonly Facets[],
  preferred: string | undefined,
  definitions: Definitions,
): string | undefined {
  const [first] = options
  if (first === undefined || options.length < 2) return undefined
  const candidates = [...(preferred === undefined ? [] : [preferred]), ...first.object.properties.keys()]
  return candidates.find((name) => {
    const values = options.map((option) => tagValues(option, name, definitions))
    if (values.includes(undefined)) return false
    const all = values.flatMap((listed) => listed ?? [])
    return new Set(all).size === all.length
  })
}

// The scalars that a member may be, where an object must have it.
function tagValues(facets: Facets, name: string, definitions: Definitions): readonly unknown[] | undefined {
  const { types, object } = facets
  const schema = object.properties.get(name)
  if (schema === undefined || !object.required.has(name) || types.size !== 1 || !types.has('object'))
    return undefined
  const { values, types: allowed } = flatten(schema, definitions)
  const possible = values?.filter((value) => allowed.has(typeOf(value)))
  return possible?.some((value) => typeof value === 'object' && value !== null) ? undefined : possible
}

/** The options with those first that know all members of another one, which would drop what it does not know. */
export function widestFirst<Option extends { readonly facets: Facets }>(
  options: readonly Option[],
): readonly Option[] {
  const left = [...options]
  const sorted: Option[] = []
  while (left.length > 0) {
    const next = left.findIndex(
      (option) => !left.some((other) => other !== option && knowsMore(other.facets, option.facets)),
    )
    sorted.push(...left.splice(Math.max(next, 0), 1))
  }
  return sorted
}

function knowsMore(left: Facets, right: Facets): boolean {
  const [known, fewer] = [left.object.properties, right.object.properties]
  return known.size > fewer.size && [...fewer.keys()].every((name) => known.has(name))
}

/** A schema of a union with what it asks for. */
export interface Option {
  readonly place: Located
  readonly facets: Facets
}
