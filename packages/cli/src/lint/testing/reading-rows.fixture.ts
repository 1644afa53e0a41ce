import { channel } from '@millrace/contract'
import { channel as plainChannel } from '@millrace/contract/plain'
import * as z from 'zod'
import { contract, data, type Row } from './row.fixture.ts'

interface Anything {
  readonly data: unknown
  readonly wire: unknown
}

export const readingRows: readonly Row[] = [
  contract(
    'unreadable',
    'a contract without schemas',
    {
      channels: {
        c: plainChannel<Record<never, never>, { e: Anything }, Anything>('c', {
          events: { e: {} },
          snapshot: {},
        }),
      },
    },
    ['c.e', 'c (snapshot)'],
  ),
  data('only-in-code', 'a check', z.object({ a: z.string().refine((text) => text !== 'b') }), ['']),
  data(
    'only-in-code',
    'a default that is computed',
    z.object({ a: z.number().default(() => Math.random()) }),
    [''],
  ),
  contract(
    'only-in-code',
    'limits of a number in a param',
    {
      channels: {
        'a/b': channel('c/{n}', { params: { n: z.coerce.number<string>().min(1) }, events: {} }),
      },
    },
    ['a/b {n}'],
  ),
  data('unfit-example', 'of a field', z.object({ a: z.int().meta({ examples: [1, 'x'] }) }), ['']),
  data('unfit-example', 'of the whole', z.object({ a: z.int() }).meta({ examples: [{ a: 1 }] })),
  data('unfit-default', 'of a field', z.object({ a: z.int().default(1.5) }), ['']),
  data('unfit-default', 'one that fits', z.object({ a: z.int().default(1) })),
]
