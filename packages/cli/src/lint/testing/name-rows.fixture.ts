import { channel } from '@millrace/contract'
import * as z from 'zod'
import { contract, data, events, type Row } from './row.fixture.ts'

const nothing = z.object({})
const channels = (...names: readonly string[]) => ({
  channels: Object.fromEntries(names.map((name, index) => [name, channel(`c${index}`, { events: {} })])),
})

export const nameRows: readonly Row[] = [
  contract('channel-name-style', 'one of three', channels('priceChanges', 'stock', 'order_lines'), [
    'order_lines',
  ]),
  contract('channel-name-style', 'single words', channels('orders', 'stock'), []),
  contract(
    'param-name-style',
    'one of three',
    {
      channels: {
        a: channel('a/{order_id}/{lineId}', {
          params: { order_id: z.string(), lineId: z.string() },
          events: {},
        }),
        b: channel('b/{userId}', { params: { userId: z.string() }, events: {} }),
      },
    },
    ['a {order_id}'],
  ),
  events(
    'event-name-style',
    'one of three',
    { orderPlaced: nothing, orderLost: nothing, OrderShipped: nothing },
    ['c.OrderShipped'],
  ),
  events(
    'event-name-style',
    'a draw, which camelCase wins',
    { orderPlaced: nothing, 'order-lost': nothing },
    ['c.order-lost'],
  ),
  events(
    'event-name-style',
    'parts of a name',
    { 'order.placed': nothing, 'order.address_changed': nothing, 'order.half_Lost': nothing },
    ['c.order.half_Lost'],
  ),
  events('event-name-style', 'one style throughout', { ORDER_PLACED: nothing, ORDER_LOST: nothing }, []),
  data(
    'field-name-style',
    'one of many, at any depth',
    z.object({
      firstName: z.string(),
      address: z.object({ zip_code: z.string(), streetName: z.string() }),
      größeInMetern: z.number(),
    }),
    ['/properties/address/properties/zip_code'],
  ),
  data(
    'field-name-style',
    'what is no word, or begins with a sign',
    z.object({
      firstName: z.string(),
      '@type': z.string(),
      _id: z.string(),
      $ref: z.string(),
      'a b': z.string(),
    }),
  ),
  data('field-name-style', 'keys that are data', z.record(z.string(), z.int())),
]
