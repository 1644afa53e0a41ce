import { memoryLog } from '@millrace/log'
import { expectTypeOf, test } from 'vitest'
import { shop } from '../fixtures/shop.fixture.ts'
import { createEventServer, type Published } from '../index.ts'

const { publishMany } = createEventServer({ contract: shop, log: memoryLog() })
const order = shop.orders({ orderId: '42' })

test('each item has the data of its own topic', () => {
  const published = publishMany([
    { topic: order, name: 'placed', data: { total: 10, at: new Date() } },
    { topic: order, name: 'shipped', data: { carrier: 'x' }, key: 'k' },
    { topic: shop.stock({ place: 'x', item: 'abc' }), name: 'level', data: { count: 1 } },
    { topic: shop.anything(), name: 'said', data: ['x'] },
  ])
  expectTypeOf(published).resolves.toEqualTypeOf<readonly Published[]>()
  publishMany([])
  publishMany([1, 2].map((total) => ({ topic: order, name: 'placed' as const, data: { total } })))
})

test('what does not fit is refused', () => {
  // @ts-expect-error total is a number
  publishMany([{ topic: order, name: 'placed', data: { total: '10' } }])
  // @ts-expect-error the data of another event
  publishMany([{ topic: order, name: 'placed', data: { carrier: 'x' } }])
  // @ts-expect-error another channel's event
  publishMany([{ topic: order, name: 'level', data: { count: 1 } }])
  // @ts-expect-error a pattern stands for many topics
  publishMany([{ topic: shop.orders(), name: 'placed', data: { total: 1 } }])
  // @ts-expect-error unknown keys would be stripped without a word
  publishMany([{ topic: order, name: 'placed', data: { total: 10, totl: 1 } }])
  // @ts-expect-error there is no data
  publishMany([{ topic: order, name: 'placed' }])
})

test('within a transaction there is no id to be had', () => {
  const { publish } = createEventServer({ contract: shop, log: memoryLog() })
  const transaction = { query: async () => {} }
  const items = [{ topic: order, name: 'placed', data: { total: 1 } }] as const
  expectTypeOf(publishMany(items, { transaction })).toEqualTypeOf<Promise<void>>()
  expectTypeOf(publish(order, 'placed', { total: 1 }, { transaction, key: 'k' })).toEqualTypeOf<
    Promise<void>
  >()
  expectTypeOf(publish(order, 'placed', { total: 1 }, { key: 'k' })).toEqualTypeOf<Promise<Published>>()
  // @ts-expect-error a name is no transaction
  publish(order, 'placed', { total: 1 }, { transaction: 'client' })
})
