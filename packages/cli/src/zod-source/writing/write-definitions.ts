import type { Doc } from '../layout/doc.ts'
import { commented } from '../layout/literal.ts'
import type { Node } from '../nodes/node.ts'
import { partsOf } from '../nodes/parts.ts'
import { holdsCodec, type Lookup } from '../nodes/transparent.ts'
import { type DefinitionOrder, orderDefinitions } from './definition-order.ts'
import type { Names } from './identifiers.ts'
import { referencesOf } from './references.ts'
import { remarkOf } from './remarks.ts'
import { writeNode } from './write-node.ts'
import { needsGetter } from './write-object.ts'
import { declareType } from './write-type.ts'
import type { Writer } from './writer.ts'

/** The definitions of a module, each as a constant. */
export interface WrittenDefinitions {
  readonly docs: readonly Doc[]
  isOpaque(definition: string): boolean
}

type Tools = Omit<Writer, 'isLater' | 'isRecursive' | 'isOpaque'>

export function writeDefinitions(
  nodes: ReadonlyMap<string, Node>,
  names: Names,
  tools: Tools,
): WrittenDefinitions {
  const order = orderDefinitions(nodes)
  const { nameOf } = tools
  const opaque = new Map([...findOpaque(nodes, order, tools)].map((name) => [name, names.type(name)]))
  const isOpaque = (name: string) => opaque.has(name)
  const position = new Map(order.names.map((name, index) => [name, index]))

  const docs = order.names.flatMap((name, index): Doc[] => {
    const node = nodes.get(name)
    if (node === undefined) return []
    const writer: Writer = {
      ...tools,
      isOpaque,
      isLater: (other) => (position.get(other) ?? -1) >= index,
      isRecursive: (other) => order.areRecursive(name, other),
    }
    const schema = tools.flavour.print(writeNode(node, writer, { late: false, checking: false }))
    const alias = opaque.get(name)
    const types = alias === undefined ? undefined : opaqueTypes(node, alias, opaque, tools)
    const declared = `export const ${nameOf(name)}${types === undefined ? '' : `: ${types.annotation}`} = `
    return [...(types?.declarations ?? []), commented(remarkOf(node.annotations), [declared, schema])]
  })
  return { docs, isOpaque }
}

// Those that are referred to before they are there, outside of an object, or through a function that must know what they
// are made of: TypeScript finds no type for them.
function findOpaque(
  nodes: ReadonlyMap<string, Node>,
  { names, areRecursive }: DefinitionOrder,
  { flavour, lookup }: Tools,
): ReadonlySet<string> {
  const found = new Set<string>()
  for (const [index, name] of names.entries()) {
    const node = nodes.get(name)
    if (node === undefined) continue
    const isLater = (other: string) => names.indexOf(other) >= index
    if (goesInCircles(node, isLater, (other) => areRecursive(name, other), lookup)) found.add(name)
    if (flavour.module === 'zod/mini' && isWrapped(node, isLater)) found.add(name)
    for (const reference of referencesOf(node)) {
      if (isLater(reference.name) && !reference.inMember && !reference.inCheck) found.add(reference.name)
    }
  }
  return found
}

// In Zod Mini, what is around an object is a function of it, which must know it whole, with what its getters give.
function isWrapped(node: Node, isLater: (name: string) => boolean): boolean {
  if (node.kind === 'object' && typeof node.rest !== 'object') return false
  return referencesOf(node).some(({ name, inMember }) => inMember && isLater(name))
}

// Whether the type of a constant depends on itself by way of `onWire`, a check or `catchall`. What is in a getter does no harm else.
function goesInCircles(
  node: Node,
  isLater: (name: string) => boolean,
  isRecursive: (name: string) => boolean,
  lookup: Lookup,
): boolean {
  if (node.checks !== undefined || (node.kind === 'object' && typeof node.rest === 'object'))
    return referencesOf(node).some(({ name, inCheck }) => !inCheck && isRecursive(name))
  const members = node.kind === 'object' ? [...node.members.values()].map((member) => member.node) : []
  return [...partsOf(node), ...members.filter((member) => !needsGetter(member, { isLater }))].some((child) =>
    goesInCircles(child, isLater, isRecursive, lookup),
  )
}

function opaqueTypes(
  node: Node,
  alias: string,
  opaque: ReadonlyMap<string, string>,
  { flavour, lookup, nameOf }: Tools,
): { annotation: string; declarations: readonly Doc[] } {
  const wireAlias = `${alias}Wire`
  const isSame = !holdsCodec(node, lookup)
  const output = declareType(
    alias,
    node,
    'output',
    (name) => opaque.get(name) ?? `z.output<typeof ${nameOf(name)}>`,
  )
  const input = declareType(wireAlias, node, 'input', (name) => {
    const known = opaque.get(name)
    if (known === undefined) return `z.input<typeof ${nameOf(name)}>`
    return holdsCodec({ kind: 'ref', name }, lookup) ? `${known}Wire` : known
  })
  return {
    annotation: `${flavour.schemaType}<${alias}, ${isSame ? alias : wireAlias}>`,
    declarations: isSame ? [output] : [output, input],
  }
}
