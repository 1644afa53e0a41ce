import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import { defineEvent } from './event.ts'
import type { Schema } from './schema.ts'
import { bigintText, isoDate } from './text-codecs.ts'

/** A schema, and what may be published under it. */
interface Kind {
  readonly schema: Schema
  readonly data: fc.Arbitrary<unknown>
}

const leaves: readonly Kind[] = [
  { schema: z.string(), data: fc.string({ unit: 'binary' }) },
  { schema: mini.string(), data: fc.string() },
  // JSON has no negative zero.
  { schema: z.number(), data: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0) },
  { schema: mini.int(), data: fc.maxSafeInteger() },
  { schema: z.boolean(), data: fc.boolean() },
  { schema: z.null(), data: fc.constant(null) },
  { schema: z.literal(['a', 1, null]), data: fc.constantFrom('a', 1, null) },
  { schema: z.enum(['x', 'y']), data: fc.constantFrom('x', 'y') },
  { schema: z.json(), data: fc.jsonValue({ maxDepth: 2 }).map(plain) },
  { schema: isoDate, data: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date(4e12) }) },
  { schema: bigintText, data: fc.bigInt() },
  { schema: z.stringbool(), data: fc.boolean() },
]

const keys = ['id', 'at', 'schema', '_zod', 'then'] as const
// Zod takes what an object inherits for a member of it, where that member is left out. Records have their own keys alone.
const recordKeys = [...keys, 'constructor', 'toString', ''] as const

const { kind } = fc.letrec<{ kind: Kind }>((tie) => ({
  kind: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(...leaves),
    tie('kind').map(({ schema, data }) => ({
      schema: z.array(schema),
      data: fc.array(data, { maxLength: 3 }),
    })),
    tie('kind').map(({ schema, data }) => ({ schema: mini.nullable(schema), data: fc.option(data) })),
    tie('kind').map(({ schema, data }) => ({ schema: z.lazy(() => schema), data })),
    tie('kind').map(({ schema, data }) => ({
      schema: z.record(z.string(), schema),
      data: fc.dictionary(fc.constantFrom(...recordKeys), data),
    })),
    fc.array(tie('kind'), { minLength: 1, maxLength: 3 }).map((kinds) => ({
      schema: z.tuple(kinds.map(({ schema }) => schema) as [Schema]),
      data: fc.tuple(...kinds.map(({ data }) => data)),
    })),
    fc.array(tie('kind'), { minLength: 1, maxLength: 3 }).map((kinds) => ({
      schema: z.union(kinds.map(({ schema }, tag) => z.object({ tag: z.literal(tag), schema }))),
      data: fc.oneof(...kinds.map(({ data }, tag) => fc.record({ tag: fc.constant(tag), schema: data }))),
    })),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...keys), tie('kind'), fc.boolean()), {
        selector: ([key]) => key,
      })
      .map((members) => ({
        schema: z.object(
          Object.fromEntries(
            members.map(([key, { schema }, left]) => [key, left ? z.optional(schema) : schema]),
          ),
        ),
        data: fc.record(Object.fromEntries(members.map(([key, { data }]) => [key, data])), {
          requiredKeys: members.flatMap(([key, , left]) => (left ? [] : [key])),
          noNullPrototype: true,
        }),
      })),
  ),
}))

it('data of any schema that a contract takes is the same after its way over the wire', () => {
  const example = kind.chain(({ schema, data }) => data.map((value) => ({ schema, value })))
  fc.assert(
    fc.property(example, ({ schema, value }) => {
      const { encode, decode, version } = defineEvent('event "e"', schema)
      const text = JSON.stringify(encode(value))
      expect(decode(JSON.parse(text), version)).toEqual(value)
    }),
    { numRuns: 1_000 },
  )
})

// JSON has no negative zero, and Zod drops members called `__proto__`, lest somebody assign them.
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (key, member) => (key === '__proto__' ? undefined : member))
}
