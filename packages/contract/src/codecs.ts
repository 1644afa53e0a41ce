import * as z from 'zod/v4/core'

// Made of Zod's core alone, so that a contract in Zod Mini does not bring all of Zod along. They have no methods
// for that reason: `z.optional(isoDate)`, not `isoDate.optional()`.

/** A `Date` in code, an ISO 8601 string in UTC on the wire. */
export const isoDate: z.$ZodCodec<z.$ZodISODateTime, z.$ZodDate> = /* @__PURE__ */ codec(() => ({
  name: 'date',
  wire: z._isoDateTime(z.$ZodISODateTime, { offset: true }),
  code: z._date(z.$ZodDate),
  decode: (text: string) => new Date(text),
  encode: (date: Date) => date.toISOString(),
}))

/** A `bigint` in code, decimal digits on the wire. */
export const bigintText: z.$ZodCodec<z.$ZodString, z.$ZodBigInt> = /* @__PURE__ */ codec(() => ({
  name: 'bigint',
  wire: z._string(z.$ZodString, { checks: [z._regex(/^-?\d+$/)] }),
  code: z._bigint(z.$ZodBigInt),
  decode: (text: string) => BigInt(text),
  encode: (value: bigint) => value.toString(),
}))

function codec<Wire extends z.$ZodType<string>, Code extends z.$ZodType<Value>, Value>(
  make: () => {
    name: string
    wire: Wire
    code: Code
    decode(text: string): Value
    encode(value: Value): string
  },
): z.$ZodCodec<Wire, Code> {
  const { name, wire, code, decode, encode } = make()
  const definition = {
    type: 'pipe' as const,
    in: wire,
    out: code,
    transform: (text: unknown) => decode(text as string),
    reverseTransform: (value: unknown) => encode(value as Value),
    // Tools know a codec by this name, in whichever copy of this package it was made.
    'x-codec': name,
  }
  // The core's constructor takes the ends as `$ZodType` and forgets which they were.
  return new z.$ZodCodec(definition) as z.$ZodCodec<Wire, Code>
}
