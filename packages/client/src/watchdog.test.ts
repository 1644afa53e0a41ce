import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { order } from './shop.fixture.ts'

const harness = useHarness()

describe('a stream that falls silent', () => {
  it('is given up after two and a half heartbeats, and resumed', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0', { heartbeat: 4_000 }).event('k.1')
    await seen.count(1)
    await clock.timer(10_000)
    clock.advance(9_999)
    expect(client.status.state).toBe('open')
    clock.advance(1)
    const { cause } = await untilState(client, 'waiting')
    expect(cause).toMatchObject({ code: 'connection', reason: 'silent', final: false })
    await stream.closed
    // It lasted, so this is the first wait again: half of 2,000.
    clock.advance(1_000)
    expect((await server.next()).asked.lastEventId).toBe('k.1')
  })

  it('is not while any byte comes, be it a comment', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = (await server.next()).open('k.0', { heartbeat: 5_000 })
    await clock.timer(12_500)
    for (let beat = 0; beat < 5; beat++) {
      clock.advance(12_000)
      // Which is when it begins to wait again.
      const heard = clock.asked()
      stream.write(':\n')
      await heard
    }
    clock.advance(12_499)
    expect(client.status.state).toBe('open')
    clock.advance(1)
    await untilState(client, 'waiting')
  })

  it('is not while a handler is at work', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const gate = Promise.withResolvers<void>()
    const seen = new Seen<string>()
    client.subscribe(order, async ({ id }) => {
      seen.push(id)
      await gate.promise
    })
    ;(await server.next()).open('k.0', { heartbeat: 4_000 }).event('k.1')
    await seen.count(1)
    clock.advance(100_000)
    expect([client.status.state, clock.pending]).toEqual(['open', []])
    gate.resolve()
    await clock.timer(10_000)
  })

  it('is not because the clock was put back, nor much later for it', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    ;(await server.next()).open('k.0', { heartbeat: 5_000 })
    await clock.timer(12_500)
    clock.shift(-3_600_000)
    clock.advance(12_500)
    expect(client.status.state).toBe('open')
    clock.advance(12_500)
    await untilState(client, 'waiting')
  })
})

describe('a stream that does not open', () => {
  it.each(['an answer', 'a first frame'])(
    'within the time for %s is given up and tried again',
    async (missing) => {
      const { server, clock, createClient } = harness
      const client = createClient({ connectTimeout: 3_000 })
      client.subscribe(order)
      const attempt = await server.next()
      if (missing === 'a first frame') attempt.head().write(': soon\n')
      await clock.timer(3_000)
      clock.advance(3_000)
      expect((await untilState(client, 'waiting')).cause).toMatchObject({ reason: 'timeout', final: false })
      await attempt.closed
      clock.advance(500)
      ;(await server.next()).open('k.0')
      await untilState(client, 'open')
    },
  )
})
