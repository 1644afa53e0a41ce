import { isSilent } from '../layout/comment.ts'
import { type Doc, group, hardLine, indent } from '../layout/doc.ts'
import { commented, keyLiteral, objectLiteral, property } from '../layout/literal.ts'
import type { Member, Node, ObjectNode } from '../nodes/node.ts'
import { isWired } from '../nodes/transparent.ts'
import { callOf, type Expression, nameOf } from './expression.ts'
import { referencesOf } from './references.ts'
import { remarkOf } from './remarks.ts'
import { writeMeta } from './write-meta.ts'
import type { Mode, Writer } from './writer.ts'

/** What writes the schemas inside an object. */
interface Inner {
  bare(node: Node, mode: Mode): Expression
  whole(node: Node, mode: Mode): Expression
}

/** An object, or what it adds to another one. */
export function writeObject(node: ObjectNode, writer: Writer, mode: Mode, inner: Inner): Expression {
  const { flavour } = writer
  const base = usableBase(node, writer, mode)
  const members = [...node.members].filter(([, member]) => base === undefined || member.inherited !== true)
  const written = members.map(([name, member]) => writeMember(name, member, writer, mode, inner))
  const docs = written.map(({ doc }) => doc)
  const shape = objectLiteral(docs, { broken: written.length > 1 || written.some(({ broken }) => broken) })
  const hasGetters = written.some(({ isLate }) => isLate)
  if (base !== undefined) return { ...flavour.extend(nameOf(base), shape), hasGetters }
  const name = node.rest === 'keep' ? 'looseObject' : node.rest === 'refuse' ? 'strictObject' : 'object'
  const object = callOf(`z.${name}`, [shape], { hug: true, hasGetters })
  if (typeof node.rest !== 'object') return object
  return { ...flavour.catchall(object, inner.whole(node.rest, mode)), hasGetters }
}

function usableBase({ base, rest }: ObjectNode, writer: Writer, mode: Mode): string | undefined {
  if (base === undefined || rest !== 'strip' || writer.isOpaque(base)) return undefined
  if (writer.isRecursive(base) || (!mode.late && writer.isLater(base))) return undefined
  const target = writer.lookup(base)
  return target?.kind === 'object' && !isWired(target, writer.lookup) ? writer.nameOf(base) : undefined
}

function writeMember(
  name: string,
  member: Member,
  writer: Writer,
  mode: Mode,
  inner: Inner,
): { doc: Doc; broken: boolean; isLate: boolean } {
  const { flavour } = writer
  const isLate = !mode.late && !mode.checking && needsGetter(member.node, writer)
  const innerMode: Mode = isLate ? { ...mode, late: true } : mode
  const bare = inner.bare(member.node, innerMode)
  const schema = member.required ? bare : flavour.optional(bare)
  const value = flavour.print(writeMeta(member.node, schema, writer, innerMode))
  const remark = remarkOf(mode.checking ? {} : member.node.annotations)
  const doc: Doc = isLate
    ? [`get ${keyLiteral(name)}() {`, indent([hardLine, 'return ', group(value)]), hardLine, '}']
    : property(name, value)
  return { doc: commented(remark, doc), broken: !isSilent(remark) || isLate, isLate }
}

/** Whether a member must be a getter, which is read when all of the module is there. */
export function needsGetter(node: Node, { isLater }: Pick<Writer, 'isLater'>): boolean {
  return referencesOf(node).some(({ name, inMember, inCheck }) => !inMember && !inCheck && isLater(name))
}
