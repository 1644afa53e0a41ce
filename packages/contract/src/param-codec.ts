import { AddressError, DataError } from './errors.ts'
import type { AnySchema } from './schema.ts'
import { createSchemaCodec, type SchemaCodec } from './schema-codec.ts'

/** Takes a channel's params to the strings of an address and back. */
export interface ParamCodec {
  encode(params: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>
  decode(strings: Readonly<Record<string, string>>): Readonly<Record<string, unknown>>
}

/** @throws ContractError when a schema has no way back to the string */
export function createParamCodec(
  path: string,
  names: readonly string[],
  schemas: Readonly<Record<string, AnySchema>>,
): ParamCodec {
  // A map, because a param may be called like something that every object inherits.
  const codecs = new Map(
    Object.entries(schemas).map(([name, schema]) => [name, createSchemaCodec(subjectOf(path, name), schema)]),
  )

  function convert(direction: keyof SchemaCodec, name: string, value: unknown): unknown {
    const codec = codecs.get(name)
    if (codec === undefined) return value
    try {
      return codec[direction](value)
    } catch (cause) {
      if (!DataError.isInstance(cause)) throw cause
      const { issues, message } = cause
      throw issues.length > 0
        ? new AddressError(subjectOf(path, name), issues)
        : new AddressError(message, [], { cause })
    }
  }

  return {
    encode(params) {
      const strings = Object.entries(params).map(([name, value]): [string, string] => {
        if (!names.includes(name)) throw new AddressError(`"${path}" has no param "${name}"`)
        return [name, textOf(subjectOf(path, name), convert('encode', name, value))]
      })
      return Object.fromEntries(strings)
    },
    decode(strings) {
      return Object.fromEntries(
        Object.entries(strings).map(([name, value]) => [name, convert('decode', name, value)]),
      )
    },
  }
}

function subjectOf(path: string, name: string): string {
  return `param "${name}" of "${path}"`
}

function textOf(subject: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      throw new AddressError(`${subject} must be a string, a number, a bigint or a boolean`)
  }
}
