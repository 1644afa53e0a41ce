import { channel } from '@millrace/contract'
import * as z from 'zod'
import { contracts, empty, models, type Row } from './row.fixture.ts'

const order = z.object({ total: z.number() })
const orders = channel('orders/{orderId}', { events: { placed: order } })
const news = channel('news', { events: { posted: z.string() } })

const one = { key: 'one', path: 'all', deliver: 'every', params: [], events: [] } as const
const two = { ...one, key: 'two' }

/** What may happen to a contract and its channels. */
export const contractRows: readonly Row[] = [
  contracts('nothing changes', { orders }, { orders }, [], ['none', 'none', 'none']),
  contracts(
    'a channel is added',
    { orders },
    { orders, news },
    ['channel-added news'],
    ['minor', 'minor', 'none'],
  ),
  contracts(
    'a channel is removed',
    { orders, news },
    { orders },
    ['channel-removed news'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'a channel is renamed',
    { orders },
    { purchases: orders },
    ['channel-renamed purchases'],
    ['none', 'major', 'none'],
  ),
  contracts(
    'channels stand in another order',
    { orders, news },
    { news, orders },
    [],
    ['none', 'none', 'none'],
  ),
  contracts(
    'the literals of a path change',
    { orders },
    { orders: channel('purchases/{orderId}', { events: { placed: order } }) },
    ['channel-path-changed orders'],
    ['major', 'none', 'major'],
  ),
  contracts(
    'a channel makes way for another of its name',
    { orders },
    { orders: channel('v2/orders/{orderId}', { events: { bought: order } }), oldOrders: orders },
    ['channel-added orders', 'channel-renamed oldOrders'],
    ['minor', 'major', 'none'],
  ),
  models(
    'a document has an address twice, and its channels are told by their names',
    { ...empty, channels: [one, two] },
    { ...empty, channels: [two, { ...one, description: 'The first' }] },
    ['documentation-changed one'],
    ['none', 'patch', 'none'],
  ),
  contracts(
    'a path gets a param',
    { orders },
    { orders: channel('orders/{shop}/{orderId}', { events: { placed: order } }) },
    ['channel-path-changed orders', 'param-added orders {shop}'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'a path loses a param',
    { orders: channel('orders/{shop}/{orderId}', { events: { placed: order } }) },
    { orders },
    ['channel-path-changed orders', 'param-removed orders {shop}'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'a param is renamed',
    { orders },
    { orders: channel('orders/{id}', { events: { placed: order } }) },
    ['param-renamed orders {id}'],
    ['none', 'major', 'none'],
  ),
  contracts(
    'the params of a path change places',
    { orders: channel('orders/{shop}/{orderId}', { events: { placed: order } }) },
    { orders: channel('orders/{orderId}/{shop}', { events: { placed: order } }) },
    ['param-renamed orders {orderId}', 'param-renamed orders {shop}'],
    ['none', 'major', 'none'],
  ),
  contracts(
    'a param must be a UUID',
    { orders },
    { orders: channel('orders/{orderId}', { params: { orderId: z.uuid() }, events: { placed: order } }) },
    ['format-added orders {orderId}'],
    ['major', 'none', 'major'],
  ),
  contracts(
    'a param need not be a UUID any more',
    { orders: channel('orders/{orderId}', { params: { orderId: z.uuid() }, events: { placed: order } }) },
    { orders },
    ['format-removed orders {orderId}'],
    ['minor', 'none', 'patch'],
  ),
  contracts(
    'a param is a number in code',
    { orders },
    {
      orders: channel('orders/{orderId}', {
        params: { orderId: z.coerce.number<string>().int() },
        events: { placed: order },
      }),
    },
    ['codec-changed orders {orderId}', 'pattern-added orders {orderId}'],
    ['major', 'major', 'major'],
  ),
  contracts(
    'a param of two values is a boolean in code',
    {
      orders: channel('orders/{paid}', {
        params: { paid: z.enum(['true', 'false']) },
        events: { placed: order },
      }),
    },
    {
      orders: channel('orders/{paid}', {
        params: { paid: z.coerce.boolean<string>() },
        events: { placed: order },
      }),
    },
    ['codec-changed orders {paid}'],
    ['none', 'major', 'none'],
  ),
  contracts(
    'a param may have another value',
    { orders: channel('orders/{shop}', { params: { shop: z.enum(['a']) }, events: { placed: order } }) },
    { orders: channel('orders/{shop}', { params: { shop: z.enum(['a', 'b']) }, events: { placed: order } }) },
    ['enum-value-added orders {shop}'],
    ['minor', 'major', 'patch'],
  ),
  contracts(
    'a param is described',
    { orders },
    {
      orders: channel('orders/{orderId}', {
        params: { orderId: z.string().describe('As on the receipt') },
        events: { placed: order },
      }),
    },
    ['documentation-changed orders {orderId}'],
    ['none', 'patch', 'none'],
  ),
  contracts(
    'only the newest event is delivered under pressure',
    { orders },
    { orders: channel('orders/{orderId}', { events: { placed: order }, deliver: 'latest' }) },
    ['delivery-weakened orders'],
    ['major', 'none', 'none'],
  ),
  contracts(
    'every event is delivered',
    { orders: channel('orders/{orderId}', { events: { placed: order }, deliver: 'latest' }) },
    { orders },
    ['delivery-strengthened orders'],
    ['minor', 'none', 'none'],
  ),
  contracts(
    'a channel gets a snapshot',
    { orders },
    { orders: channel('orders/{orderId}', { events: { placed: order }, snapshot: order }) },
    ['snapshot-added orders (snapshot)'],
    ['minor', 'minor', 'none'],
  ),
  contracts(
    'a channel loses its snapshot',
    { orders: channel('orders/{orderId}', { events: { placed: order }, snapshot: order }) },
    { orders },
    ['snapshot-removed orders (snapshot)'],
    ['major', 'major', 'none'],
  ),
  contracts(
    'a snapshot gets a required property',
    { orders: channel('orders/{orderId}', { events: {}, snapshot: order }) },
    { orders: channel('orders/{orderId}', { events: {}, snapshot: order.extend({ note: z.string() }) }) },
    ['required-property-added orders (snapshot) #/properties/note'],
    ['minor', 'major', 'none'],
  ),
  contracts(
    'a snapshot loses a required property',
    { orders: channel('orders/{orderId}', { events: {}, snapshot: order }) },
    { orders: channel('orders/{orderId}', { events: {}, snapshot: z.object({}) }) },
    ['required-property-removed orders (snapshot) #/properties/total'],
    ['major', 'major', 'none'],
  ),
  contracts(
    'a channel is described',
    { orders },
    {
      orders: channel('orders/{orderId}', { description: 'What people buy', events: { placed: order } }),
    },
    ['documentation-changed orders'],
    ['none', 'patch', 'none'],
  ),
  models(
    'a contract has another title',
    empty,
    { ...empty, title: 'The corner shop' },
    ['documentation-changed contract'],
    ['none', 'patch', 'none'],
  ),
  models(
    'a contract has another version',
    empty,
    { ...empty, version: '2.0.0' },
    [],
    ['none', 'none', 'none'],
  ),
  models(
    'a contract has another name',
    empty,
    { ...empty, name: 'store' },
    ['contract-renamed contract'],
    ['none', 'patch', 'none'],
  ),
]
