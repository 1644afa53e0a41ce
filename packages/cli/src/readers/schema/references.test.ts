import { expect, test } from 'vitest'
import { lines, places, readPayload } from '../read.fixture.ts'

const at = '#/channels/things/messages/happened/payload'
const user = { type: 'object', properties: { name: { type: 'string' } } }

test('a ref becomes one to a definition of its name', async () => {
  const read = await readPayload(
    { $ref: '#/components/schemas/User' },
    { schemas: { User: user, Other: user } },
  )
  expect(read).toMatchObject({ schema: { $ref: '#/$defs/User' }, definitions: { User: user }, problems: [] })
  expect(Object.keys(read.definitions)).toEqual(['User'])
})

test('a ref through a ref is one to what it leads to', async () => {
  const schemas = { A: { $ref: '#/components/schemas/B' }, B: { $ref: '#/components/schemas/C' }, C: user }
  const read = await readPayload({ $ref: '#/components/schemas/A' }, { schemas })
  expect(read).toMatchObject({ schema: { $ref: '#/$defs/C' }, definitions: { C: user }, problems: [] })
})

test('words beside a ref are kept, and constraints where the dialect has them', async () => {
  const payload = {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    properties: {
      plain: { $ref: '#/components/schemas/Name', description: 'D' },
      narrowed: { $ref: '#/components/schemas/Name', description: 'D', maxLength: 3 },
    },
  }
  const { schema, problems } = await readPayload(payload, { schemas: { Name: { type: 'string' } } })
  expect(schema).toEqual({
    properties: {
      plain: { $ref: '#/$defs/Name', description: 'D' },
      narrowed: { description: 'D', maxLength: 3, allOf: [{ $ref: '#/$defs/Name' }] },
    },
  })
  expect(problems).toEqual([])
})

test('in draft-07 constraints beside a ref have no meaning, which is told', async () => {
  const payload = { $ref: '#/components/schemas/Name', description: 'D', maxLength: 3 }
  const { schema, problems } = await readPayload(payload, { schemas: { Name: { type: 'string' } } })
  expect(schema).toEqual({ $ref: '#/$defs/Name', description: 'D' })
  expect(lines(problems)).toEqual([
    `warning api.yaml:1 ${at} "maxLength" beside "$ref" has no meaning in this version of JSON Schema and is left out`,
  ])
})

test('a nullable ref accepts null', async () => {
  const payload = { $ref: '#/components/schemas/Name', nullable: true }
  const { schema, problems } = await readPayload(payload, { schemas: { Name: { type: 'string' } } })
  expect(schema).toEqual({ anyOf: [{ $ref: '#/$defs/Name' }, { type: 'null' }] })
  expect(places(problems)).toEqual([`warning ${at}/nullable`])
})

test('recursion: direct, mutual, through arrays and unions', async () => {
  const schemas = {
    Tree: {
      type: 'object',
      properties: { children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } } },
    },
    Even: { anyOf: [{ type: 'null' }, { properties: { next: { $ref: '#/components/schemas/Odd' } } }] },
    Odd: { properties: { next: { $ref: '#/components/schemas/Even' } } },
  }
  const payload = {
    properties: { tree: { $ref: '#/components/schemas/Tree' }, even: { $ref: '#/components/schemas/Even' } },
  }
  const { definitions, problems } = await readPayload(payload, { schemas })
  expect(definitions).toEqual({
    Tree: { type: 'object', properties: { children: { type: 'array', items: { $ref: '#/$defs/Tree' } } } },
    Even: { anyOf: [{ type: 'null' }, { properties: { next: { $ref: '#/$defs/Odd' } } }] },
    Odd: { properties: { next: { $ref: '#/$defs/Even' } } },
  })
  expect(problems).toEqual([])
})

test('a payload that refers to itself is a definition', async () => {
  const payload = { title: 'Node', properties: { next: { $ref: `${at}` } } }
  const { schema, definitions } = await readPayload(payload)
  expect(schema).toEqual({ $ref: '#/$defs/Node' })
  expect(definitions).toEqual({
    Node: { title: 'Node', properties: { next: { $ref: '#/$defs/Node' } } },
  })
})

test('a ref into the middle of a schema is a definition named after its place', async () => {
  const payload = { $ref: '#/components/schemas/User/properties/name' }
  const { schema, definitions } = await readPayload(payload, { schemas: { User: user } })
  expect(schema).toEqual({ $ref: '#/$defs/UserName' })
  expect(definitions).toEqual({ UserName: { type: 'string' } })
})

test('refs into a tuple, through a ref, with escapes and percent signs', async () => {
  const schemas = {
    'a/b~c d': { type: 'string' },
    Alias: { $ref: '#/components/schemas/Pair' },
    Pair: { items: [{ type: 'string' }, { type: 'integer' }] },
    '100%': { type: 'boolean' },
  }
  const payload = {
    properties: {
      escaped: { $ref: '#/components/schemas/a~1b~0c%20d' },
      second: { $ref: '#/components/schemas/Alias/items/1' },
      percent: { $ref: '#/components/schemas/100%' },
    },
  }
  const { schema, definitions, problems } = await readPayload(payload, { schemas })
  expect(schema).toEqual({
    properties: {
      escaped: { $ref: '#/$defs/a_b_c_d' },
      second: { $ref: '#/$defs/Pair' },
      percent: { $ref: '#/$defs/Schema100' },
    },
  })
  expect(Object.values(definitions)).toEqual([{ type: 'string' }, { type: 'integer' }, { type: 'boolean' }])
  expect(problems).toEqual([])
})

test('$id, $anchor and relative ids', async () => {
  const payload = {
    $id: 'https://example.com/schemas/root.json',
    properties: {
      byId: { $ref: 'address.json' },
      byAnchor: { $ref: '#street' },
      inside: { $ref: 'address.json#/properties/city' },
      own: { $ref: '#/definitions/Local' },
      outside: { $ref: '#/components/schemas/User' },
    },
    definitions: {
      Address: { $id: 'address.json', type: 'object', properties: { city: { type: 'string' } } },
      Street: { $id: '#street', type: 'string' },
      Local: { type: 'integer' },
    },
  }
  const { schema, definitions, problems } = await readPayload(payload, { schemas: { User: user } })
  expect(schema).toMatchObject({
    properties: {
      byId: { $ref: '#/$defs/Address' },
      byAnchor: { $ref: '#/$defs/Street' },
      inside: { $ref: '#/$defs/AddressCity' },
      own: { $ref: '#/$defs/Local' },
      outside: { $ref: '#/$defs/User' },
    },
  })
  expect(Object.keys(definitions)).toEqual(['Address', 'Street', 'AddressCity', 'Local', 'User'])
  expect(problems).toEqual([])
})

// Refs that are not written as they should be, where only one thing can be meant.
test.each([
  ['#/channels/user/signedup/messages/done/payload', '#/channels/user~1signedup/messages/done/payload'],
  ['#components/schemas/User', '#/components/schemas/User'],
  ['User', '#/components/schemas/User'],
])('%s is mended', async ($ref, proper) => {
  const { lines, readModel, withPayload } = await import('../read.fixture.ts')
  const document = withPayload({ $ref }, { schemas: { User: user } }) as { channels: Record<string, unknown> }
  document.channels['user/signedup'] = { address: 'x', messages: { done: { payload: user } } }
  const { model, problems } = await readModel(document)
  expect(Object.values(model.definitions)).toEqual([user])
  expect(lines(problems)[0]).toContain(`warning api.yaml:1 ${at}`)
  expect(lines(problems)[0]).toContain(`should be written "${proper}"`)
})

// Refs that lead nowhere cost only what they stand for.
test.each([
  ['#/components/schemas/Usr', 'there is no "Usr" in #/components/schemas; did you mean "User"?'],
  ['#/nowhere/at/all', 'there is no "nowhere" in #'],
  ['#anchor', 'there is no "anchor" in #'],
  ['other.yaml', 'the file "other.yaml" could not be read: no such file: other.yaml'],
  [
    'https://example.com/schema.json',
    '"https://example.com/schema.json" is on the network, from which nothing is loaded',
  ],
  ['urn:example:schema', 'nothing here has the $id "urn:example:schema"'],
  ['#/components/schemas/Circle', 'leads in a circle'],
])('%s is a loss', async ($ref, why) => {
  const payload = { properties: { a: { $ref }, b: { type: 'string' } } }
  const schemas = {
    User: user,
    Circle: { $ref: '#/components/schemas/Circle2' },
    Circle2: { $ref: '#/components/schemas/Circle' },
  }
  const { schema, problems } = await readPayload(payload, { schemas })
  expect(schema).toEqual({ properties: { a: {}, b: { type: 'string' } } })
  const [first] = lines(problems)
  expect(first).toContain(`loss api.yaml:1 ${at}/properties/a`)
  expect(first).toContain(why)
  expect(first).toContain('any value is accepted in its place')
})

test('a schema that is part of itself, and of nothing else, is broken up', async () => {
  const schemas = {
    All: { allOf: [{ $ref: '#/components/schemas/All' }, { type: 'string' }], minLength: 1 },
    Any: { anyOf: [{ $ref: '#/components/schemas/Any' }, { type: 'string' }] },
  }
  const payload = {
    properties: { all: { $ref: '#/components/schemas/All' }, any: { $ref: '#/components/schemas/Any' } },
  }
  const { definitions, problems } = await readPayload(payload, { schemas })
  expect(definitions).toEqual({
    All: { minLength: 1, allOf: [{}, { type: 'string' }] },
    Any: { anyOf: [{ not: {} }, { type: 'string' }] },
  })
  expect(places(problems)).toEqual(['loss #/components/schemas/All', 'loss #/components/schemas/Any'])
})

test('a ref to a message where a schema must be leads to its payload', async () => {
  const { schema, problems } = await readPayload(
    { $ref: '#/components/messages/M' },
    { messages: { M: { payload: user } } },
  )
  expect(schema).toEqual({ $ref: '#/$defs/M' })
  expect(places(problems)).toContain(`warning ${at}`)
})
