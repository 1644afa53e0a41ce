import type { Doc } from '../layout/doc.ts'
import { objectLiteral, property } from '../layout/literal.ts'
import { callOf, type Expression, nameOf } from './expression.ts'
import type { Writer } from './writer.ts'

/** The codecs that the contract package has no name for: the schema in code, and both ways. */
const textCodecs: Readonly<Record<string, readonly [code: string, decode: string, encode: string]>> = {
  number: ['z.number()', 'Number', 'String'],
  integer: ['z.int()', 'Number', 'String'],
  boolean: ['z.boolean()', "(text) => text === 'true'", "(value) => (value ? 'true' : 'false')"],
}

/** A codec, with the schemas that it is made of. */
export function writeCodec(name: string, parts: readonly Doc[], writer: Writer): Expression {
  const own = textCodecs[name]
  if (own !== undefined) {
    const [code, decode, encode] = own
    const functions = objectLiteral([property('decode', decode), property('encode', encode)])
    return callOf('z.codec', [...parts, code, functions], { hug: true })
  }
  const identifier = writer.importName(name)
  return parts.length === 0
    ? nameOf(identifier, { isCore: true })
    : callOf(identifier, parts, { isCore: true })
}

/** Whether a codec is made of Zod's core, so that it has no methods. */
export function isCoreCodec(name: string): boolean {
  return !Object.hasOwn(textCodecs, name)
}
