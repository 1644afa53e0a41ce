import { toPascalCase } from '../../model/names.ts'
import type { Node } from '../nodes/node.ts'
import { partsOf } from '../nodes/parts.ts'
import { isWired, type Lookup } from '../nodes/transparent.ts'

/**
 * The ids that definitions need to be found again under their names by what reads contracts. It gives a definition of its own,
 * named after its title or its constant, to what is used more than once and has parts.
 */
export function definitionIds(
  definitions: ReadonlyMap<string, Node>,
  roots: Iterable<Node>,
  identifierOf: (name: string) => string,
): ReadonlyMap<string, string> {
  const lookup: Lookup = (name) => definitions.get(name)
  const uses = countUses(roots, lookup)
  const wanted = new Map(
    [...definitions].map(([name, node]) => [
      name,
      toPascalCase(node.annotations?.title ?? identifierOf(name)),
    ]),
  )
  const claims = new Map<string, number>()
  for (const name of wanted.values()) claims.set(name, (claims.get(name) ?? 0) + 1)

  const ids = new Map<string, string>()
  const taken = new Set(definitions.keys())
  for (const [name, count] of uses) {
    const node = definitions.get(name)
    const isFound = wanted.get(name) === name && claims.get(name) === 1
    if (node === undefined || (isFound && count > 1 && hasParts(node, lookup))) continue
    ids.set(name, unused(name, taken))
  }
  return ids
}

// As a document may have it.
function unused(name: string, taken: Set<string>): string {
  const wanted = name.replace(/[^A-Za-z0-9._-]+/g, '_')
  let id = wanted
  for (let count = 2; id !== name && taken.has(id); count += 1) id = `${wanted}${count}`
  taken.add(id)
  return id
}

// What only checks need is code to what reads contracts.
function countUses(roots: Iterable<Node>, lookup: Lookup): ReadonlyMap<string, number> {
  const uses = new Map<string, number>()
  const visit = (node: Node): void => {
    if (isWired(node, lookup)) return
    if (node.kind === 'ref') {
      const count = uses.get(node.name) ?? 0
      uses.set(node.name, count + 1)
      const target = count === 0 ? lookup(node.name) : undefined
      if (target !== undefined) visit(target)
    }
    if (node.kind === 'object') for (const member of node.members.values()) visit(member.node)
    for (const part of partsOf(node)) visit(part)
  }
  for (const root of roots) visit(root)
  return uses
}

function hasParts(node: Node, lookup: Lookup): boolean {
  if (isWired(node, lookup)) return false
  return node.kind === 'object'
    ? node.members.size > 0
    : node.kind === 'union' || node.kind === 'intersection'
}
