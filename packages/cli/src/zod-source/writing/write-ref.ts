import type { Node } from '../nodes/node.ts'
import { isWired } from '../nodes/transparent.ts'
import { callOf, type Expression, nameOf } from './expression.ts'
import { isCoreCodec } from './write-codec.ts'
import type { Mode, Writer } from './writer.ts'

/** A definition, by the name of its constant. */
export function writeRef(name: string, writer: Writer, mode: Mode): Expression {
  const identifier = writer.nameOf(name)
  if (mode.checking) {
    // The types would go in circles otherwise.
    return writer.isLater(name) || writer.isRecursive(name)
      ? callOf('z.lazy', [`(): z.core.$ZodType => ${identifier}`], { hug: true })
      : nameOf(identifier)
  }
  if (!mode.late && writer.isLater(name)) return callOf('z.lazy', [`() => ${identifier}`], { hug: true })
  const target = writer.lookup(name)
  return nameOf(identifier, {
    isCore: target !== undefined && isCore(target, writer) && !writer.isOpaque(name),
    hasGetters: !mode.late && writer.isRecursive(name),
  })
}

// Schemas that are made of Zod's core, and not in the words of one flavour.
function isCore(node: Node, writer: Writer): boolean {
  if (node.annotations !== undefined || isWired(node, writer.lookup)) return false
  return node.kind === 'codec' && isCoreCodec(node.name)
}
