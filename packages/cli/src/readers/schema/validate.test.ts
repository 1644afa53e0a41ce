import { expect, test } from 'vitest'
import type { JsonSchema } from '../../model/json-schema.ts'
import { validate } from './validate.ts'

const definitions = new Map<string, JsonSchema>([
  [
    'List',
    {
      type: 'object',
      properties: { next: { anyOf: [{ $ref: '#/$defs/List' }, { type: 'null' }] } },
      required: ['next'],
    },
  ],
  ['Self', { allOf: [{ $ref: '#/$defs/Self' }] }],
])

test.each<[value: unknown, schema: JsonSchema, fault: string | undefined]>([
  [1, { type: 'string' }, 'it is 1, not string'],
  [{ a: [1, 'x'] }, { properties: { a: { items: { type: 'number' } } } }, 'a[1] is "x", not number'],
  [{ a: 1 }, { required: ['b'] }, 'it lacks "b"'],
  [{ a: { c: 1 } }, { properties: { a: { additionalProperties: false } } }, 'a.c must not be there'],
  ['x', { enum: ['a'] }, 'it is "x", which is not in the list'],
  [{ next: { next: null } }, { $ref: '#/$defs/List' }, undefined],
  [
    { next: { next: 1 } },
    { $ref: '#/$defs/List' },
    'next fits none of the options: next.next fits none of the options',
  ],
  ['any', { $ref: '#/$defs/Self' }, undefined],
  ['2024-02-30T10:00:00Z', { format: 'date-time' }, undefined],
  ['2024-02-10 at noon', { format: 'date-time' }, 'it is "2024-02-10 at noon", which is no date-time'],
  ['192.168.1.1', { format: 'ipv4' }, undefined],
  ['192.168.1', { format: 'ipv4' }, 'it is "192.168.1", which is no ipv4'],
  ['x', { format: 'of-our-own' }, undefined],
  [0.3, { multipleOf: 0.1 }, undefined],
  ['😀', { maxLength: 1 }, undefined],
])('%j of %j: %j', (value, schema, fault) => {
  expect(validate(value, schema, definitions)).toBe(fault)
})
