import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { Seen, useHarness } from '../client-harness.fixture.ts'
import { cart, order, shop } from '../shop.fixture.ts'
import { type LinkOptions, streamEvents } from '../stream.ts'
import { System } from '../system.fixture.ts'

const harness = useHarness()

const settings = (more: Partial<LinkOptions> = {}): LinkOptions => ({
  url: harness.server.url,
  clock: harness.clock,
  random: () => 0.5,
  onError: (error) => harness.errors.push(error),
  ...more,
})

/** Iterates in the background, and keeps what comes. */
function collect<Event>(events: AsyncIterable<Event>) {
  const seen = new Seen<Event>()
  const over = (async () => {
    for await (const event of events) seen.push(event)
  })()
  over.catch(() => {})
  return { seen, over }
}

describe('streamEvents', () => {
  it('asks for one topic, decodes its events, and goes on where it was after a cut', async () => {
    const { server, clock } = harness
    const events = streamEvents(settings(), order)
    const { seen } = collect(events)
    const first = await server.next()
    expect(first.topics).toEqual(['orders/42;from=now'])
    expect(first.asked.version).toBe(1)
    first.open('k.7').event('k.8').event('k.9', 'orders/42', 'dated', { at: '2026-11-20T12:00:00.000Z' })
    first.frame({ id: 'k.20' })
    const [placed, dated] = await seen.count(2)
    expect(placed).toMatchObject({ name: 'placed', data: { total: 8 }, params: { orderId: '42' }, id: 'k.8' })
    expect(dated).toMatchObject({ data: { at: new Date('2026-11-20T12:00:00Z') } })
    first.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    const second = await server.next()
    expect(second.topics).toEqual(['orders/42;from=k.20'])
    second.open('k.20', { verdict: 'resumed' }).event('k.21')
    expect((await seen.count(3))[2]).toMatchObject({ id: 'k.21' })
    await events.return()
    await second.closed
    expect(clock.pending).toEqual([])
  })

  it('has its place move on when the next event is asked for', async () => {
    const { server, clock } = harness
    const events = streamEvents(settings(), 'orders/42', { from: 'k.0' })
    const next = events.next()
    const first = (await server.next()).open('k.0', { verdict: 'resumed' })
    first.event('k.1').event('k.2')
    expect((await next).value).toMatchObject({ id: 'k.1', data: { total: 1 } })
    expect((await events.next()).value).toMatchObject({ id: 'k.2' })
    first.cut()
    await first.closed
    const third = events.next()
    await clock.timer(1_000)
    clock.advance(1_000)
    const second = await server.next()
    expect(second.topics).toEqual(['orders/42;from=k.2'])
    second.open('k.2', { verdict: 'resumed' }).event('k.3')
    expect((await third).value).toMatchObject({ id: 'k.3' })
    await events.return()
  })

  it('tells resets and states, and a reset for a state that does not fit the contract', async () => {
    const { server, clock, errors } = harness
    const events = streamEvents(settings(), cart)
    const { seen } = collect(events)
    const stream = (await server.next()).open('0.0', { snapshots: ['carts/7'] })
    const state = (id: string, data: unknown) =>
      stream.frame({ id, event: 'millrace.snapshot', topic: 'carts/7', data: JSON.stringify(data) })
    state('k.5', { total: 3, since: '2026-11-20T12:00:00.000Z' })
    stream.reset('carts/7', 'trimmed', 'k.9')
    state('k.12', { total: 'many' })
    expect(await seen.count(3)).toMatchObject([
      { name: 'millrace.snapshot', data: { total: 3, since: new Date('2026-11-20T12:00:00Z') }, id: 'k.5' },
      { name: 'millrace.reset', data: { verdict: 'trimmed' }, topic: 'carts/7', id: 'k.9' },
      { name: 'millrace.reset', data: { verdict: 'trimmed' }, id: 'k.12' },
    ])
    expect(errors).toMatchObject([{ code: 'event-data', reason: 'invalid' }])
    stream.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    expect((await server.next()).topics).toEqual(['carts/7;from=k.12'])
    await events.return()
  })

  it('leaves out what does not fit the contract, reports it, and takes newer control events for nothing', async () => {
    const { server, errors } = harness
    const events = streamEvents(settings(), shop.orders())
    const { seen } = collect(events)
    const stream = (await server.next()).open('k.0')
    stream.event('k.1', 'orders/1', 'placed', { total: 'x' }).event('k.2', 'orders/1', 'unheard')
    stream.frame({ id: 'k.3', event: 'millrace.later', data: '{}' })
    stream.frame({ id: 'k.4', event: 'millrace.end', topic: 'orders/1', data: '{}' })
    stream.event('k.5', 'orders/2')
    expect(await seen.count(1)).toMatchObject([{ id: 'k.5', params: { orderId: '2' } }])
    expect(errors).toMatchObject([{ reason: 'invalid' }, { reason: 'unknown-event' }])
    await events.return()
  })

  it.each(['millrace.end', 'millrace.bye', '204'])('is over after %s, without an error', async (how) => {
    const { server, clock } = harness
    const { over } = collect(streamEvents(settings(), order))
    const exchange = await server.next()
    if (how === '204') exchange.answer(204)
    else if (how === 'millrace.end')
      exchange.open('k.0').frame({ event: how, topic: 'orders/42', data: '{}' })
    else exchange.open('k.0').frame({ event: how, data: '{"reason":"end","retryable":false}' })
    await over
    await exchange.closed
    expect(clock.pending).toEqual([])
  })

  it('throws what is final, and asks for fresh headers once after a 401', async () => {
    const { server, clock } = harness
    let asked = 0
    const headers = () => ({ authorization: `Bearer ${++asked}` })
    const { over, seen } = collect(streamEvents(settings({ headers }), order))
    ;(await server.next()).answer(401)
    const second = await server.next()
    expect(second.request.headers.authorization).toBe('Bearer 2')
    second.open('k.0').event('k.1')
    await seen.count(1)
    second.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    ;(await server.next()).answer(401)
    ;(await server.next()).answer(401)
    await expect(over).rejects.toMatchObject({ code: 'connection', status: 401, final: true })
    expect(server.exchanges).toHaveLength(4)
  })

  it.each(['an answer', 'a first frame', 'a heartbeat'])('gives up a stream without %s', async (what) => {
    const { server, clock } = harness
    const events = streamEvents(settings({ connectTimeout: 3_000 }), order)
    collect(events)
    const exchange = await server.next()
    if (what === 'a first frame') exchange.head().write(': soon\n')
    if (what === 'a heartbeat') exchange.open('k.0', { heartbeat: 1_600 })
    const patience = what === 'a heartbeat' ? 4_000 : 3_000
    await clock.timer(patience)
    clock.advance(patience)
    await exchange.closed
    await expect.poll(() => clock.pending).toEqual([what === 'a heartbeat' ? 1_000 : 500])
    clock.advance(1_000)
    await server.next()
    await events.return()
    expect(clock.pending).toEqual([])
  })

  it.each(['connecting', 'open', 'waiting', 'before'])('ends by its signal, when it is %s', async (when) => {
    const { server, clock } = harness
    const controller = new AbortController()
    if (when === 'before') controller.abort()
    const { over } = collect(streamEvents(settings(), order, { signal: controller.signal }))
    if (when !== 'before') {
      const exchange = await server.next()
      if (when === 'open') {
        exchange.open('k.0')
        await clock.timer(37_500)
      }
      if (when === 'waiting') {
        exchange.cut()
        await clock.timer(500)
      }
      controller.abort()
      await exchange.closed
    }
    await over
    expect(clock.pending).toEqual([])
    await turn()
    expect(server.exchanges).toHaveLength(when === 'before' ? 0 : 1)
  })

  it('gives every event of a real server once, in order, however often it is cut', async () => {
    const log = memoryLog()
    const system = await System.start(() => createEventServer({ contract: shop, log, retry: 1 }))
    const { seen, over } = collect(
      streamEvents({ url: system.url, backoff: { floor: 0, cap: 5 } }, order, { from: 'earliest' }),
    )
    for (let number = 0; number < 200; number++) {
      await system.events.publish(order, 'placed', { total: number })
      if (number % 20 === 7) system.cut()
      if (number % 50 === 9) await system.restart()
    }
    const all = await seen.count(200)
    expect(all.map(({ data }) => (data as { total: number }).total)).toEqual(
      Array.from({ length: 200 }, (_, index) => index),
    )
    await system.events.end(order)
    await over
    await system.stop()
  })

  it('has the types of the contract', () => {
    const events = () => streamEvents({ url: 'http://server.test' }, cart)
    type Event = Awaited<ReturnType<ReturnType<typeof events>['next']>>['value'] & {}
    expectTypeOf<Event['name']>().toEqualTypeOf<
      'added' | 'emptied' | 'millrace.snapshot' | 'millrace.reset'
    >()
    expectTypeOf<Extract<Event, { name: 'millrace.snapshot' }>['data']['since']>().toEqualTypeOf<Date>()
  })
})
