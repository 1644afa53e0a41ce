import { type Doc, group, indent, join, line, printFlat, softLine, trailingComma } from '../layout/doc.ts'
import { keyLiteral, valueLiteral } from '../layout/literal.ts'
import type { Node, ObjectNode, TupleNode } from '../nodes/node.ts'

/** Which side of a codec a type is of. */
export type Side = 'output' | 'input'

const codecTypes: Readonly<Record<string, readonly [wire: string, code: string]>> = {
  isoDate: ['string', 'Date'],
  bigintText: ['string', 'bigint'],
  urlText: ['string', 'URL'],
  base64Bytes: ['string', 'Uint8Array'],
  integer: ['string', 'number'],
  number: ['string', 'number'],
  boolean: ["'true' | 'false'", 'boolean'],
}

/**
 * A type by a name, for schemas whose type cannot be inferred since they hold themselves. `refer` gives the type of a
 * definition.
 */
export function declareType(alias: string, node: Node, side: Side, refer: (name: string) => string): Doc {
  return [`export type ${alias} =`, after(typesOf(node, side, refer))]
}

/** One of the types that a value may have. */
interface Type {
  readonly doc: Doc
  /** Whether it is two in one, `A & B`. */
  readonly isIntersection: boolean
}

function typesOf(node: Node, side: Side, refer: (name: string) => string): readonly Type[] {
  const types = (child: Node) => typesOf(child, side, refer)
  const union = (child: Node) => unionType(types(child))
  const item = (child: Node) => itemType(types(child))
  switch (node.kind) {
    case 'literal':
      return node.values.map((value) => type(String(valueLiteral(value))))
    case 'array':
      return [type([item(node.element), '[]'])]
    case 'tuple':
      return [type(tupleType(node, union, item))]
    case 'record':
      return [type(['{ [key: string]: ', union(node.value), ' }'])]
    case 'object':
      return [objectType(node, types)]
    case 'union':
      return node.options.flatMap(types)
    case 'intersection':
      return [type([item(node.left), ' & ', item(node.right)], true)]
    case 'nullable':
      return [...types(node.inner), type('null')]
    case 'ref':
      return [type(refer(node.name))]
    case 'codec':
      return [type(codecType(node.name, node.parts.map(union), side))]
    default:
      return [type(node.kind)]
  }
}

function type(doc: Doc, isIntersection = false): Type {
  return { doc, isIntersection }
}

// On one line, or each on a line of its own.
function unionType(types: readonly Type[]): Doc {
  return types.length === 1 ? types.map(({ doc }) => doc) : group(listed(types))
}

function listed(types: readonly Type[]): Doc {
  const first: Doc = { kind: 'if-broken', broken: '| ', flat: '' }
  const docs = types.map(({ doc, isIntersection }) => indent(isIntersection ? ['(', doc, ')'] : doc))
  return [first, join([line, '| '], docs)]
}

// After a colon or an equals sign.
function after(types: readonly Type[]): Doc {
  return types.length === 1 ? [' ', unionType(types)] : group(indent([line, listed(types)]))
}

// Before `[]`.
function itemType(types: readonly Type[]): Doc {
  const [only] = types
  if (types.length === 1 && only !== undefined) return only.isIntersection ? ['(', only.doc, ')'] : only.doc
  return group(['(', indent([softLine, listed(types)]), softLine, ')'])
}

function tupleType(
  { items, required, rest }: TupleNode,
  write: (node: Node) => Doc,
  item: (node: Node) => Doc,
): Doc {
  const docs = items.map((child, index): Doc => (index < required ? write(child) : [item(child), '?']))
  const all = rest === undefined ? docs : [...docs, ['...', item(rest), '[]']]
  if (all.length === 0) return '[]'
  return group(['[', indent([softLine, join([',', line], all)]), trailingComma, softLine, ']'])
}

function objectType({ members, rest }: ObjectNode, types: (node: Node) => readonly Type[]): Type {
  const docs = [...members].map(
    ([name, { node, required }]): Doc =>
      required
        ? [keyLiteral(name), ':', after(types(node))]
        : [keyLiteral(name), '?:', after([...types(node), type('undefined')])],
  )
  const separator: Doc = [{ kind: 'if-broken', broken: '', flat: ';' }, line]
  const own = docs.length === 0 ? '{}' : group(['{', indent([line, join(separator, docs)]), line, '}'])
  if (rest === 'strip' || rest === 'refuse') return type(own)
  const others: Doc = ['{ [key: string]: ', rest === 'keep' ? 'unknown' : unionType(types(rest)), ' }']
  return docs.length === 0 ? type(others) : type([own, ' & ', others], true)
}

function codecType(name: string, parts: readonly Doc[], side: Side): Doc {
  const [first = 'unknown', second = 'unknown'] = parts.map(printFlat)
  if (name === 'setItems') return side === 'output' ? `Set<${first}>` : `(${first})[]`
  if (name === 'mapEntries') return side === 'output' ? `Map<${first}, ${second}>` : `[${first}, ${second}][]`
  const [wire, code] = codecTypes[name] ?? ['unknown', 'unknown']
  return side === 'output' ? code : wire
}
