import { bigintText, channel, event, isoDate } from '@millrace/contract'
import * as z from 'zod'
import { contract, data, events, model, type Row } from './row.fixture.ts'

const shared = z.object({ at: isoDate }).meta({ id: 'Shared', description: 'A moment.' })

export const documentationRows: readonly Row[] = [
  contract('undocumented-contract', 'nothing said', {}, ['contract']),
  contract('undocumented-contract', 'a description', { description: 'A shop.' }, []),
  contract(
    'undocumented-channel',
    'one of two',
    {
      channels: {
        a: channel('a', { description: 'A.', events: {} }),
        b: channel('b', { events: {} }),
      },
    },
    ['b'],
  ),
  contract(
    'undocumented-param',
    'one of two',
    {
      channels: {
        a: channel('a/{x}/{y}', {
          params: { x: z.string(), y: z.coerce.number<string>().describe('How high.') },
          events: {},
        }),
      },
    },
    ['a {x}'],
  ),
  events(
    'undocumented-event',
    'a schema that two share says it for both',
    { a: shared, b: shared, c: z.object({}), d: z.object({}).meta({ title: 'D' }) },
    ['c.c', 'c.d'],
  ),
  events('undocumented-event', 'what is deprecated', { a: z.object({}).meta({ deprecated: true }) }, []),
  contract(
    'undocumented-event',
    'a snapshot, which is what its channel is about',
    { channels: { a: channel('a', { events: {}, snapshot: z.object({}) }) } },
    [],
  ),
  data(
    'undocumented-field',
    'fields at any depth',
    z.object({
      a: z.object({ b: z.string() }).describe('A.'),
      c: z.array(z.object({ d: z.string().describe('D.') })),
      kind: z.literal('it'),
      shared,
      again: shared,
    }),
    ['/properties/a/properties/b', '/properties/c', 'Shared (definition) #/properties/at'],
  ),
  data('missing-example', 'a plain text', z.object({ text: z.string() }), ['']),
  data('missing-example', 'nothing but a text', z.string(), ['']),
  data(
    'missing-example',
    'what says itself what it looks like',
    z.object({
      at: isoDate,
      big: bigintText,
      size: z.enum(['s', 'm']),
      id: z.uuid(),
      code: z.string().regex(/^[A-Z]+$/),
      count: z.int(),
      start: z.string().startsWith('x').max(9),
      none: z.string().default('none'),
      said: z.string().meta({ examples: ['Uppsala'] }),
      parts: z.object({ a: z.string() }).meta({ id: 'Parts', examples: [{ a: 'b' }] }),
    }),
  ),
  data(
    'missing-example',
    'an example of the whole',
    z.object({ a: z.string() }).meta({ examples: [{ a: 'b' }] }),
  ),
  data('missing-example', 'nothing to show', z.object({})),
  data(
    'missing-example',
    'an example that does not fit',
    z.object({ a: z.string() }).meta({ examples: [{ a: 1 }] }),
    [''],
  ),
  contract(
    'missing-example',
    'a snapshot',
    { channels: { a: channel('a', { events: {}, snapshot: z.object({ s: z.string() }) }) } },
    ['a (snapshot)'],
  ),
  data(
    'deprecated-without-alternative',
    'fields',
    z.object({
      a: z.string().meta({ deprecated: true }),
      b: z.string().meta({ deprecated: true, description: 'Use `c`.' }),
      c: z.string(),
    }),
    ['/properties/a'],
  ),
  events(
    'deprecated-without-alternative',
    'events',
    {
      a: z.object({}).meta({ deprecated: true }),
      b: event(z.object({}).meta({ deprecated: true, description: 'See `c`.' })),
    },
    ['c.a'],
  ),
  model(
    'deprecated-without-alternative',
    'a definition, once',
    { type: 'object', properties: { a: { $ref: '#/$defs/Old' }, b: { $ref: '#/$defs/Old' } } },
    ['Old (definition)'],
    { Old: { type: 'string', deprecated: true } },
  ),
]
