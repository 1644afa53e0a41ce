import { type Doc, group, indent, join, line, printFlat } from '../layout/doc.ts'
import { keyLiteral, valueLiteral } from '../layout/literal.ts'
import type { Node, ObjectNode } from '../nodes/node.ts'

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
 * A node as a type, for schemas whose type cannot be inferred since they hold themselves. `refer` gives the type of a
 * definition.
 */
export function writeType(node: Node, side: Side, refer: (name: string) => string): Doc {
  const write = (child: Node) => writeType(child, side, refer)
  const item = (child: Node): Doc => (isCompound(child) ? ['(', write(child), ')'] : write(child))
  switch (node.kind) {
    case 'literal':
      return node.values.map((value) => String(valueLiteral(value))).join(' | ')
    case 'array':
      return [item(node.element), '[]']
    case 'tuple': {
      const items = node.items.map(
        (child, index): Doc => (index < node.required ? write(child) : [item(child), '?']),
      )
      const rest: readonly Doc[] = node.rest === undefined ? [] : [['...', item(node.rest), '[]']]
      return ['[', join(', ', [...items, ...rest]), ']']
    }
    case 'record':
      return ['{ [key: string]: ', write(node.value), ' }']
    case 'object':
      return writeObjectType(node, write)
    case 'union':
      return join(' | ', node.options.map(write))
    case 'intersection':
      return [item(node.left), ' & ', item(node.right)]
    case 'nullable':
      return [write(node.inner), ' | null']
    case 'ref':
      return refer(node.name)
    case 'codec':
      return writeCodecType(node.name, node.parts.map(write), side)
    default:
      return node.kind
  }
}

function writeObjectType({ members, rest }: ObjectNode, write: (node: Node) => Doc): Doc {
  const docs = [...members].map(
    ([name, { node, required }]): Doc =>
      required
        ? [keyLiteral(name), ': ', write(node)]
        : [keyLiteral(name), '?: ', write(node), ' | undefined'],
  )
  const separator: Doc = [{ kind: 'if-broken', broken: '', flat: ';' }, line]
  const own = docs.length === 0 ? '{}' : group(['{', indent([line, join(separator, docs)]), line, '}'])
  if (rest === 'strip' || rest === 'refuse') return own
  const others: Doc = ['{ [key: string]: ', rest === 'keep' ? 'unknown' : write(rest), ' }']
  return docs.length === 0 ? others : [own, ' & ', others]
}

function writeCodecType(name: string, parts: readonly Doc[], side: Side): Doc {
  const [first = 'unknown', second = 'unknown'] = parts.map(printFlat)
  if (name === 'setItems') return side === 'output' ? `Set<${first}>` : `(${first})[]`
  if (name === 'mapEntries') return side === 'output' ? `Map<${first}, ${second}>` : `[${first}, ${second}][]`
  const [wire, code] = codecTypes[name] ?? ['unknown', 'unknown']
  return side === 'output' ? code : wire
}

function isCompound(node: Node): boolean {
  return (
    ['union', 'nullable', 'intersection'].includes(node.kind) ||
    (node.kind === 'literal' && node.values.length > 1) ||
    (node.kind === 'object' && node.rest !== 'strip' && node.rest !== 'refuse')
  )
}
