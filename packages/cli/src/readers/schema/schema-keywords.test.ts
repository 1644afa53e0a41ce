// biome-ignore-all lint/suspicious/noThenProperty: JSON Schema has a keyword of that name
import { expect, test } from 'vitest'
import { lines, places, readPayload } from '../read.fixture.ts'

const at = '#/channels/things/messages/happened/payload'

// What the keywords of a document become in the model. None of these loses or mends anything.
test.each<[name: string, payload: unknown, schema: unknown]>([
  ['nothing', {}, {}],
  ['true', true, true],
  ['false', false, false],
  ['a type', { type: 'string' }, { type: 'string' }],
  ['several types', { type: ['string', 'null'] }, { type: ['string', 'null'] }],
  ['a list of one type', { type: ['string'] }, { type: 'string' }],
  [
    'words',
    { title: 'T', description: 'D', deprecated: true },
    { title: 'T', description: 'D', deprecated: true },
  ],
  ['constants', { const: { a: [1] } }, { const: { a: [1] } }],
  ['null as a constant', { const: null }, { const: null }],
  ['an enum of all types', { enum: [1, 'a', null, { b: 1 }, [2]] }, { enum: [1, 'a', null, { b: 1 }, [2]] }],
  ['a default', { type: 'integer', default: 1 }, { type: 'integer', default: 1 }],
  ['examples', { type: 'integer', examples: [1, 2] }, { type: 'integer', examples: [1, 2] }],
  ['a single example', { type: 'integer', example: 1 }, { type: 'integer', examples: [1] }],
  [
    'bounds',
    { minimum: 0, exclusiveMaximum: 5, multipleOf: 0.5 },
    { minimum: 0, exclusiveMaximum: 5, multipleOf: 0.5 },
  ],
  ['exclusive bounds of draft-04', { minimum: 0, exclusiveMinimum: true }, { exclusiveMinimum: 0 }],
  ['exclusive bounds that are not', { maximum: 9, exclusiveMaximum: false }, { maximum: 9 }],
  ['lengths', { minLength: 1, maxLength: 2 }, { minLength: 1, maxLength: 2 }],
  ['a pattern', { pattern: '^\\d+$' }, { pattern: '^\\d+$' }],
  ['a format', { type: 'string', format: 'date-time' }, { type: 'string', format: 'date-time' }],
  ['items', { items: { type: 'string' }, minItems: 1 }, { minItems: 1, items: { type: 'string' } }],
  [
    'a tuple of draft-07',
    { items: [{ type: 'string' }], additionalItems: false },
    { prefixItems: [{ type: 'string' }], items: false },
  ],
  [
    'a tuple of 2020-12',
    { prefixItems: [{ type: 'string' }], items: false },
    { prefixItems: [{ type: 'string' }], items: false },
  ],
  [
    'additionalItems without a tuple',
    { items: { type: 'string' }, additionalItems: false },
    { items: { type: 'string' } },
  ],
  ['unique items', { uniqueItems: true }, { uniqueItems: true }],
  ['items that need not be unique', { uniqueItems: false }, {}],
  ['contains', { contains: { type: 'string' } }, { contains: { type: 'string' } }],
  ['contains of none', { contains: { type: 'string' }, minContains: 0 }, {}],
  ['unevaluated items alone', { unevaluatedItems: false }, { items: false }],
  [
    'members',
    { type: 'object', properties: { a: { type: 'string' }, b: true }, required: ['a', 'a'] },
    { type: 'object', properties: { a: { type: 'string' }, b: true }, required: ['a'] },
  ],
  ['no required members', { required: [] }, {}],
  [
    'additional members',
    { additionalProperties: { type: 'string' } },
    { additionalProperties: { type: 'string' } },
  ],
  ['members by pattern', { patternProperties: { '^x-': true } }, { patternProperties: { '^x-': true } }],
  ['names of members', { propertyNames: { maxLength: 3 } }, { propertyNames: { maxLength: 3 } }],
  ['counts of members', { minProperties: 1, maxProperties: 2 }, { minProperties: 1, maxProperties: 2 }],
  [
    'unevaluated members alone',
    { properties: { a: true }, unevaluatedProperties: false },
    { properties: { a: true }, additionalProperties: false },
  ],
  [
    'unevaluated members beside allOf',
    { allOf: [{ properties: { a: true } }, { properties: { b: true } }], unevaluatedProperties: false },
    {
      allOf: [
        { properties: { a: true } },
        { properties: { b: true } },
        { propertyNames: { enum: ['a', 'b'] } },
      ],
    },
  ],
  [
    'dependencies',
    { dependencies: { a: ['b'], c: { required: ['d'] } } },
    {
      allOf: [
        { if: { type: 'object', required: ['a'] }, then: { required: ['b'] } },
        { if: { type: 'object', required: ['c'] }, then: { required: ['d'] } },
      ],
    },
  ],
  [
    'one dependency',
    { dependentRequired: { a: ['b'] } },
    { if: { type: 'object', required: ['a'] }, then: { required: ['b'] } },
  ],
  [
    'unions',
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
    { anyOf: [{ type: 'string' }, { type: 'null' }] },
  ],
  ['not', { not: { type: 'string' } }, { not: { type: 'string' } }],
  [
    'conditions',
    { if: { type: 'string' }, then: { minLength: 1 }, else: { type: 'null' } },
    { if: { type: 'string' }, then: { minLength: 1 }, else: { type: 'null' } },
  ],
  ['a condition without consequence', { if: { type: 'string' } }, {}],
  ['allOf of one', { description: 'D', allOf: [{ type: 'string' }] }, { description: 'D', type: 'string' }],
  [
    'allOf with words alone',
    { allOf: [{ type: 'string' }, { description: 'D' }] },
    { description: 'D', type: 'string' },
  ],
  [
    'allOf of several',
    { type: 'string', allOf: [{ minLength: 1 }, { maxLength: 2 }] },
    { type: 'string', allOf: [{ minLength: 1 }, { maxLength: 2 }] },
  ],
  ['our codecs', { type: 'string', 'x-codec': 'bigint' }, { type: 'string', 'x-codec': 'bigint' }],
  [
    'what a contract does not carry',
    {
      type: 'string',
      readOnly: true,
      writeOnly: true,
      xml: {},
      'x-internal': 1,
      externalDocs: {},
      $comment: 'c',
      $id: 'https://example.com/a',
    },
    { type: 'string' },
  ],
  [
    'a member named as a keyword',
    { properties: { $ref: { type: 'string' }, type: { type: 'string' } } },
    { properties: { $ref: { type: 'string' }, type: { type: 'string' } } },
  ],
])('%s', async (_name, payload, schema) => {
  const read = await readPayload(payload)
  expect(read.schema).toEqual(schema)
  expect(lines(read.problems)).toEqual([])
})

test('a member named __proto__ stays one', async () => {
  const payload = JSON.parse('{"properties": {"__proto__": {"type": "string"}}}')
  const { schema } = await readPayload(payload)
  expect(JSON.stringify(schema)).toBe('{"properties":{"__proto__":{"type":"string"}}}')
})

// What was mended does no harm, and is told at its place.
test.each<[name: string, payload: unknown, schema: unknown, told: string]>([
  ['a type in another writing', { type: 'String' }, { type: 'string' }, `warning ${at}/type`],
  ['a type of another language', { type: 'int' }, { type: 'integer' }, `warning ${at}/type`],
  [
    'a format as a type',
    { type: 'date-time' },
    { format: 'date-time', type: 'string' },
    `warning ${at}/type`,
  ],
  ['any as a type', { type: 'any' }, {}, `warning ${at}/type`],
  ['null as a type', { type: ['string', null] }, { type: ['string', 'null'] }, `warning ${at}/type/1`],
  ['an enum of one', { enum: 'a' }, { enum: ['a'] }, `warning ${at}/enum`],
  [
    'numbers among strings',
    { type: 'string', enum: ['a', 1] },
    { type: 'string', enum: ['a', '1'] },
    `warning ${at}/enum/1`,
  ],
  ['a bound as text', { minimum: '3' }, { minimum: 3 }, `warning ${at}/minimum`],
  ['required as a name', { required: 'a' }, { required: ['a'] }, `warning ${at}/required`],
  [
    'required as a flag',
    { properties: { a: { type: 'string', required: true } } },
    { properties: { a: { type: 'string' } }, required: ['a'] },
    `warning ${at}/properties/a`,
  ],
  [
    'a truth as text',
    { additionalProperties: 'false' },
    { additionalProperties: false },
    `warning ${at}/additionalProperties`,
  ],
  ['an empty schema', { properties: { a: null } }, { properties: { a: true } }, `warning ${at}/properties/a`],
  ['a wrong default', { type: 'integer', default: 'x' }, { type: 'integer' }, `warning ${at}/default`],
  [
    'a wrong example',
    { type: 'integer', examples: [1, 'x'] },
    { type: 'integer', examples: [1] },
    `warning ${at}/examples/1`,
  ],
  [
    'a pattern with escapes of old',
    { pattern: '^[a\\-z]\\-\\@\\\\@{$' },
    { pattern: '^[a\\-z]-@\\\\@\\{$' },
    `warning ${at}/pattern`,
  ],
  [
    'a pattern of Python',
    { pattern: '\\A(?P<year>\\d{4})\\Z' },
    { pattern: '^(?<year>\\d{4})$' },
    `warning ${at}/pattern`,
  ],
  ['a misspelt keyword', { type: 'string', minlength: 3 }, { type: 'string' }, `warning ${at}/minlength`],
  [
    'a nullable type',
    { type: 'string', nullable: true },
    { type: ['string', 'null'] },
    `warning ${at}/nullable`,
  ],
  ['a title that is none', { title: {} }, {}, `warning ${at}/title`],
])('%s is mended', async (_name, payload, schema, told) => {
  const read = await readPayload(payload)
  expect(read.schema).toEqual(schema)
  expect(places(read.problems)).toEqual([told])
})

// What cannot be said in the model is left out, and told as a loss.
test.each<[name: string, payload: unknown, schema: unknown, told: string]>([
  ['an unknown type', { type: 'money' }, {}, `loss ${at}/type`],
  ['an unknown type among others', { type: ['string', 'money'] }, {}, `loss ${at}/type/1`],
  ['an empty enum', { enum: [] }, {}, `loss ${at}/enum`],
  ['an enum that is an object', { enum: { a: 1 } }, {}, `loss ${at}/enum`],
  ['a bound that is none', { minimum: 'low' }, {}, `loss ${at}/minimum`],
  ['a negative length', { minLength: -1 }, {}, `loss ${at}/minLength`],
  ['a step of zero', { multipleOf: 0 }, {}, `loss ${at}/multipleOf`],
  ['an exclusive bound of nothing', { exclusiveMinimum: true }, {}, `loss ${at}/exclusiveMinimum`],
  ['a pattern of another language', { pattern: '(?i)abc' }, {}, `loss ${at}/pattern`],
  ['a class by name', { pattern: '[[:alpha:]]' }, {}, `loss ${at}/pattern`],
  ['members that are none', { properties: ['a'] }, {}, `loss ${at}/properties`],
  [
    'members by a pattern of another language',
    { patternProperties: { '(?i)a': true }, additionalProperties: false },
    {},
    `loss ${at}/patternProperties/(?i)a`,
  ],
  ['a schema that is none', { properties: { a: 5 } }, { properties: { a: true } }, `loss ${at}/properties/a`],
  [
    'how many contain',
    { contains: { type: 'string' }, minContains: 2 },
    { contains: { type: 'string' } },
    `loss ${at}/minContains`,
  ],
  [
    'unevaluated members beside a union',
    { anyOf: [{ properties: { a: true } }, true], unevaluatedProperties: false },
    { anyOf: [{ properties: { a: true } }, true] },
    `loss ${at}/unevaluatedProperties`,
  ],
  [
    'unevaluated items beside allOf',
    { allOf: [{ minItems: 1 }, { maxItems: 2 }], unevaluatedItems: false },
    { allOf: [{ minItems: 1 }, { maxItems: 2 }] },
    `loss ${at}/unevaluatedItems`,
  ],
  ['an empty union', { anyOf: [] }, {}, `loss ${at}/anyOf`],
  ['allOf that is none', { allOf: 'x' }, {}, `loss ${at}/allOf`],
  ['a ref that is none', { $ref: 5 }, {}, `loss ${at}/$ref`],
  [
    'what a string holds',
    { type: 'string', contentSchema: { type: 'object' } },
    { type: 'string' },
    `loss ${at}/contentSchema`,
  ],
])('%s is a loss', async (_name, payload, schema, told) => {
  const read = await readPayload(payload)
  expect(read.schema).toEqual(schema)
  expect(places(read.problems)).toEqual([told])
})

test('each problem says what is wrong and what became of it', async () => {
  const read = await readPayload({
    type: 'object',
    properties: { a: { minLength: 'x' }, b: { type: 'Integer' } },
  })
  expect(lines(read.problems)).toEqual([
    `loss api.yaml:1 ${at}/properties/a/minLength "minLength" must be a whole number from 0, not "x"; it is left out`,
    `warning api.yaml:1 ${at}/properties/b/type "type" should be one of null, boolean, integer, number, string, array, object, not "Integer"; it is read as "integer"`,
  ])
})

test('unquoted scalars of YAML are read as their text where only strings are allowed', async () => {
  const { model } = await import('../read.fixture.ts').then(({ readModel }) =>
    readModel(`
asyncapi: 3.0.0
info: { title: t, version: 1.0 }
channels:
  things:
    messages:
      happened:
        payload: { type: string, enum: [1.0, 2.10, true], default: 1.0 }
`),
  )
  expect(model.version).toBe('1.0.0')
  expect(model.channels[0]?.events[0]?.schema).toEqual({
    type: 'string',
    enum: ['1.0', '2.10', 'true'],
    default: '1.0',
  })
})
