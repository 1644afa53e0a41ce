import { anything, type Facets, type ValueType } from '../facets/facets.ts'
import type { Located } from '../facets/located.ts'
import { canonicalJson } from '../values/equal-json.ts'
import { fitsFacet } from '../values/fits.ts'
import { isAnyArray } from './build-array.ts'
import { isAnyNumber } from './build-number.ts'
import { isAnyObject } from './build-object.ts'
import { isAnyString } from './build-string.ts'
import type { Builder, Scope } from './builder.ts'
import type { Literal, Member, Node } from './node.ts'
import { unionOf } from './union.ts'

/** The node of a list of values, as far as the other keywords allow them. */
export function buildValues(facets: Facets, place: Located, builder: Builder, scope: Scope): Node {
  const { values = [], ...others } = facets
  const allowed = distinctValues(values).filter(
    (value) => facets.types.has(typeOf(value)) && fitsFacet(value, facets) !== false,
  )
  const literals = allowed.filter((value): value is Literal => typeof value !== 'object' || value === null)
  const composites = allowed.filter((value) => typeof value === 'object' && value !== null)
  const options: Node[] = [
    ...(literals.length > 0 ? [{ kind: 'literal', values: literals } as const] : []),
    ...composites.map((value) => valueNode(value, place, builder)),
  ]
  if (options.length === 0) return { kind: 'never' }
  const node = unionOf(options)
  const types = new Set(allowed.map(typeOf))
  const isKnown = allowed.every((value) => fitsFacet(value, facets) === true)
  const left: Facets = { ...others, ...(isKnown ? anyScalar : {}), types, annotations: {} }
  if (isFreeOf(left, types)) return node
  const rest = builder.buildFacets(left, place, { ...scope, checking: true })
  return { ...node, checks: [{ kind: 'fits', node: rest, view: 'all' }] }
}

const anyScalar = { number: anything.number, string: anything.string }

/** The type that a value has. */
export function typeOf(value: unknown): ValueType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value as ValueType
}

/** Whether facets leave all values of these types. */
export function isFreeOf(facets: Facets, types: ReadonlySet<ValueType>): boolean {
  return (
    (!types.has('string') || isAnyString(facets.string)) &&
    (!types.has('number') || isAnyNumber(facets.number)) &&
    (!types.has('array') || isAnyArray(facets.array)) &&
    (!types.has('object') || isAnyObject(facets.object)) &&
    facets.alternatives.length === 0 &&
    facets.conditions.length === 0
  )
}

// Exactly this value. Zod has no literals of arrays and objects.
function valueNode(value: unknown, place: Located, builder: Builder): Node {
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => valueNode(item, place, builder))
    return { kind: 'tuple', items, required: items.length }
  }
  if (typeof value !== 'object' || value === null) return { kind: 'literal', values: [value as Literal] }
  const entries = Object.entries(value)
  if (entries.some(([name]) => name === '__proto__')) {
    builder.loss(place, 'Zod drops members named "__proto__", so this value is not accepted')
    return { kind: 'never' }
  }
  const members = entries.map(([name, member]): [string, Member] => [
    name,
    { node: valueNode(member, place, builder), required: true },
  ])
  return { kind: 'object', members: new Map(members), rest: 'refuse' }
}

function distinctValues(values: readonly unknown[]): readonly unknown[] {
  return [...new Map(values.map((value) => [canonicalJson(value), value])).values()]
}
