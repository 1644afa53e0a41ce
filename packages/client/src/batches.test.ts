import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { describe, expect, it } from 'vitest'
import { eventually, untilState, useHarness } from './client-harness.fixture.ts'
import { batches, ConnectionError, createEventClient } from './index.ts'
import { order, shop } from './shop.fixture.ts'

const harness = useHarness()
const ids = (result: IteratorResult<readonly { readonly id: string }[], undefined>) =>
  result.value?.map(({ id }) => id)

describe('batches', () => {
  it('give the history as one array, whatever pieces it comes in, and then what comes', async () => {
    const { server, createClient } = harness
    const events = createClient().subscribe(order, { from: 'earliest' })
    const arrays = batches(events)
    const history = arrays.next()
    const stream = (await server.next()).open('k.0', { now: 'k.4' }).event('k.1')
    await eventually(() => expect(events.cursor).toBe('k.0'))
    stream.event('k.2')
    // The last of what there was is of another topic.
    stream.frame({ id: 'k.4' })
    expect(ids(await history)).toEqual(['k.1', 'k.2'])
    const live = arrays.next()
    stream.event('k.5')
    expect(ids(await live)).toEqual(['k.5'])
  })

  it('begin with an empty array where there was nothing', async () => {
    const { server, createClient } = harness
    const arrays = batches(createClient().subscribe(order))
    const stream = (await server.next()).open('k.7')
    expect(ids(await arrays.next())).toEqual([])
    stream.write(
      'id: k.8\nevent: placed\ntopic: orders/42\ntime: 1\ndata: {"total":8}\n\nid: k.9\nevent: placed\ntopic: orders/42\ntime: 1\ndata: {"total":9}\n\n',
    )
    expect(ids(await arrays.next())).toEqual(['k.8', 'k.9'])
  })

  it('have the whole history also when it is cut', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const history = batches(client.subscribe(order, { from: 'earliest' })).next()
    ;(await server.next()).open('k.0', { now: 'k.3' }).event('k.1').end()
    await clock.timer(1_000)
    clock.advance(1_000)
    const stream = await server.next()
    expect(stream.asked.lastEventId).toBe('k.1')
    stream.open('k.1', { verdict: 'resumed', now: 'k.3' }).event('k.2').event('k.3')
    expect(ids(await history)).toEqual(['k.1', 'k.2', 'k.3'])
  })

  it('hold a history that is longer than an iterator', async () => {
    const events = createEventServer({ contract: shop, log: memoryLog() })
    await using client = createEventClient({ url: 'http://shop.test/events', fetch: events.fetch })
    await events.publishMany(
      Array.from({ length: 2_000 }, (_, total) => ({
        topic: order,
        name: 'placed' as const,
        data: { total },
      })),
    )
    await events.publish(shop.stock({ item: '1' }), 'counted', 1)
    const arrays = batches(client.subscribe(order, 'placed', { from: 'earliest' }))
    const { value = [] } = await arrays.next()
    expect(value.map(({ data }) => data.total)).toEqual(Array.from({ length: 2_000 }, (_, total) => total))
    await events.close({ drain: 0 })
  })

  it('count as handled when the next one is asked for', async () => {
    const { server, createClient } = harness
    const events = createClient().subscribe(order, { from: 'earliest' })
    const arrays = batches(events)
    const stream = (await server.next()).open('k.0', { now: 'k.2' }).event('k.1').event('k.2')
    await arrays.next()
    expect(events.cursor).toBe('k.0')
    const next = arrays.next()
    await eventually(() => expect(events.cursor).toBe('k.2'))
    stream.event('k.3')
    await next
    expect(events.cursor).toBe('k.2')
  })

  it('end with the subscription, after what had come, and throw what ended it', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const arrays = batches(client.subscribe(order))
    const stream = (await server.next()).open('k.0')
    await arrays.next()
    stream.event('k.1').frame({ event: 'millrace.bye', data: '{"reason":"gone","retryable":false}' })
    expect(ids(await arrays.next())).toEqual(['k.1'])
    await expect(arrays.next()).rejects.toSatisfy(ConnectionError.isInstance)
    expect(await arrays.next()).toEqual({ done: true, value: undefined })
  })

  it('close the subscription when their loop is left, also while it waits', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const arrays = batches(client.subscribe(order))
    const stream = (await server.next()).open('k.0')
    for await (const array of arrays) {
      expect(array).toEqual([])
      break
    }
    await stream.closed
    const waiting = batches(client.subscribe(order))
    const next = waiting.next()
    ;(await server.next()).head()
    await waiting.return()
    expect(await next).toEqual({ done: true, value: undefined })
    await untilState(client, 'idle')
  })
})
