import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import { mapEntries, setItems } from './collection-codecs.ts'
import { DataError } from './errors.ts'
import { defineEvent } from './event.ts'
import type { Schema } from './schema.ts'
import { base64Bytes, bigintText, isoDate, urlText } from './text-codecs.ts'

const cases: [string, Schema, unknown, unknown][] = [
  ['a URL', urlText, new URL('https://example.org/a?b=c'), 'https://example.org/a?b=c'],
  ['bytes', base64Bytes, new Uint8Array([0, 127, 128, 255]), 'AH+A/w=='],
  ['no bytes', base64Bytes, new Uint8Array(), ''],
  ['a set', setItems(z.string()), new Set(['a', 'b']), ['a', 'b']],
  ['a set of dates', setItems(isoDate), new Set([new Date(0)]), ['1970-01-01T00:00:00.000Z']],
  ['a map', mapEntries(z.string(), z.int()), new Map([['a', 1]]), [['a', 1]]],
  [
    'a map with codecs in it',
    mapEntries(bigintText, setItems(isoDate)),
    new Map([[7n, new Set([new Date(0)])]]),
    [['7', ['1970-01-01T00:00:00.000Z']]],
  ],
  ['a set in Zod Mini', mini.object({ a: setItems(mini.string()) }), { a: new Set(['x']) }, { a: ['x'] }],
]

it.each(cases)('takes %s to JSON and back', (_, schema, value, wire) => {
  const { encode, decode } = defineEvent('event "e"', schema)
  expect(encode(value)).toEqual(wire)
  expect(decode(JSON.parse(JSON.stringify(encode(value))), 1)).toEqual(value)
})

it.each<[string, Schema, unknown]>([
  ['a text that is no URL', urlText, 'not a url'],
  ['a text that is no base64', base64Bytes, 'a'],
  ['a text in the place of a set', setItems(z.string()), 'a'],
  ['an item of another type', setItems(z.string()), [1]],
  ['an entry without a value', mapEntries(z.string(), z.int()), [['a']]],
])('refuses %s', (_, schema, wire) => {
  expect(() => defineEvent('event "e"', schema).decode(wire, 1)).toThrow(DataError)
})

it.each<[string, Schema, unknown, string]>([
  ['a text', urlText, 'https://example.org', 'expected URL'],
  ['a list', base64Bytes, [1], 'expected Uint8Array'],
  ['a list', setItems(z.string()), ['a'], 'expected Set'],
  ['an object', mapEntries(z.string(), z.int()), { a: 1 }, 'expected Map'],
])('does not publish %s in its place', (_, schema, value, message) => {
  expect(() => defineEvent('event "e"', schema).encode(value)).toThrow(message)
})

it('loses no byte', () => {
  const { encode, decode } = defineEvent('event "e"', base64Bytes)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5_000 }), (bytes) => {
      expect(decode(encode(bytes), 1)).toEqual(bytes)
    }),
  )
})
