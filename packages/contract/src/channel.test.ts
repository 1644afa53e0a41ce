import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import * as three from 'zod/v3'
import { channel } from './channel.ts'
import { defineContract } from './contract.ts'
import { AddressError, ContractError } from './errors.ts'
import { event } from './event.ts'
import { resolveAddress } from './resolve.ts'
import type { Schema } from './schema.ts'
import { isoDate } from './text-codecs.ts'

const placed = z.object({ total: z.number() })

describe('a channel', () => {
  const orders = channel('orders/{orderId}', { params: { orderId: z.uuid() }, events: { placed } })
  const orderId = '0d9b2a8e-6a55-4c39-9f0c-2f1f6c7a3b11'

  it('gives a topic for its params, and the pattern of all without them', () => {
    expect(orders({ orderId })).toMatchObject({
      kind: 'topic',
      address: `orders/${orderId}`,
      params: { orderId },
    })
    expect(orders()).toMatchObject({ kind: 'pattern', address: 'orders/*' })
  })

  it('without params has one topic', () => {
    expect(channel('news', { events: { placed } })()).toMatchObject({
      kind: 'topic',
      address: 'news',
      params: {},
    })
  })

  it('refuses a param that does not fit, and says why', () => {
    expect(() => orders({ orderId: '42' })).toThrow('param "orderId" of "orders/{orderId}": Invalid UUID')
    expect(() => orders({ orderId: '42' })).toThrow(AddressError)
    expect(() => orders({ id: orderId } as never)).toThrow('"orders/{orderId}" has no param "id"')
    expect(() => channel('a/{b}', { events: { placed } })({ b: {} as never })).toThrow(
      'param "b" of "a/{b}" must be a string, a number, a bigint or a boolean',
    )
  })

  it('takes params of any type that reads a string', () => {
    const at = channel('days/{day}/{count}', {
      params: {
        day: isoDate,
        count: z.codec(z.string().regex(/^\d+$/), z.int(), { decode: Number, encode: String }),
      },
      events: { placed },
    })
    const topic = at({ day: new Date(0), count: 7 })
    expect(topic.address).toBe('days/1970-01-01T00%3A00%3A00.000Z/7')
    const contract = defineContract({ name: 'c', version: '1.0.0', channels: { at } })
    expect(resolveAddress(contract, topic.address)).toMatchObject({ params: { day: new Date(0), count: 7 } })
    expect(() => resolveAddress(contract, 'days/yesterday/7')).toThrow(AddressError)
  })

  it.each(['constructor', 'toString', '__proto__'])('may have a param called %s', (name) => {
    const params = Object.fromEntries([[name, 'x/y']])
    const named = channel(`a/{${name}}` as string, { events: { placed } }) as (given?: unknown) => unknown
    expect(named(params)).toMatchObject({ kind: 'topic', address: 'a/x%2Fy' })
    expect(named()).toMatchObject({ kind: 'pattern', address: 'a/*' })
    const { decodeAddress } = channel(`a/{${name}}` as string, { events: { placed } })['~channel']
    expect(Object.entries(decodeAddress('a/x%2Fy') ?? {})).toEqual([[name, 'x/y']])
  })

  it('refuses a param that has no way back to a string', () => {
    const params = { b: z.string().transform(Number) as Schema<unknown, string> }
    expect(() => channel('a/{b}', { params, events: { placed } })).toThrow(
      'param "b" of "a/{b}": z.transform() cannot cross JSON both ways; use a codec',
    )
    expect(() => channel('a/{b}', { params, events: { placed } })).toThrow(ContractError)
  })

  it('says what a codec of a param threw', () => {
    const failing = z.codec(z.string(), z.number(), {
      decode: Number,
      encode: () => {
        throw new RangeError('boom')
      },
    })
    expect(() => channel('a/{b}', { params: { b: failing }, events: { placed } })({ b: 1 })).toThrow(
      expect.objectContaining({
        name: 'AddressError',
        message: 'param "b" of "a/{b}": a codec or check threw RangeError: boom',
        cause: expect.objectContaining({ name: 'DataError' }),
      }),
    )
  })

  it.each(['millrace.open', 'error', 'open', 'message'])('reserves the event name %s', (name) => {
    expect(() => channel('a', { events: { [name]: placed } })).toThrow(
      `channel "a": event name "${name}" is reserved`,
    )
  })

  it.each(['', '1st', 'a b', 'a\nb', 'ä'])('has no event called %j', (name) => {
    expect(() => channel('a', { events: { [name]: placed } })).toThrow(
      `channel "a": event name "${name}" must be letters, digits, ".", "_", "-"`,
    )
  })

  it('has schemas for its own params only', () => {
    const params = { other: z.string() } as never
    expect(() => channel('a/{b}', { params, events: { placed } })).toThrow(
      'channel "a/{b}" has no "{other}" in its path',
    )
  })

  it('delivers every event unless it says otherwise', () => {
    expect(orders['~channel'].deliver).toBe('every')
    expect(channel('a', { events: { placed }, deliver: 'latest' })['~channel'].deliver).toBe('latest')
  })
})

describe('what cannot go to JSON and back', () => {
  const cases: [string, () => Schema, string][] = [
    ['a transform', () => z.object({ a: z.string().transform(Number) }), ' at a: z.transform()'],
    ['a preprocess', () => z.object({ a: z.preprocess(String, z.string()) }), ' at a: z.preprocess()'],
    [
      'a bare date',
      () => z.object({ a: z.date() }),
      ' at a: z.date() cannot cross JSON both ways; use a codec such as isoDate',
    ],
    [
      'a bare bigint',
      () => z.bigint(),
      ': z.bigint() cannot cross JSON both ways; use a codec such as bigintText',
    ],
    ['a map', () => z.map(z.string(), z.string()), ': z.map()'],
    ['a set', () => z.set(z.string()), ': z.set()'],
    ['a symbol', () => z.symbol(), ': z.symbol()'],
    ['undefined', () => z.undefined(), ': z.undefined()'],
    ['a function', () => z.function() as never, ': z.function()'],
    ['a promise', () => z.promise(z.string()), ': z.promise()'],
    ['NaN', () => z.nan(), ': z.nan()'],
    ['a file', () => z.file(), ': z.file()'],
    ['a catch', () => z.string().catch('x'), ': z.catch()'],
    ['an undefined literal', () => z.literal(undefined), ': a literal that JSON has not'],
    ['a bigint literal', () => z.literal(1n), ': a literal that JSON has not'],
    ['an infinite literal', () => z.literal([1, Number.POSITIVE_INFINITY]), ': a literal that JSON has not'],
    [
      'a literal in an object',
      () => z.object({ a: z.object({ b: z.literal([undefined, 'x']) }) }),
      ' at a.b: a literal that JSON has not; use a string, a finite number, a boolean or null',
    ],
    [
      'data that may be missing',
      () => z.optional(z.string()),
      ': z.optional() cannot cross JSON both ways; use z.nullable(), since only a member of an object can be left out',
    ],
    ['an element that may be missing', () => z.array(z.optional(z.string())), ' at []: z.optional()'],
    [
      'an item that may be missing',
      () => z.object({ a: z.tuple([z.string(), z.optional(z.string())]) }),
      ' at a[1]: z.optional()',
    ],
    [
      'a schema that is right as a member and wrong as an element',
      () => {
        const maybe = z.optional(z.string())
        return z.object({ a: maybe, b: z.array(maybe) })
      },
      ' at b[]: z.optional()',
    ],
    ['in an array', () => z.array(z.date()), ' at []: z.date()'],
    ['in a tuple', () => z.tuple([z.string(), z.date()]), ' at [1]: z.date()'],
    ['in the rest of a tuple', () => z.tuple([z.string()], z.date()), ' at []: z.date()'],
    ['in a record', () => z.record(z.string(), z.date()), ' at []: z.date()'],
    ['in a union', () => z.object({ a: z.union([z.string(), z.date()]) }), ' at a: z.date()'],
    ['in an intersection', () => z.intersection(z.object({}), z.object({ b: z.date() })), ' at b: z.date()'],
    ['in an optional', () => z.object({ a: z.date().optional() }), ' at a: z.date()'],
    ['in a default', () => z.object({ a: z.date().default(new Date(0)) }), ' at a: z.date()'],
    ['in a nullable', () => z.object({ a: z.nullable(z.date()) }), ' at a: z.date()'],
    ['in a readonly', () => z.object({ a: z.date().readonly() }), ' at a: z.date()'],
    [
      'in the keys of a record',
      () =>
        z.record(
          z.string().transform((key) => key),
          z.string(),
        ),
      ' at []: z.transform()',
    ],
    ['in the rest of an object', () => z.object({}).catchall(z.date()), ' at []: z.date()'],
    [
      'in the wire side of a codec',
      () => z.codec(z.date(), z.number(), { decode: Number, encode: (n) => new Date(n) }),
      ': z.date()',
    ],
    [
      'a way back that is missing behind a codec',
      () => z.codec(z.string(), z.string().transform(Number), { decode: String, encode: String }),
      ': z.transform()',
    ],
    [
      'a way back that is missing in what a codec makes',
      () =>
        z.codec(z.string(), z.map(z.string(), z.set(z.string().transform(Number))), {
          decode: () => new Map(),
          encode: String,
        }),
      ' at [][]: z.transform()',
    ],
    ['at the end of a pipe without a codec', () => z.pipe(z.any(), z.date()), ': z.date()'],
    [
      'an asynchronous check',
      () => z.object({ a: z.string().refine(async () => true) }),
      ' at a: a codec or check is asynchronous; do what takes time before publishing',
    ],
    ['an asynchronous custom schema', () => z.custom(async () => true), ': a codec or check is asynchronous'],
    ['an asynchronous function as a check', () => z.string().check(async () => {}), ': a codec or check is'],
    [
      'an asynchronous codec',
      () => z.codec(z.string(), z.string(), { decode: async (text) => text, encode: async (text) => text }),
      ': a codec or check is asynchronous',
    ],
    [
      'an asynchronous check in Zod Mini',
      () => mini.array(mini.string().check(mini.refine(async () => true))),
      ' at []: a codec or check is asynchronous',
    ],
    [
      'a schema of Zod 3',
      () => z.object({ a: three.string() as never }),
      ' at a: this is no schema of Zod 4; make it with Zod 4 or Zod Mini',
    ],
    [
      'nothing, as of a module that is loaded in a circle',
      () => undefined as never,
      ': this is no schema of Zod 4',
    ],
    [
      'behind a recursion',
      () => {
        const node: z.ZodType = z.object({
          get next() {
            return node.optional()
          },
          at: z.date(),
        })
        return node
      },
      ' at at: z.date()',
    ],
    ['in a lazy schema', () => z.lazy(() => z.date()), ': z.date()'],
    [
      'a transform in Zod Mini',
      () => mini.object({ a: mini.pipe(mini.string(), mini.transform(Number)) }),
      ' at a: z.transform()',
    ],
  ]

  it.each(cases)('is refused with its place: %s', (_, schema, message) => {
    const define = () => channel('a', { events: { e: schema() } })
    expect(define).toThrow(`event "e" of "a"${message}`)
    expect(define).toThrow(ContractError)
    expect(() => channel('a', { events: { e: event(schema()) } })).toThrow(`event "e" of "a"${message}`)
    const snapshot = schema()
    if (snapshot) expect(() => channel('a', { events: {}, snapshot })).toThrow(`snapshot of "a"${message}`)
  })

  it.each<[string, () => Schema]>([
    ['a codec', () => isoDate],
    [
      'a codec in Zod',
      () =>
        z.codec(z.string(), z.date(), {
          decode: (text) => new Date(text),
          encode: (date) => date.toISOString(),
        }),
    ],
    [
      'a map behind a codec',
      () =>
        z.codec(z.array(z.string()), z.set(z.string()), {
          decode: (list) => new Set(list),
          encode: (set) => [...set],
        }),
    ],
    ['what a codec has made, in a pipe', () => z.pipe(isoDate, z.date().min(new Date(0)))],
    [
      'what a codec has made, in a pipe of objects',
      () => z.pipe(z.object({ at: isoDate }), z.object({ at: z.date() })),
    ],
    [
      'codec after codec',
      () =>
        z.pipe(isoDate, z.codec(z.date(), z.number(), { decode: Number, encode: (time) => new Date(time) })),
    ],
    [
      'a catch behind a codec',
      () => z.codec(z.string(), z.number().catch(0), { decode: Number, encode: String }),
    ],
    ['an item that is there or not', () => z.tuple([z.string(), z.exactOptional(z.string())])],
    ['an element that has a default', () => z.array(z.string().optional().default(''))],
    [
      'members that may be missing',
      () => z.record(z.string(), z.object({ a: z.union([z.string(), z.optional(z.int())]) }).partial()),
    ],
    ['a refinement', () => z.string().refine((text) => text !== '')],
    ['a brand', () => z.string().brand('Id')],
    ['a pipe of schemas', () => z.pipe(z.string(), z.string().min(1))],
    [
      'a recursion',
      () => {
        const node: z.ZodType = z.object({
          get next() {
            return z.array(node)
          },
        })
        return node
      },
    ],
    ['a field called "schema"', () => z.object({ schema: z.string() })],
    ['Zod Mini', () => mini.object({ a: mini.optional(mini.string()), at: isoDate })],
  ])('and what can is taken: %s', (_, schema) => {
    expect(() => channel('a', { events: { e: schema(), versioned: event(schema()) } })).not.toThrow()
  })
})

describe('addresses', () => {
  const contract = defineContract({
    name: 'all',
    version: '1.0.0',
    channels: {
      orders: channel('orders/{orderId}', { events: { placed } }),
      lines: channel('orders/{orderId}/lines/{line}', { events: { placed } }),
      news: channel('news', { events: { placed } }),
    },
  })

  it('give their params back, whatever these are', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (orderId, line) => {
        const { address } = contract.lines({ orderId, line })
        expect(resolveAddress(contract, address)).toMatchObject({
          kind: 'topic',
          address,
          params: { orderId, line },
        })
      }),
      { numRuns: 1_000 },
    )
  })

  it('belong to one set of params alone', () => {
    const params = fc.record({ orderId: fc.string({ unit: 'binary' }), line: fc.string({ unit: 'binary' }) })
    fc.assert(
      fc.property(params, params, (left, right) => {
        const same = left.orderId === right.orderId && left.line === right.line
        expect(contract.lines(left).address === contract.lines(right).address).toBe(same)
      }),
      { numRuns: 1_000 },
    )
  })

  it('are found in their canonical form', () => {
    expect(resolveAddress(contract, 'orders/a b')).toMatchObject({ address: 'orders/a%20b' })
    expect(resolveAddress(contract, 'orders/*')).toMatchObject({ kind: 'pattern', address: 'orders/*' })
    expect(resolveAddress(contract, 'orders/*/lines/7')).toMatchObject({
      kind: 'pattern',
      address: 'orders/*/lines/7',
    })
    expect(resolveAddress(contract, 'nowhere/42')).toBeUndefined()
    expect(resolveAddress(contract, 'orders/%')).toBeUndefined()
  })

  it('that could be of two channels are refused', () => {
    const channels = {
      a: channel('x/{y}', { events: { placed } }),
      b: channel('x/z', { events: { placed } }),
    }
    expect(() => defineContract({ name: 'c', version: '1.0.0', channels })).toThrow(
      'contract "c": an address could belong to both "a" (x/{y}) and "b" (x/z); begin one of them with another literal',
    )
  })
})

describe('a contract', () => {
  it.each(['', 'Shop', '1shop', 'a b', 'a_b'])('is not called %j', (name) => {
    expect(() => defineContract({ name, version: '1.0.0', channels: {} })).toThrow(
      `contract name "${name}" must be lower-case letters, digits and "-"`,
    )
  })

  it.each(['~contract', '~', 'then'])('has no channel called %s', (key) => {
    const channels = { [key]: channel('a', { events: { placed } }) }
    expect(() => defineContract({ name: 'c', version: '1.0.0', channels })).toThrow(
      `contract "c": channel name "${key}" is reserved`,
    )
  })

  it('can be awaited', async () => {
    const contract = defineContract({ name: 'c', version: '1.0.0', channels: {} })
    expect(await contract).toBe(contract)
  })

  it.each([
    '',
    '1',
    '1.0',
    'v1.0.0',
    '1.0.0-',
    'next',
    '01.0.0',
    '1.0.0-01',
    '1.0.0-a..b',
    '1.0.0+',
    '1.0.0\n',
  ])('has no version %j', (version) => {
    expect(() => defineContract({ name: 'c', version, channels: {} })).toThrow(
      `contract "c": "${version}" is not a semantic version such as 1.0.0`,
    )
  })

  it.each(['0.0.0', '1.2.3', '1.0.0-beta.1', '1.0.0-0a', '1.0.0--', '1.0.0+build.05', '10.20.30-rc.0+1'])(
    'may have version %s',
    (version) => {
      expect(defineContract({ name: 'c', version, channels: {} })['~contract'].version).toBe(version)
    },
  )
})
