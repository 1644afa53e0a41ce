import { describe, expectTypeOf, it } from 'vitest'
import {
  batches,
  type EventBatches,
  type EventClient,
  type EventIterator,
  type EventOf,
  first,
  once,
  type Reset,
  type SnapshotOf,
  toReadableStream,
} from './index.ts'
import { cart, order, shop } from './shop.fixture.ts'
import { type HandedOver, type StateStatus, state, type TopicState } from './state.ts'
import { cursorStorage, indexedDbStore } from './storage.ts'

declare const client: EventClient
type OrderEvent = EventOf<typeof shop.orders>
type Placed = EventOf<typeof shop.orders, 'placed'>

describe('a subscription', () => {
  it('tells its readiness and its cursor', () => {
    const subscription = client.subscribe(order, () => {})
    expectTypeOf(subscription.ready).toEqualTypeOf<Promise<void>>()
    expectTypeOf(subscription.cursor).toEqualTypeOf<string | undefined>()
    const events = client.subscribe(order)
    expectTypeOf(events.ready).toEqualTypeOf<Promise<void>>()
    expectTypeOf(events.cursor).toEqualTypeOf<string | undefined>()
  })

  it('can be durable and be acknowledged, whatever its form', () => {
    client.subscribe(order, () => {}, { durable: 'list' })
    client.subscribe(order, { placed: () => {} }, { durable: 'list', ack: 'manual' }).ack({ id: 'k.1' })
    const events = client.subscribe(order, 'placed', { durable: 'list', ack: 'manual' })
    const acknowledge = (event: Placed) => events.ack(event)
    expectTypeOf(acknowledge).toBeFunction()
    // @ts-expect-error: a name is a text
    client.subscribe(order, () => {}, { durable: true })
    // @ts-expect-error: there is only by hand
    client.subscribe(order, () => {}, { ack: 'auto' })
  })
})

describe('one event', () => {
  it('is of the type that its condition tells', () => {
    expectTypeOf(first(client.subscribe(order))).toEqualTypeOf<Promise<OrderEvent | Reset>>()
    expectTypeOf(
      first(client.subscribe(order), (event): event is Placed => event.name === 'placed'),
    ).toEqualTypeOf<Promise<Placed>>()
    // The compiler sees it by itself.
    expectTypeOf(first(client.subscribe(order), (event) => event.name === 'placed')).toEqualTypeOf<
      Promise<Placed>
    >()
    expectTypeOf(once(client.subscribe(order, 'placed'))).toEqualTypeOf<Promise<Placed>>()
    // @ts-expect-error: it waits for what an iterator gives
    once(client.subscribe(order, () => {}))
  })
})

describe('many', () => {
  it('are arrays and streams of the same events', () => {
    expectTypeOf(batches(client.subscribe(order, 'placed'))).toEqualTypeOf<EventBatches<Placed>>()
    expectTypeOf(toReadableStream(client.subscribe(order, 'placed'))).toEqualTypeOf<ReadableStream<Placed>>()
    expectTypeOf<EventIterator<Placed>>().toExtend<EventIterator<OrderEvent>>()
  })
})

describe('a state', () => {
  it('is of the type that its first reducer answers', () => {
    const followed = state(client, cart, {
      snapshot: (data, snapshot) => {
        expectTypeOf(data).toEqualTypeOf<{ total: number; since: Date }>()
        expectTypeOf(snapshot).toEqualTypeOf<SnapshotOf<typeof shop.carts>>()
        return new Map([['total', data.total]])
      },
      added: (totals, { data, params }) => {
        expectTypeOf(totals).toEqualTypeOf<Map<string, number>>()
        expectTypeOf(data).toEqualTypeOf<number>()
        expectTypeOf(params.cartId).toEqualTypeOf<string>()
        return totals
      },
    })
    expectTypeOf(followed).toEqualTypeOf<TopicState<Map<string, number>>>()
    expectTypeOf(followed.value).toEqualTypeOf<Map<string, number> | undefined>()
    expectTypeOf(followed.status).toEqualTypeOf<StateStatus>()
  })

  it('needs a snapshot reducer where there are snapshots, and none where there are not', () => {
    // @ts-expect-error: the channel has a snapshot
    state(client, cart, { added: (total: number) => total })
    // @ts-expect-error: the channel has none
    state(client, order, { snapshot: () => 1 })
    // @ts-expect-error: there is no such event
    state(client, order, { plaecd: (total: number) => total })
    // @ts-expect-error: a pattern has no state
    state(client, shop.carts(), { snapshot: () => 1 })
    // @ts-expect-error: a reducer answers the state
    state(client, order, { placed: (_total: number) => 'more' }, { initial: { state: 0 } })
  })

  it('begins with a state and its place, or with what a server has handed over', () => {
    const reducers = { snapshot: ({ total }: { readonly total: number }) => total }
    state(client, cart, reducers, { initial: { state: 1, id: 'k.1' } })
    state(client, cart, reducers, {
      initial: { wire: { total: 1, since: '2026-11-20T12:00:00.000Z' }, id: 'k.1' },
    })
    expectTypeOf<HandedOver<typeof cart>['wire']>().toEqualTypeOf<{ total: number; since: string }>()
    // @ts-expect-error: its place is needed
    state(client, cart, reducers, { initial: { state: 1 } })
  })
})

describe('a cursor storage', () => {
  it('takes any store', () => {
    const scope = { identity: 'ann', contract: shop }
    cursorStorage({ ...scope, store: localStorage })
    cursorStorage({ ...scope, store: indexedDbStore() })
    cursorStorage({ ...scope, store: new Map<string, string>() })
    cursorStorage({ ...scope, store: { get: async () => null, set: async () => {} } })
    // @ts-expect-error: whose cursors they are has to be said
    cursorStorage({ store: localStorage, contract: shop })
  })
})
