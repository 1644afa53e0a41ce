import {
  base64Bytes,
  bigintText,
  channel,
  event,
  isoDate,
  mapEntries,
  setItems,
  urlText,
} from '@millrace/contract'
import * as z from 'zod'
import { contract, data, events, model, type Row } from './row.fixture.ts'

const optionOf = (index: number) => z.object({ type: z.literal(`t${index}`) })
const others = Array.from({ length: 24 }, (_, index) => optionOf(index + 2))

export const dataRows: readonly Row[] = [
  events(
    'non-object-event',
    'what is none',
    { a: z.string(), b: z.null(), c: z.array(z.string()), d: z.nullable(z.object({})), e: z.unknown() },
    ['c.a', 'c.b', 'c.c', 'c.d', 'c.e'],
  ),
  events(
    'non-object-event',
    'objects in any form',
    {
      a: z.object({}),
      b: z.record(z.string(), z.int()),
      c: z.union([z.object({ a: z.int() }), z.object({ b: z.int() })]),
      d: z.intersection(z.object({ a: z.int() }), z.object({ b: z.int() })),
      e: z.object({ a: z.int() }).meta({ id: 'Named' }),
    },
    [],
  ),
  contract(
    'non-object-event',
    'a snapshot',
    { channels: { a: channel('a', { events: {}, snapshot: z.int() }) } },
    ['a (snapshot)'],
  ),
  events(
    'missing-upgrade',
    'versions above 1',
    {
      a: event(z.object({}), { version: 2 }),
      b: event(z.object({}), { version: 3, upgrade: { 2: (old) => old } }),
      c: z.object({}),
    },
    ['c.a'],
  ),
  data(
    'strict-object',
    'at any depth',
    z.object({ a: z.strictObject({ b: z.int() }), c: z.looseObject({}), d: z.record(z.string(), z.int()) }),
    ['/properties/a'],
  ),
  data(
    'unbounded-string',
    'wherever one may stand',
    z.object({
      a: z.string(),
      b: z.array(z.string()),
      c: z.record(z.string(), z.string()),
      d: z.nullable(z.string()),
      e: z.tuple([z.string()]),
      f: z.string().startsWith('x'),
      g: z.string().min(1),
      h: z.string().regex(/^[a-z]+$/),
    }),
    [
      '/properties/a',
      '/properties/b/items',
      '/properties/c/additionalProperties',
      '/properties/d',
      '/properties/e/prefixItems/0',
      '/properties/f',
      '/properties/g',
      '/properties/h',
    ],
  ),
  data(
    'unbounded-string',
    'what has an end',
    z.object({
      a: z.string().max(5),
      b: z.string().startsWith('x').endsWith('y').max(5),
      c: z.enum(['a']),
      d: z.literal('a'),
      e: z.uuid(),
      f: z.string().regex(/^[a-z+*]{3}\+$/),
      g: isoDate,
      h: bigintText,
      i: base64Bytes,
      j: urlText,
      k: z.record(z.string(), z.int()),
    }),
  ),
  contract(
    'unbounded-string',
    'a param, which is as long as addresses may be',
    { channels: { a: channel('a/{b}', { params: { b: z.string() }, events: {} }) } },
    [],
  ),
  data(
    'unbounded-array',
    'one without an end',
    z.object({ a: z.array(z.int()), b: z.tuple([z.int()], z.int()) }),
    ['/properties/a', '/properties/b'],
  ),
  data(
    'unbounded-array',
    'what has an end, or no way to say it',
    z.object({
      a: z.array(z.int()).max(3),
      b: z.tuple([z.int()]),
      c: setItems(z.int()),
      d: mapEntries(z.int(), z.int()),
    }),
  ),
  model(
    'unsafe-integer',
    'limits, formats and values',
    {
      type: 'object',
      properties: {
        a: { type: 'integer', format: 'int64' },
        b: { type: 'integer', maximum: 2 ** 53 },
        c: { type: ['integer', 'null'], enum: [2 ** 60, null] },
        d: { type: 'integer', format: 'uint64', maximum: 5 },
      },
    },
    ['/properties/a', '/properties/b', '/properties/c', '/properties/d'],
  ),
  model('unsafe-integer', 'what is exact, or not a whole number', {
    type: 'object',
    properties: {
      a: { type: 'integer' },
      b: { type: 'integer', minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 },
      c: { type: 'number', maximum: 1e300 },
      d: { type: 'integer', format: 'int64', minimum: 0, maximum: 5 },
    },
  }),
  data('unsafe-integer', 'what Zod has', z.object({ a: z.int(), b: z.number().int() })),
  data(
    'huge-union',
    '26 options',
    z.object({ a: z.discriminatedUnion('type', [optionOf(0), optionOf(1), ...others]) }),
    ['/properties/a'],
  ),
  data('huge-union', '25 options', z.discriminatedUnion('type', [optionOf(0), ...others])),
  model(
    'unused-definition',
    'one that only another uses',
    { $ref: '#/$defs/Used' },
    ['Loop (definition)', 'Unused (definition)'],
    {
      Used: { type: 'object', properties: { a: { $ref: '#/$defs/Deep' } } },
      Deep: { type: 'string' },
      Loop: { type: 'array', items: { $ref: '#/$defs/Loop' } },
      Unused: { $ref: '#/$defs/Deep' },
    },
  ),
]
