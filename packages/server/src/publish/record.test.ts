import type { Topic } from '@millrace/contract'
import { channel, DataError, defineContract } from '@millrace/contract'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { EventTooLargeError, PublishError } from '../errors.ts'
import { defineShop, shop } from '../fixtures/shop.fixture.ts'
import { createRecord, type Publication } from './record.ts'

const order = shop.orders({ orderId: '42' })

function record(publication: Partial<Record<keyof Publication, unknown>>, maxBytes = 1_000) {
  const whole = { topic: order, name: 'placed', data: { total: 1 }, key: undefined, ...publication }
  return createRecord(shop, whole as Publication, { time: 5, maxBytes })
}

it('encodes the data, and strips what the schema does not know', () => {
  const data = { total: 1, at: new Date(0), secret: 'x' }
  expect(record({ data })).toEqual({
    topic: 'orders/42',
    event: 'placed',
    version: 1,
    time: 5,
    data: '{"total":1,"at":"1970-01-01T00:00:00.000Z"}',
  })
})

it('names the version that the data is written in, and the key', () => {
  expect(record({ name: 'shipped', data: { carrier: 'c' }, key: 'k1' })).toMatchObject({
    version: 2,
    key: 'k1',
  })
})

it.each([[{ total: '1' }], [null], [undefined], [{}]])('refuses data that does not fit: %j', (data) => {
  expect(() => record({ data })).toThrow(DataError)
})

describe('from untyped code, refuses', () => {
  it.each([
    ['an unknown event', { name: 'cancelled' }, /has no event "cancelled"; there are "placed", "shipped"/],
    ['an inherited name', { name: 'toString' }, /has no event "toString"/],
    ['a pattern', { topic: (shop.orders as unknown as () => unknown)() }, /"orders\/\*" leaves params open/],
    ['an address', { topic: 'orders/42' }, /A topic is made by a channel/],
    ['no topic', { topic: undefined }, /A topic is made by a channel/],
    ['an empty key', { key: '' }, /key must be/],
    ['a key that is no text', { key: 7 }, /key must be/],
  ])('%s', (_, publication, message) => {
    const refused = () => record(publication)
    expect(refused).toThrow(PublishError)
    expect(refused).toThrow(message)
  })

  it.each([
    ['undefined', undefined, /no data/],
    ['a function', () => 1, /no data/],
    ['a BigInt', 1n, /cannot be JSON.*BigInt/],
  ])('what no JSON can hold: %s', (_, data, message) => {
    const refused = () => record({ topic: shop.anything(), name: 'said', data })
    expect(refused).toThrow(PublishError)
    expect(refused).toThrow(message)
  })

  it('a cycle', () => {
    const cycle: { self?: unknown } = {}
    cycle.self = cycle
    expect(() => record({ topic: shop.anything(), name: 'said', data: cycle })).toThrow(/cannot be JSON/)
  })
})

describe('a topic of another contract', () => {
  const orders = (path: string) =>
    defineContract({
      name: 'other',
      version: '1.0.0',
      channels: {
        orders: channel(path, { events: { placed: z.object({ total: z.string() }) } }),
      },
    })

  it('is as good as an own one when it is the same contract twice', () => {
    expect(record({ topic: defineShop().orders({ orderId: 'a b' }) }).topic).toBe('orders/a%20b')
  })

  it('is refused when the path is unknown', () => {
    const topic = orders('sales/{orderId}').orders({ orderId: '1' } as never)
    expect(() => record({ topic })).toThrow('The contract "shop" has no channel "sales/{orderId}"')
  })

  it('has its data judged by the own schemas when the path is the same', () => {
    const topic = orders('orders/{orderId}').orders({ orderId: '1' } as never)
    expect(() => record({ topic, data: { total: '1' } })).toThrow(DataError)
    expect(record({ topic, data: { total: 1 } }).data).toBe('{"total":1}')
  })

  it('has its address judged too', () => {
    const { stock } = defineContract({
      name: 'other',
      version: '1.0.0',
      channels: {
        stock: channel('stock/{place}/{item}', { events: { level: z.object({ count: z.number() }) } }),
      },
    })
    const level = { name: 'level', data: { count: 1 } }
    expect(record({ topic: stock({ place: 'x', item: 'abc' }), ...level }).topic).toBe('stock/x/abc')
    const refused = () => record({ topic: stock({ place: 'x', item: 'ABC' }), ...level })
    expect(refused).toThrow(PublishError)
    expect(refused).toThrow(/"stock\/x\/ABC" is not of "stock\/{place}\/{item}"/)
  })

  it.each(['orders/4\n2', 'orders/é', 'stock/1/a', 'orders'])(
    'that was made by hand is refused: %j',
    (address) => {
      const foreign = { ...defineShop().orders({ orderId: '1' }), address } as unknown as Topic
      expect(() => record({ topic: foreign })).toThrow(PublishError)
    },
  )
})

describe('the size', () => {
  // {"total":1,"note":"…"} has 21 bytes around the note.
  const note = (text: string) => ({ total: 1, note: text })

  it.each([
    ['a', 1],
    ['é', 2],
    ['€', 3],
    ['\u{1f600}', 4],
  ])('is that of the JSON in UTF-8: %s takes %i', (character, bytes) => {
    const most = Math.floor((1_000 - 21) / bytes)
    expect(() => record({ data: note(character.repeat(most)) })).not.toThrow()
    expect(() => record({ data: note(character.repeat(most + 1)) })).toThrow(EventTooLargeError)
  })

  it('is told', () => {
    try {
      record({ data: note('x'.repeat(1_000)) })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ code: 'event-too-large', bytes: 1_021, limit: 1_000 })
      expect(EventTooLargeError.isInstance(error)).toBe(true)
      expect(PublishError.isInstance(error)).toBe(false)
      expect((error as Error).message).toContain('event "placed" of "orders/42"')
    }
  })
})
