import { memoryLog } from '@millrace/log'
import { expectTypeOf, test } from 'vitest'
import { shop } from '../fixtures/shop.fixture.ts'
import { createEventServer } from '../index.ts'

const events = createEventServer({ contract: shop, log: memoryLog() })

test('a snapshot is asked for by typed params', () => {
  events.snapshot(shop.orders, ({ params, address, signal }) => {
    expectTypeOf(params).toEqualTypeOf<{ readonly orderId: string }>()
    expectTypeOf(address).toEqualTypeOf<string>()
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    return undefined
  })
  events.snapshot(shop.orders, async () => ({ total: 1 }))
  // @ts-expect-error the total is a number
  events.snapshot(shop.orders, async () => ({ total: '1' }))
  // @ts-expect-error the contract has no snapshot of prices
  events.snapshot(shop.prices, () => 1)
  // @ts-expect-error a topic is not a channel
  events.snapshot(shop.orders({ orderId: '1' }), () => undefined)
})

test("a source yields its channel's events", () => {
  events.source(shop.prices, async function* ({ params }) {
    expectTypeOf(params).toEqualTypeOf<{ readonly symbol: string }>()
    yield { name: 'tick', data: 1 }
    yield { name: 'note', data: 'n', key: 'k' }
  })
  // @ts-expect-error a tick is a number
  events.source(shop.prices, async function* () {
    yield { name: 'tick', data: 'x' }
  })
  // @ts-expect-error another channel's event
  events.source(shop.prices, async function* () {
    yield { name: 'placed', data: { total: 1 } }
  })
})
