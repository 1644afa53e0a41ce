import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from '../client-harness.fixture.ts'
import { each } from '../each.ts'
import { order, shop } from '../shop.fixture.ts'
import { cursorStorage } from '../storage.ts'

const harness = useHarness()

describe('connections: each', () => {
  it('gives each subscription a stream, so that none waits for another', async () => {
    const { server, clock, createClient } = harness
    const client = createClient({ connections: each })
    const gate = Promise.withResolvers<void>()
    const seen = new Seen<string>()
    client.subscribe('orders/1', () => gate.promise)
    client.subscribe('orders/2', ({ id }) => seen.push(id))
    const streams = [await server.next(), await server.next()]
    expect(streams.map(({ topics }) => topics)).toEqual([['orders/1;from=now'], ['orders/2;from=now']])
    streams[0]?.open('k.0').event('k.1', 'orders/1')
    streams[1]?.open('k.0').event('k.2', 'orders/2')
    await seen.count(1)
    gate.resolve()
    await client.close()
    await Promise.all(streams.map((stream) => stream.closed))
    expect(clock.pending).toEqual([])
  })

  it('has each its own attempts, and is as the one that fares worst', async () => {
    const { server, clock, createClient, errors } = harness
    const client = createClient({ connections: each })
    const states: string[] = []
    client.onStatus(({ state }) => states.push(state))
    const first = client.subscribe('orders/1', () => {})
    const one = (await server.next()).open('k.0')
    await untilState(client, 'open')
    const iterator = client.subscribe('orders/2')
    const other = (await server.next()).open('k.0')
    await untilState(client, 'open')
    one.end()
    await untilState(client, 'waiting')
    expect(other.gone).toBe(false)
    other.frame({ event: 'millrace.bye', data: '{"reason":"failure","retryable":false}' })
    await expect(iterator.next()).rejects.toMatchObject({ bye: 'failure' })
    expect(client.status.state).toBe('waiting')
    clock.advance(1_000)
    ;(await server.next()).answer(404)
    expect((await untilState(client, 'closed')).cause).toMatchObject({ status: 404 })
    expect(errors).toMatchObject([{ status: 404 }])
    client.reconnect()
    first.close()
    expect(states).toEqual(['connecting', 'open', 'connecting', 'open', 'waiting', 'connecting', 'closed'])
    expect(server.exchanges).toHaveLength(3)
  })

  it('closes those too that wait for a store, and waits for what is kept of those that are over', async () => {
    const { server, createClient } = harness
    const gate = Promise.withResolvers<void>()
    const kept = Promise.withResolvers<void>()
    const writes = new Seen<string>()
    const storage = cursorStorage({
      store: {
        get: () => gate.promise.then(() => undefined),
        set: (_, text: string) => {
          writes.push(text)
          return kept.promise
        },
      },
      identity: '',
      contract: shop,
    })
    const client = createClient({ connections: each, storage })
    const waiting = client.subscribe('orders/1', () => {}, { durable: 'waiting' })
    const over = client.subscribe('orders/2', () => {}, { durable: 'over', from: 'k.1' })
    await new Promise(setImmediate)
    waiting.close()
    const late = client.subscribe('orders/3', () => {}, { durable: 'late' })
    gate.resolve()
    const [one, other] = [await server.next(), await server.next()]
    const [second, third] = one.topics[0]?.startsWith('orders/2') ? [one, other] : [other, one]
    second.open('k.1', { verdict: 'resumed' })
    await over.ready
    over.close()
    await second.closed
    await writes.count(1)
    let closed = false
    const closing = client.close().then(() => {
      closed = true
    })
    await third.closed
    await expect(late.ready).rejects.toMatchObject({ code: 'closed' })
    expect(closed).toBe(false)
    kept.resolve()
    await closing
    expect(server.exchanges).toHaveLength(2)
  })

  it('reconnects and closes them all, and lets go of those that are closed', async () => {
    const { server, clock, createClient } = harness
    const controller = new AbortController()
    const client = createClient({ connections: each, signal: controller.signal })
    client.subscribe('orders/1', { signal: AbortSignal.abort() })
    const gone = client.subscribe('orders/2', () => {})
    client.subscribe('orders/3', () => {})
    gone.close()
    ;(await server.next()).open('k.0')
    await clock.timer(37_500)
    client.reconnect()
    const next = await server.next()
    expect(next.topics).toEqual(['orders/3'])
    expect(() => client.subscribe({} as typeof order)).toThrow(TypeError)
    controller.abort()
    expect(client.status).toEqual({ state: 'closed' })
    await client.close()
    await next.closed
    expect(() => client.subscribe(order)).toThrow('closed')
    expect(server.exchanges).toHaveLength(2)
    expect(clock.pending).toEqual([])
  })
})
