import { describe, expectTypeOf, it } from 'vitest'
import * as z from 'zod'
import { channel, type EventOf, type EventTypes, isoDate, type Topic, type TopicPattern } from './index.ts'

const orders = channel('t/{tenant}/orders/{orderId}/{day}', {
  params: { day: isoDate },
  events: { placed: z.object({ total: z.number() }) },
})
const news = channel('news', { events: { posted: z.string() } })

type Params = { readonly tenant: string; readonly orderId: string; readonly day: Date }

// As the server and the client have them.
declare function publish<P, Events extends EventTypes>(topic: Topic<P, Events>): void
declare function subscribe(target: Topic | TopicPattern): void

describe('all params', () => {
  it('give a topic', () => {
    const topic = orders({ tenant: 'a', orderId: 'b', day: new Date() })
    expectTypeOf(topic.kind).toEqualTypeOf<'topic'>()
    expectTypeOf(topic.params).toEqualTypeOf<Params>()
    expectTypeOf(topic.open).toEqualTypeOf<readonly never[]>()
    publish(topic)
    subscribe(topic)
  })

  it('are none where the path has none', () => {
    expectTypeOf(news().kind).toEqualTypeOf<'topic'>()
    publish(news())
    // @ts-expect-error: there are none
    news({})
    // @ts-expect-error: there are none
    news({ tenant: 'a' })
  })

  it('may come as one value', () => {
    const give = (params: Params) => orders(params)
    expectTypeOf(give).returns.toEqualTypeOf<ReturnType<typeof one>>()
    const one = () => orders({ tenant: 'a', orderId: 'b', day: new Date() })
  })
})

describe('some params', () => {
  it('give the pattern of every topic that has them', () => {
    const some = orders({ tenant: 'a' })
    expectTypeOf(some.kind).toEqualTypeOf<'pattern'>()
    expectTypeOf(some.open).toEqualTypeOf<readonly ('orderId' | 'day')[]>()
    expectTypeOf(some.params).toEqualTypeOf<{ readonly tenant: string }>()
    expectTypeOf(orders({ orderId: 'b', day: new Date() }).open).toEqualTypeOf<readonly 'tenant'[]>()
    expectTypeOf(orders().open).toEqualTypeOf<readonly ('tenant' | 'orderId' | 'day')[]>()
    expectTypeOf(orders({}).open).toEqualTypeOf<readonly ('tenant' | 'orderId' | 'day')[]>()
    subscribe(some)
  })

  it('give events with all of them', () => {
    const some = orders({ tenant: 'a' })
    expectTypeOf<EventOf<typeof some>>().toEqualTypeOf<EventOf<typeof orders>>()
    expectTypeOf<EventOf<typeof some>['params']>().toEqualTypeOf<Params>()
  })

  it('are not enough to publish', () => {
    // @ts-expect-error: orderId and day are left open
    publish(orders({ tenant: 'a' }))
    // @ts-expect-error: all are left open
    publish(orders())
    // @ts-expect-error: day is left open
    publish(orders({ tenant: 'a', orderId: 'b' }))
  })

  it('are never left open by mistake', () => {
    // @ts-expect-error: it has another name
    orders({ tennant: 'a' })
    // @ts-expect-error: the path has no such param
    orders({ tenant: 'a', order: 'b' })
    // @ts-expect-error: undefined is no text
    orders({ tenant: undefined })
    // @ts-expect-error: null is no text
    orders({ tenant: null })
    // @ts-expect-error: the type in code is a Date
    orders({ day: '2026-01-01' })
    const maybe: { tenant?: string } = {}
    // @ts-expect-error: who does not know whether there is one does not know what they subscribe to
    orders(maybe)
  })
})

it('a path that is not known to the types may leave params open, or not', () => {
  const any = channel('a/{b}' as string, { events: { placed: z.string() } })
  expectTypeOf(any({ b: 'x' }).kind).toEqualTypeOf<'topic' | 'pattern'>()
  // @ts-expect-error: perhaps a pattern
  publish(any({ b: 'x' }))
})
