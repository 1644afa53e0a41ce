import type { Facets } from '../facets/facets.ts'
import type { Located } from '../facets/located.ts'
import type { Builder, Scope } from './builder.ts'
import type { Node } from './node.ts'
import type { Option } from './union-options.ts'

/**
 * An object beside a union of objects, as an intersection. Only where no member is declared on both sides, and each side drops
 * what it does not declare: what is dropped by one is given by the other, and nothing is decoded by one alone.
 */
export function asIntersection(
  base: Facets,
  options: readonly Option[],
  place: Located,
  builder: Builder,
  scope: Scope,
  buildOptions: (options: readonly Option[]) => Node,
): Node | undefined {
  if (scope.checking || scope.watched === true || base.alternatives.length > 0 || !isOpenObject(base)) {
    return undefined
  }
  const open = options.every(
    ({ facets }) =>
      isOpenObject({ ...facets, types: new Set(facets.types.has('object') ? ['object'] : []) }) &&
      facets.alternatives.length === 0 &&
      [...facets.object.properties.keys(), ...facets.object.required].every((name) => !declares(base, name)),
  )
  if (!open) return undefined
  return { kind: 'intersection', left: builder.buildFacets(base, place, scope), right: buildOptions(options) }
}

function isOpenObject({ types, values, object, conditions, codec }: Facets): boolean {
  return (
    types.size === 1 &&
    types.has('object') &&
    values === undefined &&
    codec === undefined &&
    conditions.length === 0 &&
    object.properties.size > 0 &&
    object.additional === undefined &&
    object.patterns.size === 0 &&
    object.names.length === 0 &&
    object.minimum === undefined &&
    object.maximum === undefined &&
    [...object.properties.keys()].every((name) => !(name in Object.prototype))
  )
}

function declares({ object }: Facets, name: string): boolean {
  return object.properties.has(name) || object.required.has(name)
}
