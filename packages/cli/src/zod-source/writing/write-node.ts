import type { Doc } from '../layout/doc.ts'
import { arrayLiteral, call, valueLiteral } from '../layout/literal.ts'
import type { Literal, Node, TupleNode } from '../nodes/node.ts'
import { takesUndefined } from '../nodes/takes-undefined.ts'
import { callOf, type Expression } from './expression.ts'
import { writeChecks } from './write-checks.ts'
import { writeCodec } from './write-codec.ts'
import { numberConstraints, sizeConstraints, stringConstraints } from './write-constraints.ts'
import { writeMeta } from './write-meta.ts'
import { writeObject } from './write-object.ts'
import { writeRef } from './write-ref.ts'
import { writeUnion } from './write-union.ts'
import type { Mode, Writer } from './writer.ts'

/** A node as a schema, with what it says to people. */
export function writeNode(node: Node, writer: Writer, mode: Mode): Expression {
  return writeMeta(node, writeBare(node, writer, mode), writer, mode)
}

/** A node as a schema, without what it says to people. */
function writeBare(node: Node, writer: Writer, mode: Mode): Expression {
  return writeChecks(node, writeKind(node, writer, mode), writer, (schema) =>
    writer.flavour.print(writeNode(schema, writer, { ...mode, checking: true })),
  )
}

function writeKind(node: Node, writer: Writer, mode: Mode): Expression {
  const { flavour } = writer
  const write = (child: Node) => writeNode(child, writer, mode)
  const text = (child: Node) => flavour.print(write(child))
  switch (node.kind) {
    case 'string': {
      const { call: name, args } = node.format ?? { call: 'string' }
      const schema = callOf(`z.${name}`, args === undefined ? [] : [args], { hug: true })
      return flavour.constrain(schema, stringConstraints(node))
    }
    case 'number': {
      const schema = callOf(node.format === 'any' ? 'z.number' : `z.${node.format}`)
      return flavour.constrain(schema, numberConstraints(node))
    }
    case 'literal':
      return writeLiteral(node.values)
    case 'array':
      return flavour.constrain(callOf('z.array', [text(node.element)]), sizeConstraints(node))
    case 'tuple':
      return writeTuple(node, writer, write)
    case 'record': {
      const key = node.key === undefined ? 'z.string()' : text(node.key)
      // A record of listed keys would ask for all of them.
      const isPartial = node.key !== undefined && isListed(node.key)
      return callOf(isPartial ? 'z.partialRecord' : 'z.record', [key, text(node.value)])
    }
    case 'object':
      return writeObject(node, writer, mode, {
        bare: (child, childMode) => writeBare(child, writer, childMode),
        whole: (child, childMode) => writeNode(child, writer, childMode),
      })
    case 'union':
      return writeUnion(node, writer, mode, write)
    case 'intersection':
      return callOf('z.intersection', [text(node.left), text(node.right)])
    case 'nullable':
      return flavour.nullable(write(node.inner))
    case 'ref':
      return writeRef(node.name, writer, mode)
    case 'codec':
      return writeCodec(node.name, node.parts.map(text), writer)
    default:
      return callOf(`z.${node.kind}`)
  }
}

function writeLiteral(values: readonly Literal[]): Expression {
  if (values.length === 1) return callOf('z.literal', [valueLiteral(values[0])])
  const strings = values.every((value) => typeof value === 'string')
  const list = arrayLiteral(values.map(valueLiteral), { values })
  return callOf(strings ? 'z.enum' : 'z.literal', [list], { hug: true })
}

function writeTuple(
  node: TupleNode,
  { flavour, lookup }: Writer,
  write: (node: Node) => Expression,
): Expression {
  const items = node.items.map((item, index) => {
    const schema = write(item)
    if (index >= node.required) return flavour.print(flavour.exactOptional(schema))
    // Zod adds an item that is not there where it may be anything, and others may follow.
    const isMissed = node.rest !== undefined && takesUndefined(item, lookup)
    return flavour.print(isMissed ? flavour.nonoptional(schema) : schema)
  })
  const rest: readonly Doc[] = node.rest === undefined ? [] : [flavour.print(write(node.rest))]
  const schema = callOf('z.tuple', [arrayLiteral(items), ...rest], { hug: rest.length === 0 })
  const checks = sizeConstraints(node).map(({ check, args }) => call(`z.${check}`, args))
  if (checks.length === 0) return schema
  // Tuples have no methods for it, in Zod neither.
  return { ...schema, methods: [{ method: 'check', args: checks, hug: false }] }
}

function isListed(node: Node): boolean {
  return node.kind === 'literal' || (node.kind === 'union' && node.options.every(isListed))
}
