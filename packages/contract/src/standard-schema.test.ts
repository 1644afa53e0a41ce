import { type } from 'arktype'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import * as three from 'zod/v3'
import { channel } from './channel.ts'
import { defineContract } from './contract.ts'
import { AddressError, ContractError, DataError } from './errors.ts'
import { defineEvent, event } from './event.ts'
import { resolveAddress } from './resolve.ts'
import type { AnySchema } from './schema.ts'
import type { StandardSchema } from './standard-schema.ts'

const subject = 'event "e"'
const define = (schema: AnySchema) => defineEvent(subject, schema)

function thrownBy(task: () => unknown): unknown {
  try {
    task()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

/** A schema of no library at all. */
function schemaOf(validate: StandardSchema['~standard']['validate']): StandardSchema {
  return { '~standard': { version: 1, vendor: 'test', validate } }
}

describe.each<[string, AnySchema]>([
  [
    'Valibot',
    v.object({
      total: v.pipe(v.number(), v.minValue(0)),
      lines: v.array(v.object({ sku: v.string(), note: v.optional(v.string()) })),
      state: v.nullable(v.picklist(['open', 'done'])),
    }),
  ],
  [
    'ArkType',
    type({
      total: 'number >= 0',
      lines: type({ sku: 'string', 'note?': 'string' }).array(),
      state: "'open' | 'done' | null",
    }),
  ],
])('an event in %s', (_, schema) => {
  const { encode, decode, version, ...definition } = define(schema)
  const data = { total: 5, lines: [{ sku: 'a', note: 'b' }, { sku: 'c' }], state: null }

  it('goes to JSON and back', () => {
    expect(version).toBe(1)
    expect(encode(data)).toEqual(data)
    expect(decode(JSON.parse(JSON.stringify(encode(data))), 1)).toEqual(data)
  })

  it('is refused where it does not fit, with every place', () => {
    const wrong = { total: -1, lines: [{ sku: 'a' }, { sku: 2 }], state: null }
    for (const task of [() => encode(wrong), () => decode(wrong, 1)]) {
      const error = thrownBy(task)
      expect(error).toBeInstanceOf(DataError)
      expect(error).toMatchObject({
        reason: 'invalid',
        message: expect.stringMatching(/^event "e": .+; .+$/),
        issues: expect.arrayContaining([
          { path: ['total'], message: expect.any(String) },
          { path: ['lines', 1, 'sku'], message: expect.any(String) },
        ]),
      })
    }
  })

  it('is upgraded, too', () => {
    const spec = event(schema, { version: 2, upgrade: { 1: (old) => ({ ...old, state: null }) } })
    expect(defineEvent(subject, spec).decode({ total: 5, lines: [] }, 1)).toEqual({
      total: 5,
      lines: [],
      state: null,
    })
  })

  it('lets tools have its schema, apart from those in Zod', () => {
    expect(definition).toMatchObject({ standardSchema: schema, upgradesFrom: [] })
    expect(definition.schema).toBe(undefined)
    expect(define(z.string()).standardSchema).toBe(undefined)
  })
})

it('Valibot drops what it does not know, on both sides; ArkType does where it is told to', () => {
  for (const schema of [v.object({ a: v.string() }), type({ '+': 'delete', a: 'string' })]) {
    const { encode, decode } = define(schema)
    expect(encode({ a: 'x', secret: 'y' })).toEqual({ a: 'x' })
    expect(decode({ a: 'x', later: 'y' }, 1)).toEqual({ a: 'x' })
  }
})

it.each<[string, AnySchema, unknown, unknown]>([
  ['trims', v.pipe(v.string(), v.trim()), ' x ', 'x'],
  ['fills in', v.object({ a: v.optional(v.number(), 1) }), {}, { a: 1 }],
  ['falls back', v.fallback(v.string(), '?'), 5, '?'],
  ['is readonly', v.pipe(v.array(v.string()), v.readonly()), ['x'], ['x']],
  ['has a brand', v.pipe(v.string(), v.brand('Id')), 'x', 'x'],
  ['fills in, in ArkType', type({ a: 'number = 1' }), {}, { a: 1 }],
  ['takes anything', v.unknown(), [1, { a: null }], [1, { a: null }]],
])('a schema may be one that %s', (_, schema, data, wire) => {
  expect(define(schema).encode(data)).toEqual(wire)
  expect(define(schema).decode(wire, 1)).toEqual(wire)
})

describe('what has no way back', () => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const oneWay = `${subject}: the schema makes something else of what it reads, and knows no way back; use z.codec() of Zod`

  it.each<[string, AnySchema, unknown, string]>([
    ['a number from text', v.pipe(v.string(), v.transform(Number)), '5', oneWay],
    ['a number from text, in ArkType', type('string.numeric.parse'), '5', oneWay],
    [
      'another text each time',
      v.pipe(
        v.string(),
        v.transform((text) => `${text}!`),
      ),
      'x',
      oneWay,
    ],
    [
      'another member',
      v.pipe(
        v.object({}),
        v.transform(() => ({ a: [Math.random()] })),
      ),
      {},
      oneWay,
    ],
    [
      'a date from text',
      v.pipe(
        v.string(),
        v.transform((text) => new Date(text)),
      ),
      '2026-01-01',
      'an object of Date cannot cross JSON',
    ],
    ['a date', v.object({ at: v.date() }), { at: new Date() }, 'at: an object of Date cannot cross JSON'],
    [
      'a date of ArkType',
      type({ at: 'Date' }),
      { at: new Date() },
      'at: an object of Date cannot cross JSON',
    ],
    ['a bigint', type('bigint'), 5n, 'a bigint cannot cross JSON'],
    [
      'a map',
      v.object({ all: v.map(v.string(), v.string()) }),
      { all: new Map() },
      'all: an object of Map cannot cross JSON',
    ],
    ['what holds itself', v.any(), cyclic, 'self: an object that holds itself cannot cross JSON'],
    ['undefined', v.optional(v.string()), undefined, 'undefined cannot cross JSON'],
    [
      'undefined in a list',
      v.array(v.optional(v.string())),
      ['a', undefined],
      '1: undefined cannot cross JSON',
    ],
    [
      'Infinity, which ArkType takes for a number',
      type('number'),
      Number.POSITIVE_INFINITY,
      'Infinity cannot cross JSON',
    ],
  ])('is told when it is published: %s', (_, schema, data, message) => {
    const error = thrownBy(() => define(schema).encode(data))
    expect(error).toBeInstanceOf(DataError)
    expect(error).toMatchObject({
      reason: 'invalid',
      message: message.startsWith(subject) ? message : `${subject}: ${message}`,
    })
  })
})

describe('what is asynchronous', () => {
  it.each<[string, StandardSchema]>([
    [
      'in Valibot',
      v.objectAsync({
        a: v.pipeAsync(
          v.string(),
          v.checkAsync(async () => true),
        ),
      }),
    ],
    ['that rejects', schemaOf(() => Promise.reject(new Error('no')))],
  ])('is refused when the contract is defined: %s', (_, schema) => {
    const message = 'event "e" of "a": the schema is asynchronous; do what takes time before publishing'
    expect(() => channel('a', { events: { e: schema } })).toThrow(message)
    expect(() => channel('a', { events: { e: schema } })).toThrow(ContractError)
    expect(() => channel('a/{b}', { params: { b: schema as StandardSchema<string> }, events: {} })).toThrow(
      'param "b" of "a/{b}": the schema is asynchronous',
    )
  })

  it('only for some data is told when that comes', () => {
    const { encode, decode } = define(
      schemaOf((value) => (value === undefined ? { issues: [] } : Promise.reject(new Error('no')))),
    )
    for (const task of [() => encode('x'), () => decode('x', 1)]) {
      expect(thrownBy(task)).toMatchObject({
        name: 'DataError',
        message: 'event "e": the schema is asynchronous, and data is checked at once',
      })
    }
  })
})

it('what a schema throws is told as data that does not fit', () => {
  const { decode } = define(
    schemaOf(() => {
      throw new RangeError('boom')
    }),
  )
  const error = thrownBy(() => decode('x', 1))
  expect(error).toMatchObject({ message: 'event "e": the schema threw RangeError: boom', reason: 'invalid' })
  expect((error as DataError).cause).toBeInstanceOf(RangeError)
})

it('a place may be a key, or an object that has it', () => {
  const issues = [{ message: 'is wrong', path: ['a', { key: 0 }, Symbol.iterator] }, { message: 'is empty' }]
  expect(thrownBy(() => define(schemaOf(() => ({ issues }))).decode(1, 1))).toMatchObject({
    issues: [
      { path: ['a', 0, Symbol.iterator], message: 'is wrong' },
      { path: [], message: 'is empty' },
    ],
  })
})

it('Zod goes its own way although it keeps to the standard, and Zod 3 is told to be upgraded', () => {
  expect(define(z.string()).schema).toBeDefined()
  expect(() => define(three.string())).toThrow(
    'event "e": this is no schema of Zod 4; make it with Zod 4 or Zod Mini',
  )
  expect(() => define({ '~standard': { validate: 5 } } as never)).toThrow(ContractError)
})

describe('params', () => {
  const orders = channel('t/{tenant}/orders/{orderId}/{n}', {
    params: { tenant: v.pipe(v.string(), v.minLength(2)), orderId: type('string.uuid') },
    events: { placed: v.object({ total: v.number() }) },
  })
  const orderId = '0d9b2a8e-6a55-4c39-9f0c-2f1f6c7a3b11'
  const shop = defineContract({ name: 'shop', version: '1.0.0', channels: { orders } })

  it('go into an address and back', () => {
    const topic = orders({ tenant: 'a/b', orderId, n: '5' })
    expect(topic.address).toBe(`t/a%2Fb/orders/${orderId}/5`)
    expect(resolveAddress(shop, topic.address)).toEqual(topic)
  })

  it('that do not fit are refused, either way', () => {
    expect(() => orders({ tenant: 'a', orderId, n: '5' })).toThrow(
      'param "tenant" of "t/{tenant}/orders/{orderId}/{n}": Invalid length: Expected >=2 but received 1',
    )
    expect(thrownBy(() => orders({ orderId: '5' }))).toBeInstanceOf(AddressError)
    expect(() => resolveAddress(shop, 't/ab/orders/5/5')).toThrow('must be a UUID')
  })

  it('are seen by tools', () => {
    const { params, standardParams } = orders['~channel']
    expect(Object.keys(params ?? {})).toEqual([])
    expect(Object.keys(standardParams ?? {})).toEqual(['tenant', 'orderId'])
    expect(standardParams?.orderId?.['~standard'].vendor).toBe('arktype')
  })
})

it('a snapshot may be of any library', () => {
  const { snapshot } = channel('a', { events: {}, snapshot: type({ at: 'number' }) })['~channel']
  expect(snapshot?.encode({ at: 1 })).toEqual({ at: 1 })
})
