import type { Literal, Node, UnionNode } from './node.ts'

/** A union of nodes that no value fits two of, or where that does no harm, in its simplest form. */
export function unionOf(options: readonly Node[], tag?: string): Node {
  const flat = tag === undefined ? options.flatMap(flatten) : options
  const possible = mergeLiterals(
    flat.filter((option) => option.kind !== 'never' || option.annotations !== undefined),
  )
  const any = possible.find((option) => option.kind === 'unknown' && isBare(option))
  if (any !== undefined) return any
  const others = possible.filter((option) => !isNull(option))
  if (others.length < possible.length && others.length > 0) {
    return { kind: 'nullable', inner: unionOf(others.map(withoutNull), tag) }
  }
  const [only] = possible
  if (only === undefined) return { kind: 'never' }
  if (possible.length === 1) return only
  return { kind: 'union', options: possible, exclusive: false, ...(tag === undefined ? {} : { tag }) }
}

/** A union of which a value must fit one only. */
export function exclusiveUnionOf(options: readonly Node[]): Node {
  const possible = options.filter((option) => option.kind !== 'never')
  const [only] = possible
  if (only === undefined) return { kind: 'never' }
  return possible.length === 1 ? only : { kind: 'union', options: possible, exclusive: true }
}

// A union in a union, or a union or null, is no more than its options.
function flatten(node: Node): readonly Node[] {
  if (isPlainUnion(node)) return node.options.flatMap(flatten)
  return node.kind === 'nullable' && isBare(node) ? [...flatten(node.inner), { kind: 'null' }] : [node]
}

function isPlainUnion(node: Node): node is UnionNode {
  return node.kind === 'union' && !node.exclusive && node.tag === undefined && isBare(node)
}

function isNull(node: Node): boolean {
  return (
    isBare(node) &&
    (node.kind === 'null' || (node.kind === 'literal' && node.values.every((value) => value === null)))
  )
}

function withoutNull(node: Node): Node {
  return node.kind === 'nullable' && isBare(node) ? node.inner : node
}

function isBare(node: Node): boolean {
  return node.annotations === undefined && node.checks === undefined
}

// "a", or "b", or null, is one list. `null` in a longer list is said by the list.
function mergeLiterals(options: readonly Node[]): readonly Node[] {
  const literals = options.filter((option) => option.kind === 'literal' && isBare(option))
  if (literals.length === 0) return options.flatMap(splitNull)
  const values = new Set(
    literals.flatMap((option): readonly Literal[] => (option.kind === 'literal' ? option.values : [])),
  )
  const merged: Node = { kind: 'literal', values: [...values] }
  const first = options.indexOf(literals[0] as Node)
  return options
    .flatMap((option, index) => (index === first ? [merged] : literals.includes(option) ? [] : [option]))
    .flatMap(splitNull)
}

// A list of values that holds null is a nullable list.
function splitNull(option: Node): readonly Node[] {
  if (option.kind !== 'literal' || !isBare(option) || !option.values.includes(null)) return [option]
  const values = option.values.filter((value) => value !== null)
  return values.length === 0 ? [{ kind: 'null' }] : [{ kind: 'literal', values }, { kind: 'null' }]
}
