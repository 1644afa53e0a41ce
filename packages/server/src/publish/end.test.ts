import { memoryLog } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { PublishError, ServerClosedError } from '../errors.ts'
import { fetchStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'

const order = (orderId: string) => shop.orders({ orderId })
const end = (topic: string, id: string) => ({ event: controlEvent.end, topic, id, data: {} })
const over = { event: controlEvent.bye, data: { reason: 'end', retryable: false } }
const after = (id: string) => ({ headers: { 'last-event-id': id } })

describe('a topic that is ended', () => {
  it('tells its subscribers after its last event, and their stream ends', async () => {
    const { url, events, place } = await serve()
    const stream = await openStream(url('/orders/1'))
    const filtered = await openStream(url('/orders/1?event=shipped'))
    await place('1', 1)
    expect(await events.end(order('1'))).toEqual({ id: 'e1.2' })
    expect((await stream.rest()).slice(1)).toMatchObject([{ id: 'e1.1' }, end('orders/1', 'e1.2'), over])
    expect(await stream.ended).toBeUndefined()
    expect((await filtered.rest()).slice(1)).toMatchObject([end('orders/1', 'e1.2'), over])
    expect(events.stats().closed).toMatchObject({ end: 2 })
  })

  it('ends a stream only with all of its topics, and never one with a pattern', async () => {
    const { url, events, place } = await serve()
    const both = await openStream(url('?topic=orders/1&topic=orders/2'))
    const pattern = await openStream(url('?topic=orders/*'))
    await events.end(order('1'))
    await place('2', 1)
    await events.end(order('2'))
    await place('3', 1)
    const told = [
      expect.objectContaining(end('orders/1', 'e1.1')),
      expect.objectContaining({ id: 'e1.2', topic: 'orders/2' }),
      expect.objectContaining(end('orders/2', 'e1.3')),
    ]
    expect((await both.rest()).slice(1)).toMatchObject([...told, over])
    expect((await pattern.take(5)).slice(1)).toEqual([...told, expect.objectContaining({ id: 'e1.4' })])
  })

  it('is told in a replay, in its place', async () => {
    const { url, events, place } = await serve()
    await place('1', 1)
    await events.end(order('1'))
    await place('2', 2)
    const stream = await openStream(url('?topic=orders/1&topic=orders/2&from=earliest'))
    expect((await stream.take(4)).map(({ event, id }) => [event, id])).toEqual([
      [controlEvent.open, 'e1.0'],
      ['placed', 'e1.1'],
      [controlEvent.end, 'e1.2'],
      ['placed', 'e1.3'],
    ])
  })

  it('is told to who comes later, without a move of the cursor', async () => {
    const { url, events, place } = await serve()
    await events.end(order('1'))
    await place('2', 1)
    const stream = await openStream(url('?topic=orders/1&topic=orders/2'), after('e1.2'))
    expect(await stream.take(2)).toEqual([expect.objectContaining({ id: 'e1.2' }), end('orders/1', 'e1.2')])
    expect(stream.text).not.toMatch(/id: .*\nevent: millrace\.end/)
    await place('2', 2)
    expect(await stream.next()).toMatchObject({ id: 'e1.3' })
  })

  it('answers who comes for nothing else with 204, and comes back behind it', async () => {
    const { url, events, place } = await serve()
    await place('1', 1)
    await events.end(order('1'))
    // The server has yet to hear of it from its log.
    await (await openStream(url('/orders/2'))).next()
    expect(await openStream(url('/orders/1'))).toMatchObject({ status: 204 })
    expect(await openStream(url('/orders/1?v=1'), after('e1.2'))).toMatchObject({ status: 204 })
    const behind = await openStream(url('/orders/1'), after('e1.1'))
    expect((await behind.rest()).slice(1)).toMatchObject([end('orders/1', 'e1.2'), over])
  })

  it('is not over for one place of it while it is to come for another', async () => {
    const { url, events, place } = await serve()
    await place('1', 1)
    await events.end(order('1'))
    const stream = await openStream(url('?topic=orders/1&topic=orders/1;from=earliest'))
    expect((await stream.rest()).slice(1)).toMatchObject([{ id: 'e1.1' }, end('orders/1', 'e1.2'), over])
  })

  it('stays so after a restart, for who comes back with any cursor', async () => {
    const log = memoryLog({ epoch: 'e1' })
    const before = prepare({ log })
    await before.place('1', 1)
    await before.events.end(order('1'))
    await before.place('2', ...Array.from({ length: 2_500 }, (_, index) => index))
    await before.events.end(order('2'))
    await before.events.close()

    const { url, clock, errors } = await serve({ log })
    const live = await openStream(url('?topic=orders/1&topic=orders/2&topic=orders/3'))
    await live.next()
    expect(await live.next()).toMatchObject({ event: controlEvent.end, topic: 'orders/1' })
    // The log is read on at its ease.
    while (live.blocks.length === 0) {
      clock.advance(1)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(await live.next()).toMatchObject({ event: controlEvent.end, topic: 'orders/2' })
    expect(await openStream(url('?topic=orders/1&topic=orders/2'))).toMatchObject({ status: 204 })
    const resumed = await openStream(url('?topic=orders/1'), after('e1.1'))
    expect((await resumed.rest()).slice(1)).toMatchObject([end('orders/1', 'e1.2'), over])
    expect(errors).toEqual([])
  })

  it('is told to who waits for it, whoever comes across it first', async () => {
    const log = memoryLog({ epoch: 'e1' })
    const before = prepare({ log })
    await before.place('2', ...Array.from({ length: 2_500 }, (_, index) => index))
    for (const orderId of ['3', '1']) await before.events.end(order(orderId))
    await before.events.close()

    const { url, events } = await serve({ log })
    const waiting = await openStream(url('/orders/1'))
    const calling = await openStream(url('/orders/3'))
    for (const stream of [waiting, calling]) await stream.next()
    // Only the beginning of the log has been searched.
    const reading = await openStream(url('/orders/1'), after('e1.2501'))
    for (const stream of [reading, waiting]) {
      expect((await stream.takeTo(controlEvent.bye)).at(-2)).toMatchObject({ event: controlEvent.end })
    }
    expect(await events.end(order('3'))).toEqual({ id: 'e1.2501' })
    expect(await calling.rest()).toMatchObject([{ event: controlEvent.end, topic: 'orders/3' }, over])
  })

  it('is looked for again when the log could not be read', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const before = prepare({ log })
    await before.events.end(order('1'))
    const { events, errors } = prepare({ log })
    log.fail('read', new Error('away'))
    const stream = await fetchStream(events, '/events/orders/1')
    await stream.next()
    expect(errors).toEqual([new Error('away')])
    log.fail('read', undefined)
    await fetchStream(events, '/events/orders/2')
    expect(await stream.rest()).toMatchObject([{ event: controlEvent.end, topic: 'orders/1' }, over])
  })

  it('may live again in a new epoch', async () => {
    const { url, events, log, place } = await serve()
    const stream = await openStream(url('?topic=orders/1&topic=orders/2'))
    await stream.next()
    await events.end(order('1'))
    expect(await stream.next()).toMatchObject(end('orders/1', 'e1.1'))
    log.restart('e2')
    // Who was told so believes it.
    expect(await stream.next()).toMatchObject({ event: controlEvent.reset, topic: 'orders/2' })
    const fresh = await openStream(url('/orders/1'))
    await fresh.next()
    await place('1', 1)
    expect(await fresh.next()).toMatchObject({ id: 'e2.1' })
    await place('2', 2)
    expect(await stream.next()).toMatchObject({ id: 'e2.2' })
  })

  it('takes no events any more, and once is enough', async () => {
    const { events, place, log } = prepare()
    const first = events.end(order('1'))
    const late = place('1', 1)
    const again = events.end(order('1'))
    expect([await first, await again]).toEqual([{ id: 'e1.1' }, { id: 'e1.1' }])
    await expect(late).rejects.toThrow(PublishError)
    await expect(place('1', 2)).rejects.toThrow('"orders/1" was ended, and nothing follows')
    expect(await place('2', 2)).toEqual(['e1.2'])
    expect(await log.bounds()).toMatchObject({ head: 2 })
  })

  it('is spared what another process publishes to it all the same', async () => {
    const log = memoryLog({ epoch: 'e1' })
    const { url, events } = await serve({ log })
    const pattern = await openStream(url('/orders/*'))
    await pattern.next()
    await events.end(order('1'))
    // It has not heard of the end.
    const other = prepare({ log })
    expect(await other.place('1', 1)).toEqual(['e1.2'])
    expect(await other.place('2', 2)).toEqual(['e1.3'])
    expect((await pattern.take(2)).map(({ id }) => id)).toEqual(['e1.1', 'e1.3'])
    const replay = await openStream(url('/orders/*?from=earliest'))
    expect((await replay.take(3)).map(({ id }) => id)).toEqual(['e1.0', 'e1.1', 'e1.3'])
  })

  it('that could not be ended goes on', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, place } = prepare({ log })
    log.fail('append', new Error('full'))
    await expect(events.end(order('1'))).rejects.toThrow('full')
    log.fail('append', undefined)
    expect(await place('1', 1)).toEqual(['e1.1'])
  })

  it('answers a poll', async () => {
    const { url, events, place } = await serve()
    await events.end(order('1'))
    await place('2', 1)
    const poll = await openStream(url('?topic=orders/1&topic=orders/2&mode=poll'), after('e1.2'))
    expect((await poll.rest()).slice(1)).toMatchObject([
      { event: controlEvent.end, topic: 'orders/1' },
      { event: controlEvent.bye, data: { reason: 'poll' } },
    ])
  })
})

it('what is no topic cannot be ended, nor anything after close', async () => {
  const { events } = prepare()
  const endAnything = events.end as (topic: unknown) => Promise<unknown>
  for (const wrong of [undefined, 'orders/1', (shop.orders as () => unknown)(), shop.orders]) {
    await expect(endAnything(wrong)).rejects.toBeInstanceOf(PublishError)
  }
  await events.close()
  await expect(events.end(order('1'))).rejects.toBeInstanceOf(ServerClosedError)
})
