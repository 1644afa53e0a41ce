import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import type { JsonSchema } from '../../model/json-schema.ts'
import { exampleValue } from './example-value.ts'

const tree: JsonSchema = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    next: { $ref: '#/$defs/Tree' },
    parts: { type: 'array', items: { $ref: '#/$defs/Tree' } },
  },
  required: ['name', 'parts'],
}
const either: JsonSchema = {
  oneOf: [
    { type: 'object', properties: { of: { $ref: '#/$defs/Either' } }, required: ['of'] },
    { const: 'end' },
  ],
}
const definitions = { Tree: tree, Either: either }

describe('an example', () => {
  it.each<[JsonSchema, unknown]>([
    [{ type: 'string', examples: ['its own'] }, 'its own'],
    [{ type: 'integer', default: 7 }, 7],
    [{ type: 'array', items: { const: 1 }, default: [] }, [1]],
    [{ const: { a: [1] } }, { a: [1] }],
    [{ enum: ['x', 'y'] }, 'x'],
    [{ type: 'string', format: 'date-time' }, '2026-11-20T12:00:00.000Z'],
    [{ type: 'string', minLength: 8 }, 'stringst'],
    [{ type: 'string', maxLength: 4 }, 'text'],
    [{ type: 'string', maxLength: 0 }, ''],
    [{ type: 'number', exclusiveMinimum: 2, exclusiveMaximum: 3 }, 2.5],
    [{ type: 'integer', minimum: 10, multipleOf: 7 }, 14],
    [{ type: 'integer', maximum: -5 }, -5],
    [{ type: ['null', 'boolean'] }, true],
    [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 1]],
    [{ type: 'array', items: { type: 'integer' }, maxItems: 0 }, []],
    [{ type: 'array', prefixItems: [{ const: 'a' }, { type: 'integer' }], items: false }, ['a', 1]],
    [{ type: 'object', additionalProperties: { type: 'integer' } }, { key: 1 }],
    [
      {
        type: 'object',
        additionalProperties: { type: 'integer' },
        propertyNames: { enum: ['a', 'b'] },
        required: ['a', 'b'],
      },
      { a: 1, b: 1 },
    ],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string'],
    [{ allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } } }] }, { a: 1, b: 2 }],
    [
      { type: 'object', properties: { a: { const: 1 } }, anyOf: [{ properties: { b: { const: 2 } } }] },
      { a: 1, b: 2 },
    ],
    [{ $ref: '#/$defs/Tree' }, { name: 'string', parts: [] }],
    [{ $ref: '#/$defs/Either' }, 'end'],
    [true, null],
    [{}, null],
  ])('of %j', (schema, expected) => {
    expect(exampleValue(schema, definitions)).toEqual(expected)
    const ajv = new Ajv2020({ strict: false })
    addFormats.default(ajv)
    expect(
      ajv.validate({ ...(schema === true ? {} : (schema as object)), $defs: definitions }, expected),
      ajv.errorsText(),
    ).toBe(true)
  })

  it.each([
    '^[A-Z]{3}-\\d+$',
    '^(?:ab|cd)*x$',
    '^a.c$',
    '^[^a]$',
    '^\\d{3,5}$',
    '^(\\+\\d{1,3})? ?[0-9]{7}$',
    '^#[0-9a-fA-F]{6}$',
    'no anchors',
    '^\\w+@\\w+\\.com$',
    '^https?://[a-z]+$',
    '^[\\]x]+$',
  ])('matches the pattern %s', (pattern) => {
    expect(exampleValue({ type: 'string', pattern }, {})).toMatch(new RegExp(pattern, 'u'))
  })

  it.each(['(?=a)b', '(', '[', '\\p{L}+', '(a)\\1', 'a{99999999}'])(
    'is some text where a pattern is beyond it: %s',
    (pattern) => {
      expect(exampleValue({ type: 'string', pattern }, {})).toBeTypeOf('string')
    },
  )

  it('fits a pattern and a length', () => {
    expect(exampleValue({ type: 'string', pattern: '^[a-z]+$', minLength: 12 }, {})).toMatch(/^[a-z]{12,}$/)
  })
})
