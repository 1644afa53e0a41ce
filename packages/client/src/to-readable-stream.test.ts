import { describe, expect, it } from 'vitest'
import { eventually, useHarness } from './client-harness.fixture.ts'
import { ConnectionError, toReadableStream } from './index.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()

describe('a readable stream', () => {
  it('gives what the subscription brings, and closes with it', async () => {
    const { server, createClient } = harness
    const reader = toReadableStream(createClient().subscribe(order, 'placed')).getReader()
    ;(await server.next())
      .open('k.0')
      .event('k.1')
      .event('k.2')
      .frame({ id: 'k.3', event: 'millrace.end', topic: order.address, data: '{}' })
    expect((await reader.read()).value).toMatchObject({ id: 'k.1', data: { total: 1 } })
    expect((await reader.read()).value).toMatchObject({ id: 'k.2' })
    expect(await reader.read()).toEqual({ done: true, value: undefined })
  })

  it('takes nothing that nobody reads', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const events = client.subscribe(order, 'placed')
    const beside = client.subscribe(order, () => {})
    const reader = toReadableStream(events).getReader()
    ;(await server.next()).open('k.0').event('k.1').event('k.2')
    await eventually(() => expect(beside.cursor).toBe('k.2'))
    expect(events.cursor).toBe('k.0')
    await reader.read()
    expect(events.cursor).toBe('k.0')
    await reader.read()
    expect(events.cursor).toBe('k.1')
  })

  it('closes the subscription when it is cancelled', async () => {
    const { server, createClient } = harness
    const stream = toReadableStream(createClient().subscribe(order))
    const exchange = (await server.next()).open('k.0')
    await stream.cancel()
    await exchange.closed
  })

  it('fails when the server refuses', async () => {
    const { server, createClient } = harness
    const reader = toReadableStream(createClient().subscribe(order)).getReader()
    ;(await server.next()).answer(403)
    await expect(reader.read()).rejects.toSatisfy(ConnectionError.isInstance)
  })
})
