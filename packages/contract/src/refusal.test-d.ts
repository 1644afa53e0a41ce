import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import {
  channel,
  type DataOf,
  type EventOf,
  event,
  isoDate,
  mapEntries,
  type Schema,
  setItems,
  type Undecoded,
  urlText,
} from './index.ts'

class Money {
  readonly cents = 5
  toJSON() {
    return this.cents
  }
}

describe('what cannot go to JSON and back is refused', () => {
  it('in Zod', () => {
    // @ts-expect-error: a bare date
    channel('a', { events: { e: z.date() } })
    // @ts-expect-error: a bare bigint, in Zod Mini
    channel('a', { events: { e: mini.object({ n: mini.bigint() }) } })
    // @ts-expect-error: a map
    channel('a', { events: { e: z.object({ a: z.map(z.string(), z.string()) }) } })
    // @ts-expect-error: a set in a union
    channel('a', { events: { e: z.union([z.string(), z.set(z.string())]) } })
    // @ts-expect-error: a transform in a list
    channel('a', { events: { e: z.array(z.string().transform(Number)) } })
    // @ts-expect-error: a transform in Zod Mini
    channel('a', { events: { e: mini.pipe(mini.string(), mini.transform(Number)) } })
    // @ts-expect-error: a preprocess in a record
    channel('a', { events: { e: z.record(z.string(), z.preprocess(String, z.string())) } })
    // @ts-expect-error: an element that may be missing
    channel('a', { events: { e: z.tuple([z.string().optional()]) } })
    // @ts-expect-error: undefined
    channel('a', { events: { e: z.object({ a: z.undefined() }) } })
    // @ts-expect-error: a catch
    channel('a', { events: { e: z.object({ a: z.string().catch('') }) } })
    // @ts-expect-error: an instance
    channel('a', { events: { e: z.object({ a: z.instanceof(Date) }) } })
    // @ts-expect-error: a literal that JSON has not
    channel('a', { events: { e: z.literal(1n) } })
    // @ts-expect-error: a symbol in an event with a version
    channel('a', { events: { e: event(z.nullable(z.symbol()), { version: 2 }) } })
    // @ts-expect-error: a date in a snapshot
    channel('a', { events: {}, snapshot: z.object({ at: z.date().default(new Date()) }) })
    // @ts-expect-error: a param without a way back
    channel('a/{b}', { params: { b: z.string().transform(Number) }, events: {} })
  })

  it('in other libraries', () => {
    // @ts-expect-error: a date
    channel('a', { events: { e: v.object({ at: v.date() }) } })
    // @ts-expect-error: a transform
    channel('a', { events: { e: v.pipe(v.string(), v.transform(Number)) } })
    // @ts-expect-error: undefined
    channel('a', { events: { e: v.optional(v.string()) } })
    // @ts-expect-error: undefined in a list
    channel('a', { events: { e: v.array(v.optional(v.string())) } })
    // @ts-expect-error: an instance
    channel('a', { events: { e: v.object({ a: v.instance(Money) }) } })
    // @ts-expect-error: a bigint
    channel('a', { events: { e: type({ n: 'bigint' }) } })
    // @ts-expect-error: a transform
    channel('a', { events: { e: type({ n: 'string.numeric.parse' }) } })
    // @ts-expect-error: a param is text in an address
    channel('a/{b}', { params: { b: v.number() }, events: {} })
    // @ts-expect-error: a param without a way back
    channel('a/{b}', { params: { b: type('string.numeric.parse') }, events: {} })
  })
})

describe('what can is taken', () => {
  const node = z.object({
    at: isoDate,
    get parts() {
      return z.array(node)
    },
  })
  const taken = channel('a/{b}/{c}', {
    params: { b: v.picklist(['x', 'y']), c: type('string.uuid') },
    events: {
      codecs: z.object({
        at: z.optional(isoDate),
        url: urlText,
        all: setItems(mapEntries(isoDate, urlText)),
      }),
      recursive: node,
      open: z.object({ a: z.any(), b: z.unknown(), c: z.custom<{ x: 1 }>(), d: z.json() }),
      wide: z.string() as Schema,
      coerced: z.coerce.number(),
      brand: z.string().brand('Id'),
      shorter: z.tuple([z.string(), z.exactOptional(z.int()), z.exactOptional(z.unknown())]),
      valibot: v.object({
        n: v.number(),
        note: v.optional(v.string()),
      }),
      arktype: event(type({ n: 'number', 'note?': 'string' }), { version: 2 }),
      frozen: v.pipe(v.array(v.string()), v.readonly()),
      filled: v.object({ n: v.optional(v.number(), 1) }),
      named: v.pipe(v.string(), v.brand('Name')),
      anything: v.unknown(),
      some: type('unknown'),
    },
    snapshot: v.object({ n: v.number() }),
  })

  it('with its types in code and on the wire', () => {
    type All = typeof taken
    expectTypeOf<DataOf<All, 'valibot'>>().toEqualTypeOf<{
      n: number
      note?: string | undefined
    }>()
    expectTypeOf<DataOf<All, 'arktype'>>().toEqualTypeOf<{ n: number; note?: string }>()
    expectTypeOf<DataOf<All, 'frozen'>>().toEqualTypeOf<readonly string[]>()
    expectTypeOf<DataOf<All, 'filled'>>().toEqualTypeOf<{ n: number }>()
    expectTypeOf<Undecoded<EventOf<All, 'filled'>>['data']>().toEqualTypeOf<{ n?: number | undefined }>()
    expectTypeOf<DataOf<All, 'coerced'>>().toEqualTypeOf<number>()
    expectTypeOf<EventOf<All>['params']>().toEqualTypeOf<{ readonly b: 'x' | 'y'; readonly c: string }>()
    expectTypeOf<DataOf<All, 'arktype'>>().not.toBeAny()
  })

  it('in a function that knows its schema by a bound alone', () => {
    const one = <S extends Schema>(schema: S) => channel('a', { events: { e: schema, f: event(schema) } })
    const several = <E extends Record<string, Schema>>(events: E) => channel('a', { events })
    expectTypeOf<DataOf<ReturnType<typeof one<typeof isoDate>>, 'e'>>().toEqualTypeOf<Date>()
    expectTypeOf(several).toBeFunction()
  })
})
