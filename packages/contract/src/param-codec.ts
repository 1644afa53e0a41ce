import { AddressError, DataError } from './errors.ts'
import { decodeWith, encodeWith, type Schema } from './schema.ts'

/** Takes a channel's params to the strings of an address and back. */
export interface ParamCodec {
  encode(params: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>
  decode(strings: Readonly<Record<string, string>>): Readonly<Record<string, unknown>>
}

export function createParamCodec(
  path: string,
  names: readonly string[],
  schemas: Readonly<Record<string, Schema>>,
): ParamCodec {
  return {
    encode(params) {
      const strings: Record<string, string> = {}
      for (const [name, value] of Object.entries(params)) {
        if (!names.includes(name)) throw new AddressError(`"${path}" has no param "${name}"`)
        strings[name] = text(path, name, convert(encodeWith, path, name, schemas[name], value))
      }
      return strings
    },
    decode(strings) {
      const params: Record<string, unknown> = {}
      for (const [name, value] of Object.entries(strings)) {
        params[name] = convert(decodeWith, path, name, schemas[name], value)
      }
      return params
    },
  }
}

function convert(
  direction: typeof encodeWith | typeof decodeWith,
  path: string,
  name: string,
  schema: Schema | undefined,
  value: unknown,
): unknown {
  if (schema === undefined) return value
  try {
    return direction(schema, value, name)
  } catch (error) {
    if (!DataError.isInstance(error)) throw error
    const { issues } = error
    throw new AddressError(
      `param "${name}" of "${path}"`,
      issues.length > 0 ? issues : [{ path: [], message: error.message }],
    )
  }
}

function text(path: string, name: string, value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
    case 'bigint':
    case 'boolean':
      return String(value)
    default:
      throw new AddressError(`param "${name}" of "${path}" must be a string, a number, a bigint or a boolean`)
  }
}
