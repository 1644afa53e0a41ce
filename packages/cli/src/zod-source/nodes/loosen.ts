import type { View } from './check.ts'
import type { Member, Node } from './node.ts'

/** The same node, keeping of a value all that a check looks at. Definitions that it refers to stay as they are. */
export function loosen(node: Node, view: View): Node {
  if (view === 'all') return loosenDeep(node)
  if (node.kind !== 'object') return mapChildren(node, (child) => loosen(child, view), isSameValue)
  const { names, values } = view
  const members = new Map(
    [...node.members].map(([name, member]): [string, Member] => [
      name,
      values.has(name) ? loosenMember(member) : member,
    ]),
  )
  const missing = names === 'all' ? [] : [...names].filter((name) => !members.has(name))
  if (node.rest !== 'strip') return { ...node, members }
  // Zod takes what every object inherits for a member.
  if (names === 'all' || missing.some((name) => name in Object.prototype)) {
    return { ...node, members, rest: 'keep' }
  }
  for (const name of missing) members.set(name, { node: { kind: 'unknown' }, required: false })
  return { ...node, members }
}

/** The same node, stripping nothing on any level, but for what definitions strip. */
export function loosenDeep(node: Node): Node {
  const loose = mapChildren(node, loosenDeep, () => true)
  if (loose.kind !== 'object') return loose
  const members = [...loose.members].map(([name, member]): [string, Member] => [name, loosenMember(member)])
  return { ...loose, members: new Map(members), rest: loose.rest === 'strip' ? 'keep' : loose.rest }
}

function loosenMember(member: Member): Member {
  const node = loosenDeep(member.node)
  return { node, required: member.required }
}

type Relation = 'same' | 'part'

function isSameValue(relation: Relation): boolean {
  return relation === 'same'
}

// Members of objects are left to the caller. The sides of an intersection stay as they are: what one of them keeps as it is
// on the wire would not agree with what the other one has decoded.
function mapChildren(
  node: Node,
  change: (child: Node) => Node,
  concerns: (relation: Relation) => boolean,
): Node {
  const same = (child: Node) => (concerns('same') ? change(child) : child)
  const part = (child: Node) => (concerns('part') ? change(child) : child)
  switch (node.kind) {
    case 'nullable':
      return { ...node, inner: same(node.inner) }
    case 'union':
      return { ...node, options: node.options.map(same) }
    case 'array':
      return { ...node, element: part(node.element) }
    case 'tuple':
      return {
        ...node,
        items: node.items.map(part),
        ...(node.rest === undefined ? {} : { rest: part(node.rest) }),
      }
    case 'record':
      return { ...node, value: part(node.value) }
    case 'object':
      return typeof node.rest === 'object' ? { ...node, rest: part(node.rest) } : node
    default:
      return node
  }
}
