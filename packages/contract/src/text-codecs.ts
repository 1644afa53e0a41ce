import * as z from 'zod/v4/core'
import { codec, instanceOf } from './codec.ts'

// Made of Zod's core alone, so that a contract in Zod Mini does not bring all of Zod along. They have no methods
// for that reason: `z.optional(isoDate)`, not `isoDate.optional()`.

/** A `Date` in code, an ISO 8601 string in UTC on the wire. */
export const isoDate: z.$ZodCodec<z.$ZodISODateTime, z.$ZodDate> = /* @__PURE__ */ codec(() => ({
  name: 'date',
  wire: z._isoDateTime(z.$ZodISODateTime, { offset: true }),
  code: z._date(z.$ZodDate),
  decode: (text) => new Date(text),
  encode: (date: Date) => date.toISOString(),
}))

/** A `bigint` in code, decimal digits on the wire. */
export const bigintText: z.$ZodCodec<z.$ZodString<string>, z.$ZodBigInt> = /* @__PURE__ */ codec(() => ({
  name: 'bigint',
  // The core leaves open what a string is coerced from, which this one is not.
  wire: z._string(z.$ZodString, { checks: [z._regex(/^-?\d+$/)] }) as z.$ZodString<string>,
  code: z._bigint(z.$ZodBigInt),
  decode: (text) => BigInt(text),
  encode: (value: bigint) => value.toString(),
}))

/** A `URL` in code, its text on the wire. */
export const urlText: z.$ZodCodec<z.$ZodURL, z.$ZodType<URL, URL>> = /* @__PURE__ */ codec(() => ({
  name: 'url',
  wire: z._url(z.$ZodURL, {}),
  code: instanceOf<URL>('URL', (value) => value instanceof URL),
  decode: (text) => new URL(text),
  encode: (url) => url.href,
}))

/** Bytes in code, base64 on the wire. */
export const base64Bytes: z.$ZodCodec<
  z.$ZodBase64,
  z.$ZodType<Uint8Array, Uint8Array>
> = /* @__PURE__ */ codec(() => ({
  name: 'bytes',
  wire: z._base64(z.$ZodBase64, {}),
  code: instanceOf<Uint8Array>('Uint8Array', (value) => value instanceof Uint8Array),
  decode: (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0)),
  encode: (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')),
}))
