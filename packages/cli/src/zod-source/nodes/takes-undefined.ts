import type { Node } from './node.ts'
import { isWired, type Lookup } from './transparent.ts'

/** Whether Zod takes `undefined`, which JSON has not, for a value that fits. */
export function takesUndefined(node: Node, lookup: Lookup, open: readonly string[] = []): boolean {
  if (isWired(node, lookup)) return true
  const inside = (child: Node) => takesUndefined(child, lookup, open)
  switch (node.kind) {
    case 'unknown':
      return true
    case 'nullable':
      return inside(node.inner)
    case 'union':
      return node.options.some(inside)
    case 'intersection':
      return inside(node.left) && inside(node.right)
    case 'ref': {
      const target = open.includes(node.name) ? undefined : lookup(node.name)
      return target !== undefined && takesUndefined(target, lookup, [...open, node.name])
    }
    default:
      return false
  }
}
