import type { Check } from '../nodes/check.ts'
import type { Node } from '../nodes/node.ts'
import { partsOf } from '../nodes/parts.ts'

/** A definition that a node refers to. */
export interface Reference {
  readonly name: string
  /** Whether it is in a member of an object, which may be a getter and so refer to what comes later. */
  readonly inMember: boolean
  /** Whether only a check needs it. */
  readonly inCheck: boolean
}

/** The definitions that a node refers to, in the order of the text. */
export function referencesOf(node: Node): readonly Reference[] {
  const own = [...childReferences(node)]
  const checked = (node.checks ?? []).flatMap(nodesOf).flatMap(referencesOf)
  return [...own, ...checked.map(({ name }) => ({ name, inMember: false, inCheck: true }))]
}

function childReferences(node: Node): readonly Reference[] {
  switch (node.kind) {
    case 'ref':
      return [{ name: node.name, inMember: false, inCheck: false }]
    case 'object':
      return [
        ...(node.base === undefined ? [] : [{ name: node.base, inMember: false, inCheck: false }]),
        ...[...node.members.values()]
          .flatMap((member) => referencesOf(member.node))
          .map((reference) => ({ ...reference, inMember: true })),
        ...(typeof node.rest === 'object' ? referencesOf(node.rest) : []),
      ]
    default:
      return partsOf(node).flatMap(referencesOf)
  }
}

/** The nodes that a check looks a value up in. */
function nodesOf(check: Check): readonly Node[] {
  switch (check.kind) {
    case 'not':
    case 'fits':
    case 'contains':
    case 'names':
      return [check.node]
    case 'when':
      return [check.condition, check.consequence, check.otherwise].filter((node) => node !== undefined)
    case 'members':
      return [...check.patterns.map(({ node }) => node), ...(check.rest === undefined ? [] : [check.rest])]
    default:
      return []
  }
}
