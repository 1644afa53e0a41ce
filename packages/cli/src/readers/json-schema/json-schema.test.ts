import { expect, test } from 'vitest'
import { eventsOf, lines, outline, places, readModel } from '../read.fixture.ts'

const order = { type: 'object', properties: { total: { type: 'number' } }, required: ['total'] }
const $2020 = 'https://json-schema.org/draft/2020-12/schema'

test.each([
  ['draft-04', 'http://json-schema.org/draft-04/schema#', 'definitions'],
  ['draft-06', 'http://json-schema.org/draft-06/schema#', 'definitions'],
  ['draft-07', 'http://json-schema.org/draft-07/schema#', 'definitions'],
  ['2019-09', 'https://json-schema.org/draft/2019-09/schema', '$defs'],
  ['2020-12', $2020, '$defs'],
  ['none', undefined, '$defs'],
])('a union of messages, %s', async (_name, $schema, shelf) => {
  const { model, problems } = await readModel({
    ...($schema === undefined ? {} : { $schema }),
    title: 'Order events',
    description: 'All that happens to orders.',
    oneOf: [{ $ref: `#/${shelf}/Placed` }, { $ref: `#/${shelf}/Cancelled` }],
    [shelf]: { Placed: { title: 'Placed', ...order }, Cancelled: { description: 'Gone.', type: 'null' } },
  })
  expect(problems).toEqual([])
  expect(model).toMatchObject({
    name: 'order-events',
    version: '0.0.0',
    title: 'Order events',
    description: 'All that happens to orders.',
  })
  expect(outline(model)).toEqual(['events events: Placed, Cancelled'])
})

test.each([
  [
    'a lone schema',
    { title: 'Order placed', ...order },
    'orderPlaced',
    { orderPlaced: { title: 'Order placed', schema: order } },
  ],
  ['a lone schema without a title', order, 'api', { api: { schema: order } }],
  [
    'definitions alone',
    {
      $defs: {
        A: { type: 'string' },
        B: { type: 'array', items: { $ref: '#/$defs/Part' } },
        Part: { type: 'integer' },
      },
    },
    'A, B',
    {},
  ],
  [
    'definitions that all refer to each other',
    {
      definitions: {
        A: { properties: { b: { $ref: '#/definitions/B' } } },
        B: { properties: { a: { $ref: '#/definitions/A' } } },
      },
    },
    'A, B',
    {},
  ],
  [
    'a union with constants',
    {
      oneOf: [
        { type: 'object', properties: { kind: { const: 'a' } }, required: ['kind'] },
        { type: 'object', properties: { kind: { const: 'b' } }, required: ['kind'] },
      ],
    },
    'a, b',
    {},
  ],
  [
    'a union of what has no name',
    { oneOf: [{ type: 'string' }, { type: 'integer' }] },
    'api',
    { api: { schema: { oneOf: [{ type: 'string' }, { type: 'integer' }] } } },
  ],
  [
    'a named union of what has no name',
    {
      oneOf: [{ $ref: '#/$defs/Money' }, { $ref: '#/$defs/More' }],
      $defs: {
        Money: { oneOf: [{ type: 'string' }, { type: 'number' }] },
        More: { anyOf: [{ $ref: '#/$defs/A' }, { title: 'B' }] },
        A: {},
      },
    },
    'Money, A, B',
    { Money: { schema: { $ref: '#/$defs/Money' } } },
  ],
  [
    'unions within allOf',
    {
      allOf: [
        { type: 'object', required: ['id'] },
        { anyOf: [{ $ref: '#/$defs/A' }, { $ref: '#/$defs/B' }] },
      ],
      $defs: { A: { type: 'object' }, B: {} },
    },
    'A, B',
    { A: { schema: { allOf: [{ type: 'object', required: ['id'] }, { $ref: '#/$defs/A' }] } } },
  ],
])('%s', async (_name, schema, names, events) => {
  const { model, problems } = await readModel({ $schema: $2020, ...schema })
  expect(outline(model)).toEqual([`events events: ${names}`])
  expect(eventsOf(model)).toMatchObject(events)
  expect(problems).toEqual([])
})

test('the words of draft-04', async () => {
  const { model, problems } = await readModel({
    $schema: 'http://json-schema.org/draft-04/schema#',
    id: 'http://example.com/root.json',
    title: 'Old',
    type: 'object',
    properties: {
      a: { type: 'number', minimum: 0, exclusiveMinimum: true },
      b: { $ref: 'part.json#/definitions/Inner' },
      c: { type: 'array', items: [{ type: 'string' }], additionalItems: false },
      id: { type: 'string' },
    },
    dependencies: { a: ['b'] },
    definitions: { Part: { id: 'part.json', definitions: { Inner: { type: 'boolean' } } } },
  })
  expect(problems).toEqual([])
  expect(eventsOf(model).Old?.schema).toEqual({
    type: 'object',
    properties: {
      a: { type: 'number', exclusiveMinimum: 0 },
      b: { $ref: '#/$defs/Inner' },
      c: { type: 'array', prefixItems: [{ type: 'string' }], items: false },
      id: { type: 'string' },
    },
    // biome-ignore lint/suspicious/noThenProperty: a keyword
    allOf: [{ if: { type: 'object', required: ['a'] }, then: { required: ['b'] } }],
  })
})

test('a document that leads in a circle is broken up, and keeps its name', async () => {
  const { model, problems } = await readModel({
    $schema: $2020,
    $ref: '#/$defs/A',
    $defs: { A: { anyOf: [{ $ref: '#/$defs/A' }, { type: 'string' }] } },
  })
  expect(outline(model)).toEqual(['events events: A'])
  expect(places(problems)).toEqual(['loss #/$defs/A'])
})

test('the name comes from the title, the $id or the file', async () => {
  const named = await readModel({ $id: 'https://example.com/schemas/shop-orders.schema.json', ...order })
  expect(named.model).toMatchObject({ name: 'shop-orders', version: '0.0.0' })
  const own = await readModel({ $schema: $2020, title: 'shop', $comment: 'Version 1.2.0', ...order })
  expect(own.model).toMatchObject({ name: 'shop', version: '1.2.0' })
  expect(own.model.title).toBeUndefined()
})

test('examples and defaults that do not fit are left out', async () => {
  const { model, problems } = await readModel(`$schema: ${$2020}
title: Order
type: object
properties:
  total: { type: number, default: none, examples: [1, x] }
  kind:
    oneOf: [{ minLength: 1 }, { maxLength: 3 }]
    examples: [ab, abcd]
examples:
  - { total: 1 }
  - { total: x }
`)
  expect(eventsOf(model).Order).toMatchObject({
    examples: [{ total: 1 }],
    schema: { properties: { total: { examples: [1] }, kind: { examples: ['abcd'] } } },
  })
  expect(lines(problems)).toEqual([
    'warning api.yaml:5 #/properties/total/default the default does not fit its schema (it is "none", not number); it is left out',
    'warning api.yaml:5 #/properties/total/examples/1 the example does not fit its schema (it is "x", not number); it is left out',
    'warning api.yaml:8 #/properties/kind/examples/0 the example does not fit its schema (it fits several options of "oneOf", of which it may fit one); it is left out',
    'warning api.yaml:11 #/examples/1 the example does not fit its schema (total is "x", not number); it is left out',
  ])
})
