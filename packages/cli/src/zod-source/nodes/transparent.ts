import type { Check, View } from './check.ts'
import type { Node } from './node.ts'
import { partsOf } from './parts.ts'

/** Finds the node of a definition. */
export type Lookup = (name: string) => Node | undefined

/** Whether a check of the value in code sees the same as one of the value on the wire. */
function seesWire(node: Node, view: View, lookup: Lookup): boolean {
  if (view === 'all') return isTransparent(node, lookup)
  switch (node.kind) {
    case 'nullable':
      return seesWire(node.inner, view, lookup)
    case 'union':
      return node.options.every((option) => seesWire(option, view, lookup))
    case 'object': {
      const { names, values } = view
      const isKept =
        node.rest !== 'strip' || (names !== 'all' && [...names].every((name) => node.members.has(name)))
      return isKept && [...values].every((name) => isMemberTransparent(node, name, lookup))
    }
    default:
      return isTransparent(node, lookup)
  }
}

function isMemberTransparent(node: Node & { kind: 'object' }, name: string, lookup: Lookup): boolean {
  const member = node.members.get(name)?.node ?? (typeof node.rest === 'object' ? node.rest : undefined)
  return member === undefined || isTransparent(member, lookup)
}

/** Whether a value in code is the same as on the wire: nothing is decoded, and nothing dropped. */
function isTransparent(node: Node, lookup: Lookup, open: ReadonlySet<string> = new Set()): boolean {
  const all = (nodes: readonly Node[]) => nodes.every((child) => isTransparent(child, lookup, open))
  switch (node.kind) {
    case 'codec':
      return false
    case 'ref': {
      if (open.has(node.name)) return true
      const target = lookup(node.name)
      return target !== undefined && isTransparent(target, lookup, new Set([...open, node.name]))
    }
    case 'object':
      return (
        node.rest !== 'strip' &&
        all([...node.members.values()].map((member) => member.node)) &&
        (typeof node.rest !== 'object' || all([node.rest]))
      )
    case 'array':
      return all([node.element])
    case 'tuple':
      return all(node.rest === undefined ? node.items : [...node.items, node.rest])
    case 'record':
      return all([node.value])
    case 'union':
      return all(node.options)
    case 'intersection':
      return all([node.left, node.right])
    case 'nullable':
      return all([node.inner])
    case 'string':
      // Zod trims what it reads as a URL.
      return node.format?.call !== 'url'
    default:
      return true
  }
}

/** Whether the checks of a node must see the value on the wire. */
export function isWired(node: Node, lookup: Lookup): boolean {
  const checks: readonly Check[] = node.checks ?? []
  return checks.some(({ view }) => !seesWire(node, view, lookup))
}

/** Whether anything in a node has another type in code than on the wire. */
export function holdsCodec(node: Node, lookup: Lookup, seen: Set<string> = new Set()): boolean {
  if (node.kind === 'codec') return true
  if (node.kind === 'ref') {
    if (seen.has(node.name)) return false
    seen.add(node.name)
    const target = lookup(node.name)
    return target !== undefined && holdsCodec(target, lookup, seen)
  }
  const members = node.kind === 'object' ? [...node.members.values()].map((member) => member.node) : []
  return [...partsOf(node), ...members].some((child) => holdsCodec(child, lookup, seen))
}
