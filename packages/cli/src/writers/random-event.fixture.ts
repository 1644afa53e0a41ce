import {
  base64Bytes,
  bigintText,
  isoDate,
  mapEntries,
  type Schema,
  setItems,
  urlText,
} from '@millrace/contract'
import fc from 'fast-check'
import * as z from 'zod'

/** A schema made at random, and data for it as it is in code. */
export interface RandomEvent {
  readonly schema: Schema
  readonly data: fc.Arbitrary<unknown>
}

type Random = fc.Arbitrary<RandomEvent>

const of = <Data>(schema: Schema<Data>, data: fc.Arbitrary<Data>): Random => fc.constant({ schema, data })

const date = fc.date({ noInvalidDate: true, min: new Date('1970-01-01'), max: new Date('2100-01-01') })
const safeText = fc.string({ unit: 'binary', maxLength: 12 })

const leaf: Random = fc.oneof(
  of(z.string(), safeText),
  of(z.string().min(2).max(5), fc.stringMatching(/^[a-z]{2,5}$/)),
  of(z.string().regex(/^[A-Z]{3}-\d+$/), fc.stringMatching(/^[A-Z]{3}-[0-9]{1,4}$/)),
  of(z.email(), fc.constantFrom('a@example.org', 'b.c@example.co.uk')),
  of(z.uuid(), fc.uuid({ version: 4 })),
  of(z.int(), fc.maxSafeInteger()),
  of(
    z.int().min(-3).max(70).multipleOf(7),
    fc.integer({ min: 0, max: 10 }).map((n) => n * 7),
  ),
  of(
    z.number(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
  ),
  of(z.number().gt(0.25).lt(0.5), fc.constantFrom(0.3, 0.4)),
  of(z.boolean(), fc.boolean()),
  of(z.null(), fc.constant(null)),
  of(z.literal(['a', 1, true]), fc.constantFrom('a' as const, 1 as const, true as const)),
  of(z.enum(['x', 'y']), fc.constantFrom('x' as const, 'y' as const)),
  of(isoDate, date),
  of(bigintText, fc.bigInt()),
  of(
    urlText,
    fc.webUrl().map((text) => new URL(text)),
  ),
  of(base64Bytes, fc.uint8Array({ maxLength: 12 })),
)

const key = fc.constantFrom('a', 'b', 'at', 'größe', 'with-dash', 'class', 'default')

/** Any kind of schema that contracts hold, to some depth. */
export const randomEvent: Random = fc.letrec<{ any: RandomEvent; object: RandomEvent }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    tie('object'),
    tie('any').map(({ schema, data }) => ({
      schema: z.array(schema).max(4),
      data: fc.array(data, { maxLength: 4 }),
    })),
    tie('any').map(({ schema, data }) => ({
      schema: z.record(z.string(), schema),
      data: fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), data, { maxKeys: 3 }),
    })),
    tie('any').map(({ schema, data }) => ({
      schema: z.nullable(schema),
      data: fc.option(data),
    })),
    tie('any').map(({ schema, data }) => ({
      schema: setItems(schema),
      data: fc.array(data, { maxLength: 4 }).map((items) => new Set(items)),
    })),
    fc.tuple(tie('any'), tie('any')).map(([first, second]) => ({
      schema: mapEntries(first.schema, second.schema),
      data: fc.array(fc.tuple(first.data, second.data), { maxLength: 3 }).map((entries) => new Map(entries)),
    })),
    fc.tuple(tie('any'), tie('any')).map(([first, second]) => ({
      schema: z.tuple([first.schema, second.schema]),
      data: fc.tuple(first.data, second.data),
    })),
    fc.tuple(tie('object'), tie('object')).map(([first, second]) => ({
      schema: z.discriminatedUnion('kind', [
        (first.schema as z.ZodObject).extend({ kind: z.literal('first') }),
        (second.schema as z.ZodObject).extend({ kind: z.literal('second') }),
      ]),
      data: fc.oneof(
        first.data.map((data) => ({ ...(data as object), kind: 'first' })),
        second.data.map((data) => ({ ...(data as object), kind: 'second' })),
      ),
    })),
  ),
  object: fc
    .uniqueArray(fc.tuple(key, tie('any'), fc.boolean()), { selector: ([name]) => name, maxLength: 4 })
    .map((members) => ({
      schema: z.object(
        Object.fromEntries(
          members.map(([name, { schema }, required]) => [name, required ? schema : z.optional(schema)]),
        ),
      ),
      data: fc.record(Object.fromEntries(members.map(([name, { data }]) => [name, data])), {
        requiredKeys: members.filter(([, , required]) => required).map(([name]) => name),
      }),
    })),
})).any
