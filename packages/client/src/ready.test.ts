import { MillraceError } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { useHarness } from './client-harness.fixture.ts'
import { ConnectionError } from './index.ts'
import { cart, order } from './shop.fixture.ts'

const harness = useHarness()

/** Whether a promise has been kept or broken once everything that is due has happened. */
async function stateOf(promise: Promise<unknown>): Promise<'pending' | 'resolved' | 'rejected'> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  return Promise.race([
    promise.then(
      () => 'resolved' as const,
      () => 'rejected' as const,
    ),
    Promise.resolve().then(() => Promise.resolve('pending' as const)),
  ])
}

describe('ready', () => {
  it('waits for the server to confirm the place, and not for an event', async () => {
    const { server, createClient } = harness
    const subscription = createClient().subscribe(order, () => {})
    const stream = await server.next()
    expect(await stateOf(subscription.ready)).toBe('pending')
    stream.head()
    expect(await stateOf(subscription.ready)).toBe('pending')
    stream.frame({ id: 'k.4', event: 'millrace.open', data: '{"verdict":"fresh","heartbeat":15000}' })
    await subscription.ready
    expect(subscription.cursor).toBe('k.4')
  })

  it('is that of the subscription, not of the connection', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const first = client.subscribe(order, () => {})
    const stream = (await server.next()).open('k.4')
    await first.ready
    const second = client.subscribe('stock/7', () => {})
    expect(await stateOf(second.ready)).toBe('pending')
    const next = await server.next()
    expect(await stateOf(second.ready)).toBe('pending')
    next.open('k.4', { now: 'k.6' })
    await second.ready
    expect(second.cursor).toBe('k.6')
    expect(first.cursor).toBe('k.4')
    await stream.closed
  })

  it('is at once that of who joins an open stream', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const first = client.subscribe(order, () => {})
    ;(await server.next()).open('k.4')
    await first.ready
    const second = client.subscribe(order, () => {})
    await second.ready
    expect(second.cursor).toBe('k.4')
    expect(server.exchanges).toHaveLength(1)
  })

  it('waits for resets and states to be told', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const old = client.subscribe(order, () => {}, { from: 'j.2' })
    const state = client.subscribe(cart, () => {})
    const stream = (await server.next()).open('j.2', {
      verdict: 'epoch',
      now: 'k.9',
      snapshots: [cart.address],
    })
    expect(await stateOf(old.ready)).toBe('pending')
    stream.reset(order.address, 'epoch')
    expect(await stateOf(old.ready)).toBe('pending')
    expect(state.cursor).toBeUndefined()
    stream.frame({
      id: 'k.9',
      event: 'millrace.snapshot',
      topic: cart.address,
      data: '{"total":1,"since":"2026-11-20T12:00:00.000Z"}',
    })
    await Promise.all([old.ready, state.ready])
    expect(state.cursor).toBe('k.9')
  })

  it('outlives failures of the link', async () => {
    const { server, clock, createClient } = harness
    const subscription = createClient().subscribe(order, () => {})
    ;(await server.next()).answer(503)
    await clock.timer(500)
    expect(await stateOf(subscription.ready)).toBe('pending')
    clock.advance(500)
    ;(await server.next()).open('k.4')
    await subscription.ready
  })

  it('rejects with the error of a refusal', async () => {
    const { server, createClient } = harness
    const iterator = createClient().subscribe(order)
    ;(await server.next()).answer(404)
    await expect(iterator.ready).rejects.toSatisfy(ConnectionError.isInstance)
    await expect(iterator.ready).rejects.toMatchObject({ status: 404 })
  })

  it.each([
    ['by its own hand', (_controller: AbortController, close: () => void) => close(), undefined],
    ['by its signal', (controller: AbortController) => controller.abort('enough'), 'enough'],
  ])('rejects where it is closed before, %s', async (_title, end, cause) => {
    const { server, createClient } = harness
    const controller = new AbortController()
    const subscription = createClient().subscribe(order, () => {}, { signal: controller.signal })
    await server.next()
    end(controller, subscription.close)
    const error = await subscription.ready.catch((thrown: unknown) => thrown)
    expect(MillraceError.isInstance(error, 'closed')).toBe(true)
    expect(error).toMatchObject({ name: 'AbortError', cause })
    expect(String(error)).toContain('orders/42')
  })

  it('rejects where the signal was aborted before, and where the client closes', async () => {
    const client = harness.createClient()
    const late = client.subscribe(order, () => {}, { signal: AbortSignal.abort() })
    await expect(late.ready).rejects.toMatchObject({ name: 'AbortError' })
    const last = client.subscribe(order)
    await client.close()
    await expect(last.ready).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('resolves where nothing will ever come', async () => {
    const { server, createClient } = harness
    const iterator = createClient().subscribe(order)
    ;(await server.next()).answer(204)
    await iterator.ready
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('is nothing that anybody has to look at', async () => {
    const rejections: unknown[] = []
    const note = (reason: unknown) => rejections.push(reason)
    process.on('unhandledRejection', note)
    try {
      const { server, createClient } = harness
      const client = createClient()
      client.subscribe(order, () => {}).close()
      client.subscribe('stock/7', () => {})
      ;(await server.next()).answer(404)
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
      await client.close()
      expect(rejections).toEqual([])
    } finally {
      process.off('unhandledRejection', note)
    }
  })
})
