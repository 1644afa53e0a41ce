import { DataError } from './errors.ts'

/** From the wire to the type in code, or back. */
export type Direction = 'decode' | 'encode'

/**
 * Takes a value across. It looks at what it changes and at nothing else, so it is no check of the data.
 * @throws DataError with the path where a value cannot be taken across
 */
export type PlainCodec = (value: unknown, direction: Direction, path: readonly PropertyKey[]) => unknown

/** A `Date` in code, an ISO 8601 string on the wire. */
export const date: PlainCodec = /* @__PURE__ */ text(
  // `Date` reads `5`, too, which in a union is meant as something else.
  (wire) =>
    valid(new Date(wire), (value) => !Number.isNaN(value.getTime()) && /^\d{4}-\d\d-\d\dT/.test(wire)),
  (value) => (value as Date).toISOString(),
)

/** A `bigint` in code, decimal digits on the wire. */
export const bigint: PlainCodec = /* @__PURE__ */ text(
  (wire) => valid(wire, (digits) => /^-?\d+$/.test(digits)) && BigInt(wire),
  (value) => (value as bigint).toString(),
  'bigint',
)

/** A number in code, its digits on the wire. */
export const number: PlainCodec = /* @__PURE__ */ text(
  (wire) => valid(wire.trim() === '' ? Number.NaN : Number(wire), Number.isFinite),
  (value) => String(value),
  'number',
)

/** A boolean in code, `true` or `false` as text on the wire. */
export const boolean: PlainCodec = /* @__PURE__ */ text(
  (wire) => valid(wire, (word) => word === 'true' || word === 'false') === 'true',
  (value) => String(value),
  'boolean',
)

/** A `URL` in code, its text on the wire. */
export const url: PlainCodec = /* @__PURE__ */ text(
  (wire) => new URL(wire),
  (value) => valid((value as URL).href, (href) => typeof href === 'string'),
)

/** Bytes in code, base64 on the wire. */
export const bytes: PlainCodec = /* @__PURE__ */ text(
  (wire) => Uint8Array.from(atob(wire), (character) => character.charCodeAt(0)),
  (value) => {
    const array = valid(value, (one) => one instanceof Uint8Array) as Uint8Array
    return btoa(Array.from(array, (byte) => String.fromCharCode(byte)).join(''))
  },
)

/** The members of an object that change on the way. Members in `defaults` are made when they are not on the wire. */
export function fields(
  codecs: Readonly<Record<string, PlainCodec>>,
  defaults: Readonly<Record<string, () => unknown>> = {},
  rest?: PlainCodec,
): PlainCodec {
  return (value, direction, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    const missing =
      direction === 'decode' ? Object.keys(defaults).filter((key) => Object(value)[key] === undefined) : []
    const made = missing.map((key): [string, unknown] => [key, defaults[key]?.()])
    return Object.fromEntries(
      [...Object.entries(value), ...made].map(([key, member]) => {
        const codec = Object.hasOwn(codecs, key) ? codecs[key] : rest
        return [
          key,
          codec === undefined || member === undefined ? member : codec(member, direction, [...path, key]),
        ]
      }),
    )
  }
}

/** An array of things that change on the way: the first ones each by its own codec, where there is one, then the others. */
export function list(
  codec: PlainCodec | undefined,
  first: readonly (PlainCodec | undefined)[] = [],
): PlainCodec {
  return (value, direction, path) =>
    Array.isArray(value)
      ? value.map((item: unknown, index) => {
          const own = index < first.length ? first[index] : codec
          return own === undefined ? item : own(item, direction, [...path, index])
        })
      : value
}

/** What may also be `null`, on either side. */
export function nullable(codec: PlainCodec): PlainCodec {
  return (value, direction, path) => (value === null ? null : codec(value, direction, path))
}

/** One of several: the first that takes the value. `undefined` takes any, as it is. */
export function either(...codecs: readonly (PlainCodec | undefined)[]): PlainCodec {
  return (value, direction, path) => {
    let fault: unknown
    for (const codec of codecs) {
      if (codec === undefined) return value
      try {
        return codec(value, direction, path)
      } catch (error) {
        fault = error
      }
    }
    throw fault
  }
}

/** One of several objects, told apart by a member that holds a text, a number or a boolean. */
export function tagged(member: string, codecs: Readonly<Record<string, PlainCodec>>): PlainCodec {
  return (value, direction, path) => {
    const tag = String((value as Readonly<Record<string, unknown>> | null | undefined)?.[member])
    const codec = Object.hasOwn(codecs, tag) ? codecs[tag] : undefined
    return codec === undefined ? value : codec(value, direction, path)
  }
}

/** A codec that holds itself. */
export function lazy(codec: () => PlainCodec): PlainCodec {
  return (value, direction, path) => codec()(value, direction, path)
}

function text(
  decode: (wire: string) => unknown,
  encode: (value: unknown) => string,
  type: string = 'object',
): PlainCodec {
  return (value, direction, path) => {
    try {
      if (typeof value === (direction === 'decode' ? 'string' : type)) {
        return direction === 'decode' ? decode(value as string) : encode(value)
      }
    } catch {
      // Told below, with the place.
    }
    throw cannot(direction, path)
  }
}

/** What a codec throws for a value that it cannot take across. */
export function cannot(direction: Direction, path: readonly PropertyKey[]): DataError {
  return new DataError('codec', 'invalid', [{ path, message: `cannot ${direction} it` }])
}

function valid<Value>(value: Value, check: (value: Value) => boolean): Value {
  if (!check(value)) throw new TypeError()
  return value
}
