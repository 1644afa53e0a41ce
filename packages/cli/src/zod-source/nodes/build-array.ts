import type { ArrayFacet, Facets } from '../facets/facets.ts'
import { type Builder, innerScope, type Scope } from './builder.ts'
import type { Check } from './check.ts'
import { loosenDeep } from './loosen.ts'
import type { Node, TupleNode } from './node.ts'
import { unionOf } from './union.ts'

/** The node of arrays and tuples. */
export function buildArray({ array }: Facets, builder: Builder, scope: Scope): Node {
  const inner = innerScope(scope)
  const { prefix, items, unique, contains, minimum = 0, maximum } = array
  const checks: Check[] = contains.map((schema) => ({
    kind: 'contains',
    node: builder.build(schema, { ...inner, checking: true }),
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
    node = unionOf([
      ...shorterTuples(nodes, minimum, maximum),
      ...(maximum !== undefined && maximum < nodes.length ? [] : [wholeTuple(nodes, rest, minimum, maximum)]),
    ])
  }
  if (checks.length === 0) return node
  return { ...loosenDeep(node), checks }
}

// An item that may be left out, in Zod `z.optional()`, could also be `undefined` in code, which JSON has not.
function shorterTuples(
  items: readonly Node[],
  minimum: number,
  maximum: number | undefined,
): readonly TupleNode[] {
  const lengths = Array.from(items.keys()).filter(
    (length) => length >= minimum && length <= (maximum ?? length),
  )
  return lengths.map((length) => ({ kind: 'tuple', items: items.slice(0, length) }))
}

function wholeTuple(
  items: readonly Node[],
  rest: Node | undefined,
  minimum: number,
  maximum: number | undefined,
): TupleNode {
  return {
    kind: 'tuple',
    items,
    ...(rest === undefined ? {} : { rest }),
    // Zod counts the items of a tuple only where nothing may follow them.
    ...(minimum > items.length || (rest !== undefined && items.length > 0)
      ? { minimum: Math.max(minimum, items.length) }
      : {}),
    ...(maximum === undefined || rest === undefined ? {} : { maximum }),
  }
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
