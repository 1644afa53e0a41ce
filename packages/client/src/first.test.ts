import { MillraceError } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { useHarness } from './client-harness.fixture.ts'
import { ConnectionError, first, once } from './index.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()

describe('first', () => {
  it('resolves with the first event that meets the condition, and closes the subscription', async () => {
    const { server, createClient } = harness
    const events = createClient().subscribe(order, ['placed', 'shipped'])
    const shipped = first(events, (event) => event.name === 'placed' && event.data.total > 1)
    const stream = (await server.next()).open('k.0').event('k.1').event('k.2').event('k.3')
    expect(await shipped).toMatchObject({ id: 'k.2', data: { total: 2 } })
    await stream.closed
    expect(await events.next()).toEqual({ done: true, value: undefined })
  })

  it('gives up when its signal is aborted, at once and also before it began', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const controller = new AbortController()
    const waiting = first(client.subscribe(order), undefined, { signal: controller.signal })
    const stream = (await server.next()).open('k.0')
    controller.abort('enough')
    const error = await waiting.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ name: 'AbortError', code: 'closed', cause: 'enough' })
    expect(MillraceError.isInstance(error)).toBe(true)
    await stream.closed
    await expect(
      first(client.subscribe(order), undefined, { signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('leaves no listener on a signal that goes on', async () => {
    const { server, createClient } = harness
    const controller = new AbortController()
    let listeners = 0
    const { signal } = controller
    const add = signal.addEventListener.bind(signal)
    const remove = signal.removeEventListener.bind(signal)
    signal.addEventListener = (...given: Parameters<typeof add>) => {
      listeners++
      add(...given)
    }
    signal.removeEventListener = (...given: Parameters<typeof remove>) => {
      listeners--
      remove(...given)
    }
    const next = once(createClient().subscribe(order), { signal })
    ;(await server.next()).open('k.0').event('k.1')
    await next
    expect(listeners).toBe(0)
  })

  it('says that nothing came where the topic is complete, and what the server refused', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const none = first(client.subscribe(order), () => false)
    ;(await server.next())
      .open('k.0')
      .event('k.1')
      .frame({ id: 'k.2', event: 'millrace.end', topic: order.address, data: '{}' })
    await expect(none).rejects.toMatchObject({ name: 'NoEventError', code: 'no-event' })
    const refused = once(client.subscribe('stock/7'))
    ;(await server.next()).answer(404)
    await expect(refused).rejects.toSatisfy(ConnectionError.isInstance)
  })

  it('closes where its condition throws', async () => {
    const { server, createClient } = harness
    const failed = first(createClient().subscribe(order), () => {
      throw new RangeError('no')
    })
    const stream = (await server.next()).open('k.0').event('k.1')
    await expect(failed).rejects.toThrow(RangeError)
    await stream.closed
  })
})

it('once resolves with the next event', async () => {
  const { server, createClient } = harness
  const next = once(createClient().subscribe(order, 'placed'))
  const stream = (await server.next()).open('k.0').event('k.1').event('k.2')
  expect(await next).toMatchObject({ id: 'k.1', data: { total: 1 } })
  await stream.closed
})
