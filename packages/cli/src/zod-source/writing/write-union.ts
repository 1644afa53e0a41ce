import { arrayLiteral, stringLiteral } from '../layout/literal.ts'
import type { Node, UnionNode } from '../nodes/node.ts'
import { isWired } from '../nodes/transparent.ts'
import { callOf, type Expression } from './expression.ts'
import type { Mode, Writer } from './writer.ts'

/** A union, told apart by a member where Zod can see it. */
export function writeUnion(
  { options, exclusive, tag }: UnionNode,
  writer: Writer,
  mode: Mode,
  write: (node: Node) => Expression,
): Expression {
  const written = options.map(write)
  const list = arrayLiteral(written.map(writer.flavour.print))
  if (exclusive) return callOf('z.xor', [list], { hug: true })
  const isVisible =
    tag !== undefined &&
    !mode.checking &&
    options.every((option) => hasTag(option, tag, writer, mode)) &&
    // Zod does not look through it.
    !written.some(({ callee }) => callee === 'z.nonoptional')
  return isVisible
    ? callOf('z.discriminatedUnion', [stringLiteral(tag), list], { hug: true })
    : callOf('z.union', [list], { hug: true })
}

function hasTag(node: Node, tag: string, writer: Writer, mode: Mode): boolean {
  if (isWired(node, writer.lookup)) return false
  if (node.kind === 'object') return node.members.get(tag)?.node.kind === 'literal'
  if (node.kind !== 'ref' || (!mode.late && writer.isLater(node.name)) || writer.isOpaque(node.name))
    return false
  const target = writer.lookup(node.name)
  return target?.kind === 'object' && hasTag(target, tag, writer, { ...mode, late: true })
}
