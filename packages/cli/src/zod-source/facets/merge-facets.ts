import { equalJson } from '../values/equal-json.ts'
import type { ArrayFacet, Facets, NumberFacet, StringFacet } from './facets.ts'
import { both } from './located.ts'
import { mergeObjects } from './merge-objects.ts'

/** What a value must fit that fits both; `undefined` where that cannot be said in one, because of closed objects. */
export function mergeFacets(left: Facets, right: Facets): Facets | undefined {
  const object = mergeObjects(left.object, right.object)
  if (object === undefined) return undefined
  const values = mergeValues(left.values, right.values)
  const codec = left.codec ?? right.codec
  return {
    types: intersection(left.types, right.types),
    ...(values === undefined ? {} : { values }),
    number: mergeNumbers(left.number, right.number),
    string: mergeStrings(left.string, right.string),
    array: mergeArrays(left.array, right.array),
    object,
    alternatives: [...left.alternatives, ...right.alternatives],
    conditions: [...left.conditions, ...right.conditions],
    ...(codec === undefined ? {} : { codec }),
    origins: [...left.origins, ...right.origins],
    annotations: { ...left.annotations, ...right.annotations },
  }
}

function mergeValues(
  left: readonly unknown[] | undefined,
  right: readonly unknown[] | undefined,
): readonly unknown[] | undefined {
  if (left === undefined || right === undefined) return left ?? right
  return left.filter((value) => right.some((other) => equalJson(value, other)))
}

function mergeNumbers(left: NumberFacet, right: NumberFacet): NumberFacet {
  return {
    integer: left.integer || right.integer,
    ...highest('minimum', left, right),
    ...highest('exclusiveMinimum', left, right),
    ...lowest('maximum', left, right),
    ...lowest('exclusiveMaximum', left, right),
    multiplesOf: union(left.multiplesOf, right.multiplesOf),
    formats: union(left.formats, right.formats),
  }
}

function mergeStrings(left: StringFacet, right: StringFacet): StringFacet {
  return {
    ...highest('minimum', left, right),
    ...lowest('maximum', left, right),
    patterns: union(left.patterns, right.patterns),
    formats: union(left.formats, right.formats),
  }
}

// An element at a place of one tuple meets the one there in the other, or what follows the other's.
function mergeArrays(left: ArrayFacet, right: ArrayFacet): ArrayFacet {
  const length = Math.max(left.prefix.length, right.prefix.length)
  const at = ({ prefix, items }: ArrayFacet, index: number) => (index < prefix.length ? prefix[index] : items)
  return {
    prefix: Array.from(
      { length },
      (_, index) => both(at(left, index), at(right, index)) ?? { schema: true, pointer: '' },
    ),
    items: both(left.items, right.items),
    ...highest('minimum', left, right),
    ...lowest('maximum', left, right),
    unique: left.unique || right.unique,
    contains: [...left.contains, ...right.contains],
  }
}

function intersection<Item>(left: ReadonlySet<Item>, right: ReadonlySet<Item>): ReadonlySet<Item> {
  return new Set([...left].filter((item) => right.has(item)))
}

function union<Item>(left: readonly Item[], right: readonly Item[]): readonly Item[] {
  return [...new Set([...left, ...right])]
}

type Bounds<Name extends string> = { readonly [Key in Name]?: number }

/** The higher of two bounds, under its name. */
export function highest<Name extends string>(
  name: Name,
  left: Bounds<Name>,
  right: Bounds<Name>,
): Bounds<Name> {
  return bound(name, left, right, Math.max)
}

/** The lower of two bounds, under its name. */
export function lowest<Name extends string>(
  name: Name,
  left: Bounds<Name>,
  right: Bounds<Name>,
): Bounds<Name> {
  return bound(name, left, right, Math.min)
}

function bound<Name extends string>(
  name: Name,
  left: Bounds<Name>,
  right: Bounds<Name>,
  choose: (...values: number[]) => number,
): Bounds<Name> {
  const bounds = [left[name], right[name]].filter((value) => value !== undefined)
  // A computed key makes an index signature of what is one member.
  return (bounds.length === 0 ? {} : { [name]: choose(...bounds) }) as Bounds<Name>
}
