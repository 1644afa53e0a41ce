import { memoryLog } from '@millrace/log'
import { expectTypeOf, test } from 'vitest'
import { shop } from '../fixtures/shop.fixture.ts'
import { createEventServer, type Published } from '../index.ts'

const { publish } = createEventServer({ contract: shop, log: memoryLog() })
const order = shop.orders({ orderId: '42' })

test('the data is what the schema has in code', () => {
  expectTypeOf(publish(order, 'placed', { total: 10, at: new Date() })).resolves.toEqualTypeOf<Published>()
  publish(order, 'shipped', { carrier: 'c' }, { key: 'k' })
  publish(shop.stock({ place: 'x', item: 'abc' }), 'level', { count: 1 })
  publish(shop.anything(), 'said', ['anything'])
})

test('wrong data is refused', () => {
  // @ts-expect-error total is a number
  publish(order, 'placed', { total: '10' })
  // @ts-expect-error on the wire it is text, in code a Date
  publish(order, 'placed', { total: 10, at: '2026-01-01T00:00:00Z' })
  // @ts-expect-error the data of another event
  publish(order, 'placed', { carrier: 'c' })
  // @ts-expect-error there is no data
  publish(order, 'placed')
  // @ts-expect-error unknown keys would be stripped without a word
  publish(order, 'placed', { total: 10, totl: 1 })
})

test('a wrong name is refused', () => {
  // @ts-expect-error not one of the channel's events
  publish(order, 'cancelled', {})
  // @ts-expect-error another channel's event
  publish(order, 'level', { count: 1 })
})

test('a pattern, an address and a channel are refused', () => {
  // @ts-expect-error a pattern stands for many topics
  publish(shop.orders(), 'placed', { total: 10 })
  // @ts-expect-error an address has no types
  publish('orders/42', 'placed', { total: 10 })
  // @ts-expect-error a channel is not a topic yet
  publish(shop.orders, 'placed', { total: 10 })
})

test('there are no other options', () => {
  // @ts-expect-error it is called key
  publish(order, 'placed', { total: 10 }, { idempotencyKey: 'k' })
})
