import { base64Bytes, bigintText, isoDate, setItems, urlText } from '@millrace/contract'
import * as z from 'zod'
import { data, model, type Row } from './row.fixture.ts'

const taken = (what: string, ...options: readonly [z.core.$ZodType, z.core.$ZodType, ...z.core.$ZodType[]]) =>
  data('ambiguous-union', what, z.object({ a: z.union(options) }), [
    `/properties/a/anyOf/${options.length - 1}`,
  ])
const clear = (what: string, ...options: readonly [z.core.$ZodType, z.core.$ZodType, ...z.core.$ZodType[]]) =>
  data('ambiguous-union', what, z.object({ a: z.union(options) }))

export const unionRows: readonly Row[] = [
  taken('fields that would be stripped', z.object({ id: z.int() }), z.object({ id: z.int(), name: z.int() })),
  taken('the same fields with another meaning', z.object({ id: z.int() }), z.object({ id: z.int() })),
  taken('nothing required', z.object({ a: z.int().optional() }), z.object({ b: z.int() })),
  taken('a text that is a date', z.string(), isoDate),
  taken('a date that is a text', isoDate, z.string()),
  taken('any text for bytes', base64Bytes, z.string()),
  taken('a list for a set', setItems(z.int()), z.array(z.int())),
  taken('lists of what is ambiguous', z.array(z.object({ a: z.int() })), z.array(z.object({ a: z.int() }))),
  taken(
    'deeper in the fields',
    z.object({ a: z.object({ b: z.string() }) }),
    z.object({ a: z.object({ b: z.string(), c: z.int() }) }),
  ),
  taken(
    'a tag that some share',
    z.object({ kind: z.enum(['a', 'b']), x: z.int() }),
    z.object({ kind: z.enum(['b', 'c']), x: z.int(), y: z.int() }),
  ),
  taken(
    'through a definition',
    z.object({ a: z.int() }).meta({ id: 'A' }),
    z.object({ a: z.int(), b: z.int() }),
  ),
  taken('the last of three', z.int(), z.object({ a: z.int() }), z.object({ a: z.int(), b: z.int() })),
  taken('a union within', z.union([z.int(), z.string()]), isoDate),

  clear(
    'a constant in each',
    z.object({ k: z.literal('a'), x: z.int() }),
    z.object({ k: z.literal('b'), x: z.int() }),
  ),
  clear('another type', z.string(), z.int(), z.boolean(), z.array(z.int()), z.object({})),
  clear('more fields first', z.object({ id: z.int(), name: z.int() }), z.object({ id: z.int() })),
  clear('a field of its own in each', z.object({ a: z.int() }), z.object({ b: z.int() })),
  clear('a field of another type', z.object({ a: z.int() }), z.object({ a: z.string(), b: z.int() })),
  clear('texts that stay texts', z.email(), z.string(), z.literal('none')),
  clear('a date and a bigint', isoDate, bigintText),
  clear('a date and words', isoDate, z.enum(['now', 'never'])),
  clear('a URL and a date', urlText, isoDate),
  clear('numbers', z.int(), z.number()),
  clear('what may be null', isoDate, z.null()),
  clear('a record, of which nothing is certain', z.record(z.string(), z.int()), z.object({ a: z.int() })),
  clear('a pattern, of which nothing is certain', z.string().regex(/^x/), isoDate),
  clear(
    'one that refuses more fields',
    z.strictObject({ id: z.int() }),
    z.object({ id: z.int(), name: z.int() }),
  ),
  clear('lists of other things', z.array(z.int()), z.array(z.object({}))),
  data(
    'ambiguous-union',
    'what has a discriminator',
    z.discriminatedUnion('k', [
      z.object({ k: z.literal('a'), id: z.int() }),
      z.object({ k: z.literal(['b', 'c']), id: z.int(), name: z.int() }),
    ]),
  ),
  model('ambiguous-union', 'one that holds itself', { $ref: '#/$defs/Loop' }, [], {
    Loop: { anyOf: [{ type: 'array', items: { $ref: '#/$defs/Loop' } }, { $ref: '#/$defs/Loop' }] },
  }),
  model('ambiguous-union', 'in oneOf', { oneOf: [{ type: 'object', properties: {} }, { type: 'object' }] }, [
    '/oneOf/1',
  ]),
]
