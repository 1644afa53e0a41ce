import { describe, expectTypeOf, it } from 'vitest'
import type {
  EventClient,
  EventIterator,
  EventOf,
  Reset,
  Snapshot,
  SnapshotOf,
  StreamEvent,
  Subscription,
  Undecoded,
} from './index.ts'
import { cart, order, shop } from './shop.fixture.ts'

declare const client: EventClient
type OrderEvent = EventOf<typeof shop.orders>
type Placed = EventOf<typeof shop.orders, 'placed'>
type CartSnapshot = SnapshotOf<typeof shop.carts>
type State = { total: number; since: Date }
/** Of which nothing is decoded, nor is it known what it is. */
type BareSnapshot = Omit<Snapshot, 'params'>

describe('a handler of all events', () => {
  it('is given the union of the events, and resets', () => {
    const subscription = client.subscribe(order, (event) => {
      expectTypeOf(event).toEqualTypeOf<OrderEvent | Reset>()
      if (event.name === 'placed') expectTypeOf(event.data).toEqualTypeOf<{ total: number }>()
      if (event.name === 'dated') expectTypeOf(event.data.at).toEqualTypeOf<Date>()
      if (event.name === 'millrace.reset')
        expectTypeOf(event.data.verdict).toEqualTypeOf<Reset['data']['verdict']>()
      // @ts-expect-error: a reset has no total, so the name is to be looked at first
      event.data.total
      // @ts-expect-error: there is no such event
      if (event.name === 'plaecd') return
    })
    expectTypeOf(subscription).toEqualTypeOf<Subscription>()
  })

  it('has the params of a pattern too', () => {
    client.subscribe(shop.orders(), (event) => {
      if (event.name !== 'millrace.reset')
        expectTypeOf(event.params).toEqualTypeOf<{ readonly orderId: string }>()
    })
  })

  it('takes options after it, and may return anything', () => {
    client.subscribe(order, async () => {}, { from: 'earliest', signal: AbortSignal.abort() })
    client.subscribe(order, () => 5, { from: 'k.7' })
    // @ts-expect-error: there is no such option
    client.subscribe(order, () => {}, { form: 'earliest' })
  })
})

describe('a map of handlers', () => {
  it('gives each its event', () => {
    const subscription = client.subscribe(order, {
      placed: ({ data, params }) => {
        expectTypeOf(data).toEqualTypeOf<{ total: number }>()
        expectTypeOf(params.orderId).toEqualTypeOf<string>()
      },
      shipped: ({ name }) => expectTypeOf(name).toEqualTypeOf<'shipped'>(),
      'millrace.reset': (reset) => expectTypeOf(reset).toEqualTypeOf<Reset>(),
    })
    expectTypeOf(subscription).toEqualTypeOf<Subscription>()
  })

  it('has no others', () => {
    // @ts-expect-error: there is no such event
    client.subscribe(order, { plaecd: () => {} })
    // @ts-expect-error: the handler wants another event
    client.subscribe(order, { placed: (event: EventOf<typeof shop.orders, 'shipped'>) => event })
  })
})

describe('names', () => {
  it('limit the union to their events', () => {
    client.subscribe(order, 'placed', (event) => expectTypeOf(event).toEqualTypeOf<Placed>())
    client.subscribe(order, ['placed', 'shipped'], (event) =>
      expectTypeOf(event).toEqualTypeOf<EventOf<typeof shop.orders, 'placed' | 'shipped'>>(),
    )
    client.subscribe(order, ['placed', 'millrace.reset'], (event) =>
      expectTypeOf(event).toEqualTypeOf<Placed | Reset>(),
    )
    client.subscribe(order, 'millrace.reset', (event) => expectTypeOf(event).toEqualTypeOf<Reset>())
  })

  it('are those of the channel', () => {
    // @ts-expect-error: there is no such event
    client.subscribe(order, 'plaecd', () => {})
    // @ts-expect-error: there is no such event
    client.subscribe(order, ['placed', 'plaecd'], () => {})
    // @ts-expect-error: the event is of another channel
    client.subscribe(order, 'counted', () => {})
  })

  it('that are not literal are any of them', () => {
    const names: ('placed' | 'shipped')[] = []
    client.subscribe(order, names, (event) =>
      expectTypeOf(event).toEqualTypeOf<EventOf<typeof shop.orders, 'placed' | 'shipped'>>(),
    )
  })
})

describe('an iterator', () => {
  it('yields the union of the events, and resets', async () => {
    const iterator = client.subscribe(order, { from: 'earliest' })
    expectTypeOf(iterator).toEqualTypeOf<EventIterator<OrderEvent | Reset>>()
    for await (const event of iterator) {
      expectTypeOf(event).toEqualTypeOf<OrderEvent | Reset>()
      // @ts-expect-error: a reset has no total, so the name is to be looked at first
      event.data.total
    }
    const result = await iterator.next()
    if (result.done === true) expectTypeOf(result.value).toEqualTypeOf<undefined>()
    else expectTypeOf(result.value).toEqualTypeOf<OrderEvent | Reset>()
    expectTypeOf(iterator).toExtend<Subscription>()
  })

  it('yields only what is named', () => {
    expectTypeOf(client.subscribe(order, 'placed')).toEqualTypeOf<EventIterator<Placed>>()
    expectTypeOf(client.subscribe(order, ['placed', 'millrace.reset'], { from: 'now' })).toEqualTypeOf<
      EventIterator<Placed | Reset>
    >()
  })
})

describe('a bare address', () => {
  it('has events as they are on the wire, by the caller’s word', () => {
    client.subscribe<OrderEvent>('orders/42', (event) => {
      expectTypeOf(event).toEqualTypeOf<Undecoded<OrderEvent> | BareSnapshot | Reset>()
      // It is not decoded, so it is no Date.
      if (event.name === 'dated') expectTypeOf(event.data.at).toEqualTypeOf<string>()
      // @ts-expect-error: nothing reads the params of an address
      event.params
      if (event.name === 'millrace.snapshot') expectTypeOf(event.data).toBeUnknown()
    })
    expectTypeOf(client.subscribe<OrderEvent>('orders/*')).toEqualTypeOf<
      EventIterator<Undecoded<OrderEvent> | BareSnapshot | Reset>
    >()
  })

  it('promises nothing without that word', () => {
    client.subscribe('orders/42', (event) => {
      expectTypeOf(event).toEqualTypeOf<Undecoded<StreamEvent> | BareSnapshot | Reset>()
      expectTypeOf(event.name).toEqualTypeOf<string>()
      expectTypeOf(event.data).toEqualTypeOf<unknown>()
    })
  })

  it('has no map of handlers', () => {
    // @ts-expect-error: which events there are is not known
    client.subscribe('orders/42', { placed: () => {} })
    // @ts-expect-error: an event has a name and data
    client.subscribe<{ total: number }>('orders/42', () => {})
  })
})

describe('what is no topic', () => {
  it('is refused', () => {
    // @ts-expect-error: a topic is no number
    client.subscribe(42, () => {})
    // @ts-expect-error: a channel is called to give a topic
    client.subscribe(shop.orders, () => {})
  })
})

describe('a snapshot', () => {
  it('is what comes to a topic whose channel has one', () => {
    client.subscribe(cart, (event) => {
      expectTypeOf(event).toEqualTypeOf<EventOf<typeof shop.carts> | CartSnapshot | Reset>()
      if (event.name === 'millrace.snapshot') {
        expectTypeOf(event.data).toEqualTypeOf<State>()
        expectTypeOf(event.params).toEqualTypeOf<{ readonly cartId: string }>()
        // @ts-expect-error: it was not published, so there is no time of that
        event.time
      }
      if (event.name === 'added') expectTypeOf(event.data).toEqualTypeOf<number>()
    })
    expectTypeOf(client.subscribe(cart)).toEqualTypeOf<
      EventIterator<EventOf<typeof shop.carts> | CartSnapshot | Reset>
    >()
  })

  it('has a handler, and a name', () => {
    client.subscribe(cart, {
      added: ({ data }) => expectTypeOf(data).toEqualTypeOf<number>(),
      'millrace.snapshot': ({ data, id }) => {
        expectTypeOf(data).toEqualTypeOf<State>()
        expectTypeOf(id).toEqualTypeOf<string>()
      },
    })
    expectTypeOf(client.subscribe(cart, ['added', 'millrace.snapshot'])).toEqualTypeOf<
      EventIterator<EventOf<typeof shop.carts, 'added'> | CartSnapshot>
    >()
    client.subscribe(cart, 'millrace.snapshot', (event) => expectTypeOf(event).toEqualTypeOf<CartSnapshot>())
    expectTypeOf(client.subscribe(cart, 'added')).toEqualTypeOf<
      EventIterator<EventOf<typeof shop.carts, 'added'>>
    >()
  })

  it('is none of a channel without, nor of a pattern', () => {
    expectTypeOf<SnapshotOf<typeof shop.orders>>().toBeNever()
    expectTypeOf<SnapshotOf<typeof order>>().toBeNever()
    // @ts-expect-error: the contract has no snapshot of orders
    client.subscribe(order, { 'millrace.snapshot': () => {} })
    // @ts-expect-error: the contract has no snapshot of orders
    client.subscribe(order, 'millrace.snapshot', () => {})
    const carts = shop.carts()
    expectTypeOf<SnapshotOf<typeof carts>>().toBeNever()
    // @ts-expect-error: each cart has a state, all of them have none
    client.subscribe(carts, { 'millrace.snapshot': () => {} })
    client.subscribe(carts, (event) =>
      expectTypeOf(event).toEqualTypeOf<EventOf<typeof shop.carts> | Reset>(),
    )
  })

  it('is, by the caller’s word, as it is on the wire', () => {
    client.subscribe<EventOf<typeof shop.carts> | CartSnapshot>('carts/7', (event) => {
      if (event.name === 'millrace.snapshot')
        expectTypeOf(event.data).toEqualTypeOf<{ total: number; since: string }>()
      if (event.name === 'added') expectTypeOf(event.data).toEqualTypeOf<number>()
    })
  })

  it('is readable where it is hovered over', () => {
    expectTypeOf<CartSnapshot>().toEqualTypeOf<
      Snapshot<State, { readonly cartId: string }, { total: number; since: string }>
    >()
  })
})
