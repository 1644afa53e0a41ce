import { expect, it } from 'vitest'
import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { compareContracts } from './compare-contracts.ts'
import { table } from './table/table.fixture.ts'

function messagesOf(old: JsonSchema, next: JsonSchema): readonly string[] {
  return compareContracts(modelOf(old), modelOf(next)).map(({ message }) => message)
}

function modelOf(schema: JsonSchema): ContractModel {
  const event = { name: 'happened', version: 1, schema }
  const channel = { key: 'things', path: 'things', deliver: 'every', params: [], events: [event] } as const
  return { name: 'test', version: '1.0.0', channels: [channel], definitions: {} }
}

const whole = {
  type: 'integer',
  minimum: Number.MIN_SAFE_INTEGER,
  maximum: Number.MAX_SAFE_INTEGER,
} as const

it.each<[JsonSchema, JsonSchema, string]>([
  [{ type: 'string' }, { type: 'string', minLength: 1 }, 'The limit "minLength" was added: 1'],
  [
    { type: 'string', maxLength: 0 },
    { type: 'string', maxLength: 5 },
    'The limit "maxLength" changed from 0 to 5',
  ],
  [{ type: 'array', maxItems: 5 }, { type: 'array' }, 'The limit "maxItems" was removed; it was 5'],
  [whole, { ...whole, minimum: 0 }, 'The limit "minimum" was added: 0'],
  [{ ...whole, minimum: 0 }, whole, 'The limit "minimum" was removed; it was 0'],
  [
    { type: 'number', minimum: 0 },
    { type: 'number', exclusiveMinimum: 0 },
    'The limit "minimum" changed from 0 to 0 (exclusive)',
  ],
  [{ type: 'number' }, whole, 'It can only be a whole number now'],
  [
    { type: 'string', format: 'date-time', 'x-codec': 'date' },
    { type: 'string', format: 'date-time' },
    'The codec "date" was removed, so it is in code what it is on the wire',
  ],
  [true, { type: ['string', 'number'] }, 'The type changed from anything to a number or a string'],
  [
    { type: 'object', properties: { 'a"b': { enum: ['x'] } } },
    { type: 'object', properties: { 'a"b': { enum: ['x', null] } } },
    'It can now be null',
  ],
  [
    { anyOf: [{ type: 'object', properties: { a: { const: 1 } }, required: ['a'] }] },
    {
      anyOf: [
        { type: 'object', properties: { a: { const: 1 } }, required: ['a'] },
        { type: 'object', title: 'Parcel', properties: { a: { const: 2 } }, required: ['a'] },
      ],
    },
    'It can now also be "Parcel"',
  ],
])('%j, then %j: %s', (old, next, message) => {
  expect(messagesOf(old, next)).toEqual([message])
})

it('is a sentence on one line, without a full stop', () => {
  for (const { old, next } of table) {
    for (const { message } of compareContracts(old, next)) expect(message).toMatch(/^[A-Z"][^\n]*[^.\n]$/)
  }
})
