import type { Node } from '../nodes/node.ts'
import { referencesOf } from './references.ts'

/** Definitions in an order in which each comes after those that it needs, as far as there is one. */
export interface DefinitionOrder {
  readonly names: readonly string[]
  /** Whether two definitions need each other, or one itself. */
  areRecursive(name: string, other: string): boolean
}

/** The names of definitions as they are first met from these roots on, then those that nothing leads to. */
export function namesByUse(definitions: ReadonlyMap<string, Node>, roots: Iterable<Node>): readonly string[] {
  const found = new Set<string>()
  const visit = (node: Node): void => {
    for (const { name } of referencesOf(node)) {
      const target = definitions.get(name)
      if (target === undefined || found.has(name)) continue
      found.add(name)
      visit(target)
    }
  }
  for (const root of roots) visit(root)
  return [...new Set([...found, ...definitions.keys()])]
}

/** The order to write them in; those that may stand anywhere in the given one. */
export function orderDefinitions(nodes: ReadonlyMap<string, Node>): DefinitionOrder {
  const needs = new Map<string, readonly string[]>()
  const needsAtOnce = new Map<string, readonly string[]>()
  for (const [name, node] of nodes) {
    const references = referencesOf(node).filter((reference) => nodes.has(reference.name))
    needs.set(name, [...new Set(references.map((reference) => reference.name))])
    // What a getter or a check needs is looked up later.
    const atOnce = references.filter(({ inMember, inCheck }) => !inMember && !inCheck)
    needsAtOnce.set(name, [...new Set(atOnce.map((reference) => reference.name))])
  }
  const groups = connected([...nodes.keys()], needs)
  const groupOf = new Map(groups.flatMap((group) => group.map((name) => [name, group] as const)))
  const names = groups.flatMap((group) => sorted(group, needsAtOnce))
  return {
    names,
    areRecursive: (name, other) =>
      groupOf.get(name) === groupOf.get(other) &&
      (name !== other || needs.get(name)?.includes(name) === true),
  }
}

// Within a circle, those that are needed at once come first.
function sorted(group: readonly string[], needs: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const found = new Set<string>()
  const open = new Set<string>()
  const visit = (name: string) => {
    if (found.has(name) || open.has(name) || !group.includes(name)) return
    open.add(name)
    for (const next of needs.get(name) ?? []) visit(next)
    found.add(name)
  }
  for (const name of group) visit(name)
  return [...found]
}

// Tarjan's algorithm: groups that need each other, each after those that it needs. Members in the given order.
function connected(
  names: readonly string[],
  needs: ReadonlyMap<string, readonly string[]>,
): readonly (readonly string[])[] {
  const indexes = new Map<string, number>()
  const lowest = new Map<string, number>()
  const stack: string[] = []
  const groups: string[][] = []

  const visit = (name: string) => {
    const index = indexes.size
    indexes.set(name, index)
    lowest.set(name, index)
    stack.push(name)
    for (const next of needs.get(name) ?? []) {
      if (!indexes.has(next)) visit(next)
      if (stack.includes(next)) lowest.set(name, Math.min(lowest.get(name) ?? 0, lowest.get(next) ?? 0))
    }
    if (lowest.get(name) !== index) return
    const group = stack.splice(stack.indexOf(name))
    groups.push(group.sort((left, right) => names.indexOf(left) - names.indexOf(right)))
  }
  for (const name of names) if (!indexes.has(name)) visit(name)
  return groups
}
