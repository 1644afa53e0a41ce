import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import { DataError } from './errors.ts'
import { defineEvent } from './event.ts'
import type { Schema } from './schema.ts'
import { isoDate, urlText } from './text-codecs.ts'

const define = (schema: Schema) => defineEvent('event "e"', schema)

/** What a subscriber has of what was published. */
function across(schema: Schema, data: unknown): unknown {
  const { encode, decode, version } = define(schema)
  return decode(JSON.parse(JSON.stringify(encode(data))), version)
}

class Money {
  readonly cents = 5
}

describe('each kind of schema is refused, with its cure', () => {
  it.each<[string, () => Schema, string]>([
    [
      'transform',
      () => z.string().transform(Number),
      'z.transform() cannot cross JSON both ways; use a codec',
    ],
    [
      'preprocess',
      () => z.preprocess(String, z.string()),
      'z.preprocess() cannot cross JSON both ways; use a codec',
    ],
    ['date', () => z.date(), 'z.date() cannot cross JSON both ways; use a codec such as isoDate'],
    [
      'coerce.date',
      () => z.coerce.date(),
      'z.date() cannot cross JSON both ways; use a codec such as isoDate',
    ],
    ['bigint', () => z.bigint(), 'z.bigint() cannot cross JSON both ways; use a codec such as bigintText'],
    [
      'coerce.bigint',
      () => z.coerce.bigint(),
      'z.bigint() cannot cross JSON both ways; use a codec such as bigintText',
    ],
    ['int64', () => z.int64(), 'z.bigint() cannot cross JSON both ways; use a codec such as bigintText'],
    ['map', () => z.map(z.string(), z.string()), 'z.map() cannot cross JSON both ways; use mapEntries()'],
    ['set', () => z.set(z.string()), 'z.set() cannot cross JSON both ways; use setItems()'],
    ['undefined', () => z.undefined(), 'z.undefined() cannot cross JSON both ways; leave the key out'],
    ['void', () => z.void(), 'z.void() cannot cross JSON both ways; leave the key out'],
    ['symbol', () => z.symbol(), 'z.symbol() cannot cross JSON both ways; use a string'],
    ['nan', () => z.nan(), 'z.nan() cannot cross JSON both ways; use null'],
    ['file', () => z.file(), 'z.file() cannot cross JSON both ways; publish a URL of it'],
    [
      'function',
      () => z.function() as never,
      'z.function() cannot cross JSON both ways; publish data, not code',
    ],
    ['promise', () => z.promise(z.string()), 'z.promise() cannot cross JSON both ways; await the value'],
    [
      'catch',
      () => z.string().catch(''),
      'z.catch() cannot cross JSON both ways; use z.optional() or z.nullable()',
    ],
    [
      'success',
      () => z.success(z.string()),
      'z.success() cannot cross JSON both ways; use the schema inside it',
    ],
    [
      'instanceof',
      () => z.instanceof(Money),
      'z.instanceof() cannot cross JSON both ways; use a codec, such as urlText',
    ],
    [
      'instanceof in Zod Mini',
      () => mini.instanceof(URL),
      'z.instanceof() cannot cross JSON both ways; use a codec',
    ],
    ['literal', () => z.literal(['a', undefined]), 'a literal that JSON has not; use a string'],
  ])('%s', (_, schema, message) => {
    expect(() => define(schema())).toThrow(`event "e": ${message}`)
    expect(() => define(z.object({ lines: z.array(z.object({ x: schema() })) }))).toThrow(
      'event "e" at lines[].x: ',
    )
  })
})

describe('each kind of schema is taken, and its data arrives', () => {
  it.each<[string, Schema, unknown, unknown?]>([
    ['string', z.string(), 'ü\u0000'],
    ['number', z.number(), 1.5],
    ['boolean', z.boolean(), false],
    ['null', z.null(), null],
    ['literal', z.literal(['a', 1, null]), null],
    ['enum', z.enum({ A: 'a', B: 2 }), 2],
    ['template literal', z.templateLiteral(['v', z.number(), z.enum(['', '-beta'])]), 'v1-beta'],
    ['a string format', z.email(), 'a@b.example'],
    ['json', z.json(), { a: [1, null, { b: 'c' }] }],
    ['stringbool, which is a codec', z.stringbool(), true],
    ['coerce.number, whose data is a number', z.coerce.number(), 5],
    ['coerce.string', z.coerce.string(), 'x'],
    ['coerce.boolean, whose false is no text', z.coerce.boolean(), false],
    ['default', z.object({ a: z.number().default(1) }), { a: 2 }],
    ['prefault', z.object({ a: z.string().prefault('x') }), { a: 'y' }],
    ['a member that is left out', z.object({ a: z.string().optional() }), {}],
    ['nullish', z.object({ a: z.string().nullish() }), { a: null }],
    ['nonoptional', z.nonoptional(z.string().optional()), 'x'],
    ['readonly', z.array(z.string()).readonly(), ['x']],
    ['brand', z.string().brand('Id'), 'x'],
    ['never, where it is not', z.object({ a: z.never().optional() }), {}],
    ['record', z.record(z.string(), z.int()), { a: 1 }],
    ['a record of numbers', z.record(z.int(), z.string()), { 1: 'a' }],
    ['partial record', z.partialRecord(z.enum(['a', 'b']), z.int()), { a: 1 }],
    ['tuple', z.tuple([z.string()], z.int()), ['a', 1, 2]],
    ['intersection', z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })), { a: 1, b: 2 }],
    [
      'discriminated union',
      z.discriminatedUnion('is', [
        z.object({ is: z.literal('a'), at: isoDate }),
        z.object({ is: z.literal('b') }),
      ]),
      { is: 'a', at: new Date(5) },
    ],
    ['an overwrite, as trim', z.string().trim(), ' x ', 'x'],
    ['strict objects', z.strictObject({ a: z.int() }), { a: 1 }],
    ['loose objects', z.looseObject({ a: z.int() }), { a: 1, b: [2] }],
    ['unknown', z.unknown(), { a: [1, { b: null }] }],
    ['custom', z.custom<`#${string}`>((value) => String(value).startsWith('#')), '#fff'],
    ['a codec of instances', z.object({ at: urlText }), { at: new URL('https://a.example') }],
  ])('%s', (_, schema, data, arrived = data) => {
    expect(across(schema, data)).toEqual(arrived)
  })
})

describe('what JSON has not is not published', () => {
  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('%s as a number', (value) => {
    for (const schema of [z.number(), mini.number(), z.coerce.number(), z.number().default(1)]) {
      expect(() => define(schema).encode(value)).toThrow(DataError)
    }
  })

  it.each<[string, unknown, string]>([
    ['undefined', { a: [undefined] }, 'a.0: undefined cannot cross JSON'],
    // biome-ignore lint/suspicious/noSparseArray: it is what is tested
    ['a hole', { a: [1, , 2] }, 'a.1: undefined cannot cross JSON'],
    ['NaN', { a: { b: Number.NaN } }, 'a.b: NaN cannot cross JSON'],
    ['a date', { a: new Date(0) }, 'a: an object of Date cannot cross JSON'],
    ['a map', { a: new Map() }, 'a: an object of Map cannot cross JSON'],
    ['an instance', { a: new Money() }, 'a: an object of Money cannot cross JSON'],
    ['a function', { a: () => 1 }, 'a: a function cannot cross JSON'],
    ['a symbol', { a: Symbol('x') }, 'a: a symbol cannot cross JSON'],
  ])('%s, where the schema does not say what there may be', (_, data, message) => {
    for (const schema of [
      z.object({ a: z.unknown() }),
      z.looseObject({}),
      z.record(z.string(), z.any()),
      mini.custom(),
    ]) {
      expect(() => define(schema).encode(data)).toThrow(`event "e": ${message}`)
    }
  })

  it('and what JSON itself refuses is left to who writes it', () => {
    const cyclic: Record<string, unknown> = {}
    cyclic.self = cyclic
    const { encode } = define(z.any())
    for (const data of [undefined, () => 1, Symbol('x'), 1n, [1n], cyclic]) expect(encode(data)).toBe(data)
  })

  it('but the same object may stand there twice, and a member may be undefined', () => {
    const same = { b: 1, c: undefined }
    expect(across(z.unknown(), { a: [same, same] })).toEqual({ a: [{ b: 1 }, { b: 1 }] })
    expect(across(z.unknown(), Object.create(null))).toEqual({})
  })
})

describe('a recursion', () => {
  it('that makes a new schema each time is refused', () => {
    const lazy = (): Schema => z.lazy(() => z.object({ next: z.nullable(lazy()) }))
    const getter = (): Schema =>
      z.object({
        get next() {
          return z.array(getter())
        },
      })
    const wide = (): Schema => z.lazy(() => z.tuple([wide(), wide(), wide()]))
    const piped = (): Schema => z.pipe(z.lazy(piped), z.string())
    const widePiped = (): Schema => z.pipe(wide(), z.string())
    for (const schema of [lazy(), getter(), wide(), piped(), widePiped()]) {
      expect(() => define(schema)).toThrow(
        'there are more than 200 schemas within each other; let z.lazy() give a schema that is made once, not a new one each time',
      )
    }
  })

  it('that makes a new schema at each call of a getter is not', () => {
    const tree: Schema = z.lazy(() => z.object({ at: isoDate, parts: z.array(tree) }))
    const data = { at: new Date(0), parts: [{ at: new Date(1), parts: [] }] }
    expect(across(tree, data)).toEqual(data)
  })

  it('of a hundred schemas within each other is none', () => {
    let schema: Schema = z.string()
    for (let depth = 0; depth < 100; depth += 1) schema = z.array(schema)
    expect(() => define(schema)).not.toThrow()
  })

  it('into what is not there yet is told with its place', () => {
    const early = z.object({
      a: z.lazy(() => {
        throw new ReferenceError(`Cannot access 'late' before initialization`)
      }),
    })
    expect(() => define(early)).toThrow(
      `event "e" at a: the schema within it cannot be had: ReferenceError: Cannot access 'late' before initialization; define it before the channel`,
    )
  })
})
