import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import {
  channel,
  type DataOf,
  defineContract,
  type EventNameOf,
  type EventOf,
  event,
  isoDate,
  type StateOf,
  type Topic,
  type TopicPattern,
  type Undecoded,
  type WireStateOf,
} from './index.ts'
import { channel as plainChannel } from './plain.ts'

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.uuid() },
      events: {
        placed: z.object({ total: z.number(), at: isoDate }),
        shipped: event(z.object({ carrier: z.string() }), {
          version: 2,
          upgrade: { 1: (old) => ({ carrier: old.by }) },
        }),
      },
      snapshot: z.object({ status: z.string(), since: isoDate }),
    }),
    lines: channel('orders/{orderId}/lines/{line}', {
      params: { line: z.codec(z.string(), z.int(), { decode: Number, encode: String }) },
      events: { added: mini.object({ at: mini.optional(isoDate) }) },
    }),
    news: channel('news', { events: { posted: z.string() } }),
  },
})

describe('a channel', () => {
  it('takes the params of its path', () => {
    expectTypeOf(shop.orders({ orderId: 'x' })).toExtend<Topic<{ readonly orderId: string }>>()
    expectTypeOf(shop.lines({ orderId: 'x', line: 7 }).params).toEqualTypeOf<{
      readonly orderId: string
      readonly line: number
    }>()
    expectTypeOf(shop.news().kind).toEqualTypeOf<'topic'>()
    expectTypeOf(shop.orders().kind).toEqualTypeOf<'pattern'>()
    expectTypeOf(shop.orders()).toExtend<TopicPattern>()
  })

  it('refuses others', () => {
    // @ts-expect-error: the param has another name
    shop.orders({ id: 'x' })
    // @ts-expect-error: the type in code is a number
    shop.lines({ orderId: 'x', line: '7' })
    // @ts-expect-error: there are no params
    shop.news({ orderId: 'x' })
    // @ts-expect-error: the path has no such param
    channel('a/{b}', { params: { c: z.string() }, events: {} })
    // @ts-expect-error: a param reads a string
    channel('a/{b}', { params: { b: z.number() }, events: {} })
    // @ts-expect-error: the contract has no such channel
    shop.stock()
  })
})

describe('its events', () => {
  it('have their types in code', () => {
    expectTypeOf<EventNameOf<typeof shop.orders>>().toEqualTypeOf<'placed' | 'shipped'>()
    expectTypeOf<DataOf<typeof shop.orders, 'placed'>>().toEqualTypeOf<{ total: number; at: Date }>()
    expectTypeOf<DataOf<typeof shop.orders, 'shipped'>>().toEqualTypeOf<{ carrier: string }>()
    expectTypeOf<DataOf<typeof shop.lines, 'added'>>().toEqualTypeOf<{ at?: Date | undefined }>()
    expectTypeOf<DataOf<typeof shop.news, 'posted'>>().toEqualTypeOf<string>()
    // @ts-expect-error: the channel has no such event
    expectTypeOf<DataOf<typeof shop.news, 'placed'>>()
  })

  it('are a union that their names tell apart', () => {
    const read = (given: EventOf<typeof shop.orders>) => {
      if (given.name === 'placed') expectTypeOf(given.data.at).toEqualTypeOf<Date>()
      else expectTypeOf(given.data).toEqualTypeOf<{ carrier: string }>()
      expectTypeOf(given.params).toEqualTypeOf<{ readonly orderId: string }>()
      // @ts-expect-error: not every event has it
      given.data.total
    }
    expectTypeOf(read).toBeFunction()
  })

  it('are the same of a channel, a topic and a pattern', () => {
    const topic = shop.orders({ orderId: 'x' })
    const pattern = shop.orders()
    expectTypeOf<EventOf<typeof topic>>().toEqualTypeOf<EventOf<typeof shop.orders>>()
    expectTypeOf<EventOf<typeof pattern>>().toEqualTypeOf<EventOf<typeof shop.orders>>()
  })

  it('have their types on the wire where nothing is decoded', () => {
    type Wire = Undecoded<EventOf<typeof shop.orders, 'placed'>>
    expectTypeOf<Wire['data']>().toEqualTypeOf<{ total: number; at: string }>()
    expectTypeOf<Wire>().not.toHaveProperty('params')
  })

  it('hold no `any`', () => {
    expectTypeOf<EventOf<typeof shop.orders>['data']>().not.toBeAny()
    expectTypeOf<EventOf<typeof shop.orders>['params']>().not.toBeAny()
    expectTypeOf<Undecoded<EventOf<typeof shop.orders>>['data']>().not.toBeAny()
  })
})

describe('its snapshot', () => {
  it('has the type of its state, of a channel, a topic and a pattern', () => {
    type State = { status: string; since: Date }
    expectTypeOf<StateOf<typeof shop.orders>>().toEqualTypeOf<State>()
    const topic = shop.orders({ orderId: 'x' })
    const pattern = shop.orders()
    expectTypeOf<StateOf<typeof topic>>().toEqualTypeOf<State>()
    expectTypeOf<StateOf<typeof pattern>>().toEqualTypeOf<State>()
    expectTypeOf<WireStateOf<typeof topic>>().toEqualTypeOf<{ status: string; since: string }>()
  })

  it('is none where the channel has none, and anything where that is not known', () => {
    expectTypeOf<StateOf<typeof shop.news>>().toBeNever()
    expectTypeOf<WireStateOf<typeof shop.news>>().toBeNever()
    expectTypeOf<StateOf<Topic>>().toBeUnknown()
    expectTypeOf<StateOf<{ readonly other: string }>>().toBeUnknown()
  })

  it('is said beside the other types of a channel without Zod', () => {
    type Events = { readonly posted: { readonly data: string; readonly wire: string } }
    type State = { readonly data: Date; readonly wire: string }
    const events = { posted: {} }
    const news = plainChannel<Record<never, never>, Events, State>('news', { events, snapshot: {} })
    expectTypeOf<StateOf<typeof news>>().toEqualTypeOf<Date>()
    expectTypeOf<StateOf<ReturnType<typeof plainChannel<Record<never, never>, Events>>>>().toBeNever()
    // @ts-expect-error: the type of its state is missing
    plainChannel<Record<never, never>, Events>('news', { events, snapshot: {} })
    // @ts-expect-error: the snapshot is missing
    plainChannel<Record<never, never>, Events, State>('news', { events })
  })
})
