import {
  bigintText,
  channel,
  defineContract,
  event,
  isoDate,
  type Schema,
  type StandardSchema,
} from '@millrace/contract'
import * as plain from '@millrace/contract/plain'
import { type } from 'arktype'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import type { ContractModel } from '../model/contract-model.ts'
import { readContract } from './read-contract.ts'
import * as shopModule from './shop.fixture.ts'

/** A contract of one channel with these events. */
function contractOf(events: Record<string, Schema>) {
  return defineContract({ name: 'a', version: '1.0.0', channels: { all: channel('all', { events }) } })
}

function read(events: Record<string, Schema>, exports: Record<string, unknown> = {}): ContractModel {
  const { model, problems } = readContract(contractOf(events), { file: 'a.ts', exports })
  expect(problems).toEqual([])
  if (model === undefined) throw new Error('there is no model')
  return model
}

function schemaOf(schema: Schema): unknown {
  return read({ e: schema }).channels[0]?.events[0]?.schema
}

function problemsOf(schema: Schema): readonly string[] {
  const { problems } = readContract(contractOf({ e: schema }), { file: 'a.ts' })
  return problems.map(({ severity, pointer, message }) => `${severity} ${pointer} ${message}`)
}

describe('a contract', () => {
  const { model } = readContract(shopModule.shop, { file: 'shop.ts', exports: shopModule })

  it('has its names, words and versions', () => {
    expect(model).toMatchObject({ name: 'shop', version: '2.3.0', title: 'The corner shop' })
    expect(model?.channels.map(({ key, path, deliver }) => [key, path, deliver])).toEqual([
      ['orders', 'orders/{orderId}', 'every'],
      ['stock', 'stock/{aisle}/{shelf}', 'latest'],
      ['news', 'news', 'every'],
    ])
    expect(model?.channels[0]?.events).toMatchObject([
      { name: 'placed', version: 1, title: 'Order placed', description: 'Somebody bought something.' },
      { name: 'shipped', version: 3, upgradesFrom: [2], description: 'It left the house.' },
      { name: 'lost', deprecated: true },
      { name: 'moved' },
    ])
    expect(model?.channels[0]?.snapshot).toMatchObject({ name: 'snapshot', version: 1 })
  })

  it('says of a param what stands in the address', () => {
    expect(model?.channels.flatMap(({ params }) => params)).toEqual([
      { name: 'orderId', schema: { type: 'string', format: 'uuid' }, description: 'As the receipt has it' },
      { name: 'aisle', schema: { type: 'string', enum: ['food', 'tools'] } },
      { name: 'shelf', schema: { 'x-codec': 'integer', type: 'string', pattern: '^-?\\d+$' } },
    ])
  })

  it('defines once what is used more than once, has an id, or holds itself', () => {
    expect(Object.keys(model?.definitions ?? {})).toEqual(['Money', 'Payment', 'PostalAddress', 'Tree'])
    expect(model?.definitions.Tree).toMatchObject({
      properties: { parts: { type: 'array', items: { $ref: '#/$defs/Tree' } } },
    })
    expect(model?.definitions.Money).toMatchObject({ examples: [{ amount: '1999', currency: 'EUR' }] })
  })

  it('is read the same each time', () => {
    const again = readContract(shopModule.shop, { file: 'shop.ts', exports: shopModule })
    expect(JSON.stringify(again.model)).toBe(JSON.stringify(model))
  })
})

describe('a schema', () => {
  it.each<[string, Schema, unknown]>([
    ['a date', isoDate, { 'x-codec': 'date', type: 'string', format: 'date-time' }],
    ['a bigint', bigintText, { 'x-codec': 'bigint', type: 'string', pattern: '^-?\\d+$' }],
    [
      'a date of their own',
      z.codec(z.iso.datetime(), z.date(), {
        decode: (text) => new Date(text),
        encode: (date) => date.toISOString(),
      }),
      { 'x-codec': 'date', type: 'string', format: 'date-time' },
    ],
    [
      'a codec that nobody knows',
      z.codec(z.int(), z.date(), { decode: (time) => new Date(time), encode: (date) => date.getTime() }),
      { 'x-codec': 'custom', type: 'integer', minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 },
    ],
    [
      'a format, without its long pattern',
      z.email().max(50),
      { type: 'string', format: 'email', maxLength: 50 },
    ],
    ['a format and a pattern', z.uuid().regex(/^0/), { type: 'string', format: 'uuid', pattern: '^0' }],
    [
      'a format and two patterns',
      z.uuid().regex(/^0/).regex(/1$/),
      { type: 'string', format: 'uuid', allOf: [{ pattern: '^0' }, { pattern: '1$' }] },
    ],
    ["a format of Zod's own", z.string().startsWith('a'), { type: 'string', pattern: '^a.*' }],
    [
      'a local time, which is no date-time',
      z.iso.datetime({ local: true }).max(9),
      expect.not.objectContaining({ format: 'date-time' }),
    ],
    [
      'a record',
      z.record(z.string(), z.boolean()),
      { type: 'object', additionalProperties: { type: 'boolean' } },
    ],
    ['what is only read', z.array(z.string()).readonly(), { type: 'array', items: { type: 'string' } }],
    ['nothing', z.never(), { not: {} }],
    ['anything', z.unknown(), {}],
    [
      'data for other tools',
      z.string().meta({ column: 'name', 'x-column': 'name' }),
      { type: 'string', 'x-column': 'name' },
    ],
    [
      'a discriminated union',
      z.discriminatedUnion('is', [z.object({ is: z.literal('a') }), z.object({ is: z.literal('b') })]),
      {
        discriminator: { propertyName: 'is' },
        oneOf: ['a', 'b'].map((is) => ({
          type: 'object',
          properties: { is: { type: 'string', const: is } },
          required: ['is'],
        })),
      },
    ],
    [
      'a default, as it is on the wire',
      z.object({ at: z._default(isoDate, new Date(0)), n: z.number().default(1) }),
      {
        type: 'object',
        properties: {
          at: { 'x-codec': 'date', type: 'string', format: 'date-time', default: '1970-01-01T00:00:00.000Z' },
          n: { type: 'number', default: 1 },
        },
      },
    ],
  ])('%s', (_, schema, expected) => {
    expect(schemaOf(schema)).toEqual(expected)
  })

  it('has its keywords in the order that people read them in', () => {
    const schema = z.object({
      text: z
        .string()
        .min(1)
        .describe('Words')
        .meta({ examples: ['a'] }),
    })
    expect(JSON.stringify(schemaOf(schema))).toBe(
      '{"type":"object","properties":{"text":{"description":"Words","type":"string","minLength":1,"examples":["a"]}},"required":["text"]}',
    )
  })

  it('is the same in Zod Mini', () => {
    const inZod = z.object({
      id: z.uuid(),
      at: isoDate,
      names: z.array(z.string().min(1)).max(3),
      kind: z.enum(['a', 'b']).optional(),
      count: z.int().positive().nullable(),
    })
    const inMini = mini.object({
      id: mini.uuid(),
      at: isoDate,
      names: mini.array(mini.string().check(mini.minLength(1))).check(mini.maxLength(3)),
      kind: mini.optional(mini.enum(['a', 'b'])),
      count: mini.nullable(mini.int().check(mini.positive())),
    })
    expect(schemaOf(inMini)).toEqual(schemaOf(inZod))
  })
})

describe('examples', () => {
  it('are taken as they are in code, and as they are on the wire', () => {
    const at = new Date(0)
    const schema = z.object({ at: isoDate }).meta({ examples: [{ at }, { at: at.toISOString() }] })
    expect(read({ e: schema }).channels[0]?.events[0]?.examples).toEqual([
      { at: at.toISOString() },
      { at: at.toISOString() },
    ])
  })

  it('that do not fit are left out and told', () => {
    expect(problemsOf(z.object({ n: z.number() }).meta({ examples: [{ n: 'one' }] }))).toEqual([
      'warning #/channels/all/events/e example 1 does not fit its schema: n: Invalid input: expected number, received string',
    ])
  })
})

describe('names of definitions', () => {
  const part = () => z.object({ a: z.string() })

  it.each<[string, Record<string, Schema>, Record<string, unknown>, readonly string[]]>([
    ['none for what is used once', { e: z.object({ p: part() }) }, {}, []],
    ['none for what is empty', { e: z.object({ p: z.object({}) }) }, {}, []],
    ...((): [string, Record<string, Schema>, Record<string, unknown>, readonly string[]][] => {
      const shared = part()
      const titled = part().meta({ title: 'A part of it' })
      const named = part().meta({ id: 'Part' })
      const other = part()
      return [
        ['that of the property', { e: z.object({ p: shared, q: z.array(shared) }) }, {}, ['P']],
        ['that of the event', { made: shared, changed: shared }, {}, ['Made']],
        ['that of the export', { made: shared, changed: shared }, { partOfIt: shared }, ['PartOfIt']],
        ['the title', { e: z.object({ p: titled, q: titled }) }, { shared: titled }, ['APartOfIt']],
        ['the id, even of what is used once', { e: z.object({ p: named }) }, {}, ['Part']],
        [
          'the whole place where another has the name of the property',
          { e: z.object({ p: shared, q: shared }), f: z.object({ p: other, r: other }) },
          {},
          ['P', 'FP'],
        ],
      ]
    })(),
  ])('%s', (_, events, exports, expected) => {
    expect(Object.keys(read(events, exports).definitions)).toEqual(expected)
  })

  it('hold for copies with other words', () => {
    const base = part()
    const model = read({ e: z.object({ p: base.describe('One'), q: base.describe('Another') }) })
    expect(model.channels[0]?.events[0]?.schema).toMatchObject({
      properties: {
        p: { $ref: '#/$defs/P', description: 'One' },
        q: { $ref: '#/$defs/P', description: 'Another' },
      },
    })
  })

  it('are not shared by a schema that checks more', () => {
    const base = part()
    const { problems, model } = readContract(
      contractOf({ e: z.object({ p: base, q: base.refine(({ a }) => a !== 'b') }) }),
      { file: 'a.ts' },
    )
    expect(model?.definitions).toEqual({})
    expect(problems).toHaveLength(1)
  })

  it.each<[string, Schema]>([
    [
      'an array',
      (() => {
        const list: z.ZodType = z.lazy(() => z.array(list))
        return list
      })(),
    ],
    ['any JSON', z.json()],
    [
      'two that hold each other',
      (() => {
        const a = z.object({
          get b() {
            return z.optional(b)
          },
        })
        const b = z.object({
          get a() {
            return z.optional(a)
          },
        })
        return a
      })(),
    ],
  ])('are found for what holds itself: %s', (_, schema) => {
    const { model, problems } = readContract(contractOf({ e: z.object({ value: schema }) }), { file: 'a.ts' })
    expect(problems).toEqual([])
    const names = Object.keys(model?.definitions ?? {})
    expect(names.length).toBeGreaterThan(0)
    const refs = JSON.stringify(model).match(/"\$ref":"[^"]*"/g) ?? []
    expect(new Set(refs).size).toBeGreaterThan(0)
    for (const ref of refs) expect(names.map((name) => `"$ref":"#/$defs/${name}"`)).toContain(ref)
  })
})

describe('what cannot be said', () => {
  it.each<[string, Schema, string]>([
    [
      'a check in code',
      z.object({ n: z.string().refine(Boolean) }),
      'loss #/channels/all/events/e n: a check in code (such as .refine()) is not said in a document',
    ],
    [
      'a custom schema',
      z.array(z.custom<string>()),
      'loss #/channels/all/events/e []: z.custom() checks in code, so a document says that anything goes here',
    ],
    [
      'a default made anew',
      z.object({ at: z._default(isoDate, () => new Date()) }),
      'warning #/channels/all/events/e at: the default is computed anew each time, so it is left out',
    ],
  ])('%s', (_, schema, expected) => {
    expect(problemsOf(schema)).toEqual([expected])
  })

  it('the limits of a number in an address', () => {
    const contract = defineContract({
      name: 'a',
      version: '1.0.0',
      channels: { all: channel('{n}', { params: { n: z.coerce.number<string>().min(3) }, events: {} }) },
    })
    expect(readContract(contract, { file: 'a.ts' }).problems).toMatchObject([
      { severity: 'loss', pointer: '#/channels/all/params/n', message: expect.stringContaining('minimum') },
    ])
  })

  it('two schemas of one id', () => {
    const one = z.object({ a: z.string() }).meta({ id: 'SameId' })
    const other = z.object({ b: z.string() }).meta({ id: 'SameId' })
    const { model, problems } = readContract(contractOf({ e: one, f: other }), { file: 'a.ts' })
    expect(model).toBe(undefined)
    expect(problems).toMatchObject([
      {
        severity: 'error',
        file: 'a.ts',
        pointer: '#/channels/all/events/f',
        message: expect.stringContaining('"SameId"'),
      },
    ])
  })

  it('a contract without schemas', () => {
    const contract = plain.defineContract({
      name: 'a',
      version: '1.0.0',
      channels: {
        all: plain.channel<Record<never, never>, { e: { data: string; wire: string } }>('all', {
          events: { e: {} },
        }),
      },
    })
    expect(readContract(contract, { file: 'a.ts' })).toMatchObject({
      problems: [
        {
          severity: 'error',
          pointer: '#/channels/all/events/e',
          message: expect.stringContaining('has no schema'),
        },
      ],
    })
  })
})

it('reads versions from event()', () => {
  const contract = defineContract({
    name: 'a',
    version: '1.0.0',
    channels: { all: channel('all', { events: { e: event(z.string(), { version: 2 }) } }) },
  })
  expect(readContract(contract, { file: 'a.ts' }).model?.channels[0]?.events).toEqual([
    { name: 'e', version: 2, schema: { type: 'string' } },
  ])
})

describe('schemas of other libraries', () => {
  const order = type({ id: 'string.uuid', 'note?': 'string', lines: type({ sku: 'string' }).array() })
  const tree = type({ label: 'string', 'inside?': 'this' })
  const silent: StandardSchema<string> = {
    '~standard': { version: 1, vendor: 'silent', validate: (value) => ({ value: value as string }) },
  }
  const contract = defineContract({
    name: 'a',
    version: '1.0.0',
    channels: {
      all: channel('all/{kind}', {
        params: { kind: type("'a' | 'b'") },
        events: { order, tree, silent, zod: z.int() },
        snapshot: order,
      }),
    },
  })
  const { model, problems } = readContract(contract, { file: 'a.ts' })

  it('are what they say of themselves', () => {
    const [all] = model?.channels ?? []
    expect(all?.params).toEqual([{ name: 'kind', schema: { enum: ['a', 'b'] } }])
    expect(all?.events.map(({ schema }) => schema)).toMatchObject([
      { type: 'object', required: ['id', 'lines'], properties: { lines: { type: 'array' } } },
      { $ref: expect.stringMatching(/^#\/\$defs\/Tree/) },
      true,
      { type: 'integer' },
    ])
    expect(all?.snapshot?.schema).toEqual(all?.events[0]?.schema)
    expect(JSON.stringify(model)).not.toContain('$schema')
  })

  it('hold themselves through definitions', () => {
    const [[name, definition] = []] = Object.entries(model?.definitions ?? {})
    expect(definition).toMatchObject({ properties: { inside: { $ref: `#/$defs/${name}` } } })
  })

  it('are told where they say nothing', () => {
    expect(problems.map(({ severity, pointer, message }) => `${severity} ${pointer} ${message}`)).toEqual([
      'loss #/channels/all/events/silent is a schema of silent, which gives no JSON Schema of it (no "~standard.jsonSchema"); any value is described',
    ])
  })
})
