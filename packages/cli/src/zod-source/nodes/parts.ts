import type { Node } from './node.ts'

/** The nodes directly within one that are not members of an object. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'array':
      return [node.element]
    case 'tuple':
      return node.rest === undefined ? node.items : [...node.items, node.rest]
    case 'record':
      return node.key === undefined ? [node.value] : [node.key, node.value]
    case 'union':
      return node.options
    case 'intersection':
      return [node.left, node.right]
    case 'nullable':
      return [node.inner]
    case 'codec':
      return node.parts
    case 'object':
      return typeof node.rest === 'object' ? [node.rest] : []
    default:
      return []
  }
}
