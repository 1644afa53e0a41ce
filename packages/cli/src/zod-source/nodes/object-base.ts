import { type Facets, type ObjectFacet, valueTypes } from '../facets/facets.ts'
import { type Definitions, flatten } from '../facets/flatten.ts'
import { isFreeOf } from './build-values.ts'
import type { Member, Node, ObjectNode } from './node.ts'

/** An object as an addition to the definition that gives it most of its members, or as that definition. */
export function withBase(node: ObjectNode, facets: Facets, definitions: Definitions): Node {
  const candidates = facets.origins
    .filter((name) => isPlainObject(name, definitions))
    .map((name) => ({ name, inherited: inheritedFrom(name, facets.object, definitions) }))
    .filter(({ inherited }) => inherited.size > 0)
  const [best] = candidates.sort((left, right) => right.inherited.size - left.inherited.size)
  if (best === undefined) return node
  if (best.inherited.size === node.members.size) return { kind: 'ref', name: best.name }
  const members = [...node.members].map(([name, member]): [string, Member] => [
    name,
    best.inherited.has(name) ? { ...member, inherited: true } : member,
  ])
  return { ...node, members: new Map(members), base: best.name }
}

/** Whether a definition is an object with declared members and nothing else to it. */
function isPlainObject(name: string, definitions: Definitions): boolean {
  const facets = flatten({ schema: definitions[name] ?? true, pointer: '' }, definitions)
  const { types, values, object } = facets
  if (types.size !== 1 || !types.has('object') || values !== undefined) return false
  const { properties, required, ...others } = object
  const open = { ...object, properties: new Map(), required: new Set<string>() }
  return (
    others.additional === undefined &&
    properties.size > 0 &&
    [...required].every((member) => properties.has(member)) &&
    [...properties.keys()].every((member) => !(member in Object.prototype)) &&
    isFreeOf({ ...facets, object: open }, new Set(valueTypes))
  )
}

// Members that are the same there and here.
function inheritedFrom(name: string, object: ObjectFacet, definitions: Definitions): ReadonlySet<string> {
  const base = flatten({ schema: definitions[name] ?? true, pointer: '' }, definitions).object
  const same = [...base.properties].filter(
    ([member, { schema }]) =>
      object.properties.get(member)?.schema === schema &&
      object.required.has(member) === base.required.has(member),
  )
  return new Set(same.map(([member]) => member))
}
