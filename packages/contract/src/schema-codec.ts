import { DataError } from './errors.ts'
import { findChangedByJson } from './json-value.ts'
import { refuseOneWay } from './one-way.ts'
import type { AnySchema } from './schema.ts'
import { decodeStandard, encodeStandard, refuseAsynchronous } from './standard-codec.ts'
import { isStandardSchema } from './standard-schema.ts'
import { takesAnything } from './takes-anything.ts'
import { decodeZod, encodeZod } from './zod-codec.ts'

/** Takes what a schema describes to JSON and back. */
export interface SchemaCodec {
  /** @throws DataError */
  encode(value: unknown): unknown
  /** @throws DataError */
  decode(value: unknown): unknown
}

/**
 * Makes a codec of a schema of any library.
 *
 * @param subject what the schema is of, for messages
 * @throws ContractError when the schema cannot go to JSON and back
 */
export function createSchemaCodec(subject: string, schema: AnySchema): SchemaCodec {
  if (isStandardSchema(schema)) {
    refuseAsynchronous(subject, schema)
    return {
      encode: (value) => encodeStandard(schema, value, subject),
      decode: (value) => decodeStandard(schema, value, subject),
    }
  }
  refuseOneWay(subject, schema)
  // Only where nothing is described there may be what JSON has not.
  const open = takesAnything(schema)
  return {
    encode(value) {
      const wire = encodeZod(schema, value, subject)
      const issue = open ? findChangedByJson(wire) : undefined
      if (issue !== undefined) throw new DataError(subject, 'invalid', [issue])
      return wire
    },
    decode: (value) => decodeZod(schema, value, subject),
  }
}
