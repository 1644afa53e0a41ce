import type { ArrayFacet, Facets, ValueType } from '../facets/facets.ts'
import { flatten } from '../facets/flatten.ts'
import type { Located } from '../facets/located.ts'
import { type Builder, innerScope, type Scope } from './builder.ts'
import type { Check } from './check.ts'
import { loosenDeep } from './loosen.ts'
import type { Node } from './node.ts'
import { possibleTypes } from './union-options.ts'

/** The node of arrays and tuples. */
export function buildArray({ array }: Facets, builder: Builder, scope: Scope): Node {
  const inner = innerScope(scope)
  const { prefix, items, unique, contains, minimum = 0, maximum } = array
  const types = prefix.length > 0 || items === undefined ? inner.types : typesOf(items, builder)
  const checks: Check[] = contains.map((schema) => ({
    kind: 'contains',
    node: builder.build(schema, { ...inner, types, checking: true }),
    view: 'all',
  }))
  if (unique) checks.push({ kind: 'distinct', view: 'all' })

  const bounds = maximum === undefined ? {} : { maximum }
  let node: Node
  if (prefix.length === 0 && items?.schema !== false) {
    const element: Node = items === undefined ? { kind: 'unknown' } : builder.build(items, inner)
    node = { kind: 'array', element, ...(minimum > 0 ? { minimum } : {}), ...bounds }
  } else {
    const closed = items?.schema === false
    const rest: Node | undefined = closed
      ? undefined
      : items === undefined
        ? { kind: 'unknown' }
        : builder.build(items, inner)
    const nodes = prefix.map((item) => builder.build(item, inner))
    const required = Math.min(minimum, nodes.length)
    node = {
      kind: 'tuple',
      items: nodes,
      required,
      ...(rest === undefined ? {} : { rest }),
      // Zod counts the items of a tuple only where nothing may follow them.
      ...(minimum > nodes.length || (rest !== undefined && required > 0) ? { minimum } : {}),
      ...(maximum === undefined || (closed && maximum >= nodes.length) ? {} : { maximum }),
    }
  }
  if (checks.length === 0) return node
  return { ...loosenDeep(node), checks }
}

function typesOf(schema: Located, { definitions }: Builder): ReadonlySet<ValueType> {
  return possibleTypes(flatten(schema, definitions), definitions)
}

/** Whether an array may be any. */
export function isAnyArray({ prefix, items, unique, contains, minimum, maximum }: ArrayFacet): boolean {
  return (
    prefix.length === 0 &&
    (items === undefined || items.schema === true) &&
    !unique &&
    contains.length === 0 &&
    (minimum === undefined || minimum === 0) &&
    maximum === undefined
  )
}
