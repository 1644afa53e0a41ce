import { expect, it } from 'vitest'
import type { JsonSchema } from '../../model/json-schema.ts'
import { fieldsOf } from './field.ts'

const text = (parts: readonly { text: string }[]) => parts.map((part) => part.text).join('')

function rows(schema: JsonSchema): readonly string[] {
  const definitions = { Money: { title: 'Some money', type: 'object' } } as const
  return fieldsOf(schema, definitions).map((field) =>
    'option' in field
      ? `${'  '.repeat(field.depth)}- ${text(field.option)}`
      : `${'  '.repeat(field.depth)}${field.path}${field.required ? '' : '?'}: ${text(field.type)}${field.constraints.map((rule) => `; ${rule}`).join('')}`,
  )
}

it('shows the members of an object, and those of the objects in it', () => {
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      id: { type: 'string', format: 'uuid' },
      tags: { type: 'array', items: { type: 'string', maxLength: 3 }, minItems: 1, uniqueItems: true },
      price: { $ref: '#/$defs/Money' },
      prices: { type: 'array', items: { $ref: '#/$defs/Money' } },
      by: {
        type: 'object',
        additionalProperties: { type: 'object', properties: { n: { type: 'integer', minimum: 0 } } },
      },
      lines: {
        type: 'array',
        items: { type: 'object', properties: { sku: { enum: ['a', 1] } }, required: ['sku'] },
      },
      pair: { type: 'array', prefixItems: [{ type: 'number' }, { type: 'number' }], minItems: 2 },
      at: { anyOf: [{ type: 'string', format: 'date-time', 'x-codec': 'date' }, { type: 'null' }] },
      size: { type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 },
      share: { type: 'number', minimum: 0, exclusiveMaximum: 1, multipleOf: 0.1 },
      flags: { type: ['string', 'number'], default: 'x' },
      mixed: { type: 'array', items: { anyOf: [{ type: 'string' }, { type: 'number' }] } },
    },
    required: ['id', 'lines'],
  }
  expect(rows(schema)).toEqual([
    'id: string (uuid)',
    'tags?: array of strings; at least 1 item; no item twice; each at most 3 characters',
    'price?: Some money',
    'prices?: array of Some money',
    'by?: map of objects',
    '  by{}.n?: integer; at least 0',
    'lines: array of objects',
    '  lines[].sku: "a" or 1',
    'pair?: [number, number]',
    'at?: string (date-time) or null; a `Date` in code',
    'size?: integer',
    'share?: number; at least 0; less than 1; a multiple of 0.1',
    'flags?: string or number; `"x"` when absent',
    'mixed?: array of (string or number)',
  ])
})

it('says what a value is in code where that is another', () => {
  const date: JsonSchema = { type: 'string', format: 'date-time', 'x-codec': 'date' }
  const digits: JsonSchema = { type: 'string', pattern: '^-?\\d+$', 'x-codec': 'bigint' }
  const pair: JsonSchema = {
    type: 'array',
    prefixItems: [digits, { type: 'array', items: date, 'x-codec': 'set' }],
    items: false,
  }
  const schema: JsonSchema = {
    type: 'object',
    properties: {
      url: { type: 'string', format: 'uri', 'x-codec': 'url' },
      bytes: { type: 'string', contentEncoding: 'base64', pattern: '^.*$', 'x-codec': 'bytes' },
      marks: { type: 'array', items: { type: 'string' }, 'x-codec': 'set' },
      counts: { type: 'array', items: pair, 'x-codec': 'map' },
      prices: { type: 'array', items: { $ref: '#/$defs/Money' }, 'x-codec': 'set' },
      dates: { type: 'array', items: date, maxItems: 3 },
      some: { type: 'array', items: { anyOf: [date, { type: 'null' }] } },
      times: { type: 'object', additionalProperties: date },
      span: { type: 'array', prefixItems: [date, { type: 'integer' }] },
      due: { anyOf: [date, { type: 'integer' }, { const: 'never' }] },
      parts: { type: 'array', items: { type: 'object', properties: { at: date } } },
      secret: { type: 'string', 'x-codec': 'custom' },
    },
    required: [
      'url',
      'bytes',
      'marks',
      'counts',
      'prices',
      'dates',
      'some',
      'times',
      'span',
      'due',
      'parts',
      'secret',
    ],
  }
  expect(rows(schema)).toEqual([
    'url: string (uri); a `URL` in code',
    'bytes: string (base64); a `Uint8Array` in code',
    'marks: array of strings; `Set<string>` in code',
    'counts: array of [string, array of strings (date-time)]; `Map<bigint, Set<Date>>` in code',
    'prices: array of Some money; `Set<Money>` in code',
    'dates: array of strings (date-time); at most 3 items; `Date[]` in code',
    'some: array of (string (date-time) or null); `(Date | null)[]` in code',
    'times: map of strings (date-time); `Record<string, Date>` in code',
    'span: [string (date-time), integer]; `[Date, number]` in code',
    'due: string (date-time) or integer or "never"; `Date | number | "never"` in code',
    'parts: array of objects',
    '  parts[].at?: string (date-time); a `Date` in code',
    'secret: string',
  ])
})

it('tells the options of a union apart', () => {
  const option = (kind: string, name: string): JsonSchema => ({
    type: 'object',
    properties: { kind: { const: kind }, [name]: { type: 'string' } },
    required: ['kind', name],
  })
  expect(
    rows({
      oneOf: [option('card', 'last4'), option('cash', 'coin'), { title: 'Other', properties: { a: true } }],
    }),
  ).toEqual([
    '- Where kind is "card"',
    '  kind: "card"',
    '  last4: string',
    '- Where kind is "cash"',
    '  kind: "cash"',
    '  coin: string',
    '- Other',
    '  a?: anything',
  ])
})
