import { describe, expect, it } from 'vitest'
import { untilState, useHarness } from './client-harness.fixture.ts'
import { onConnection } from './index.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()

describe('onConnection', () => {
  it('tells each failure with its cause and the time of the next attempt, and once that all is well again', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const told: unknown[] = []
    const stop = onConnection(client, {
      lost: ({ cause, nextAttemptAt, failures }) =>
        told.push([cause.reason, nextAttemptAt - clock.now(), failures]),
      restored: () => told.push('restored'),
      failed: ({ status }) => told.push(status),
    })
    client.subscribe(order)
    const stream = (await server.next()).open('k.0')
    await untilState(client, 'open')
    expect(told).toEqual([])
    stream.end()
    await untilState(client, 'waiting')
    clock.advance(1_000)
    await untilState(client, 'connecting')
    ;(await server.next()).answer(503)
    await untilState(client, 'waiting')
    expect(told).toEqual([
      ['ended', 1_000, 1],
      ['status', 2_000, 2],
    ])
    clock.advance(2_000)
    await untilState(client, 'connecting')
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
    expect(told.splice(0)).toContain('restored')
    // It is read.
    await clock.timer(37_500)
    client.reconnect()
    ;(await server.next()).open('k.0')
    stop()
    await client.close()
    expect(told).toEqual([])
  })

  it('tells what is so already, and a refusal for good; a new subscription that is served restores it', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    ;(await server.next()).cut()
    await untilState(client, 'waiting')
    const told: string[] = []
    onConnection(client, {
      lost: ({ failures }) => told.push(`lost ${failures}`),
      restored: () => told.push('restored'),
      failed: ({ status }) => told.push(`failed ${status}`),
    })
    expect(told).toEqual(['lost 1'])
    client.reconnect()
    ;(await server.next()).answer(403)
    await untilState(client, 'closed')
    client.subscribe(order)
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
    await client.close()
    expect(told).toEqual(['lost 1', 'failed 403', 'restored'])
  })
})
