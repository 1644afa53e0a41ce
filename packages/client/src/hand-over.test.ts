import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { order, shop } from './shop.fixture.ts'

const harness = useHarness()

/** Lets everything happen that needs no more than turns of the event loop. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
}

describe('another topic', () => {
  it('opens a new stream before the old one ends, and nothing is lost or doubled in between', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    const states: string[] = []
    client.subscribe('orders/1', ({ id }) => seen.push(id))
    const old = (await server.next()).open('k.0').event('k.1', 'orders/1')
    await seen.count(1)
    client.onStatus(({ state }) => states.push(state))
    client.subscribe('orders/2', ({ id }) => seen.push(`second ${id}`))
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.1')
    expect(next.topics).toEqual(['orders/1', 'orders/2;from=now'])
    expect(old.gone).toBe(false)
    // While it is not open, the old one goes on.
    old.event('k.2', 'orders/1').event('k.3', 'orders/1')
    await seen.count(3)
    next.open('k.1', { verdict: 'resumed', now: 'k.2' })
    await old.closed
    for (const [id, topic] of [
      ['k.2', '1'],
      ['k.3', '1'],
      ['k.3', '2'],
      ['k.4', '1'],
      ['k.5', '2'],
    ] as const) {
      next.event(id, `orders/${topic}`)
    }
    expect(await seen.count(6)).toEqual(['k.1', 'k.2', 'k.3', 'second k.3', 'k.4', 'second k.5'])
    expect(states).toEqual([])
    expect(client.status).toEqual({ state: 'open' })
  })

  it.each([
    ['another record', 'k.3.y'],
    ['only what follows', 'k.4.y'],
  ])(
    'finds %s where the old stream had led, and asks from there: the log may have lost it',
    async (_, id) => {
      const { server, clock, createClient } = harness
      const client = createClient()
      const seen = new Seen<string>()
      client.subscribe('orders/1', ({ name, id }) => seen.push(`${name} ${id}`))
      const old = (await server.next()).open('k.1')
      await untilState(client, 'open')
      client.subscribe('orders/2')
      const next = await server.next()
      old.event('k.2.x', 'orders/1').event('k.3.x', 'orders/1')
      await seen.count(2)
      next.open('k.1', { verdict: 'resumed', now: 'k.1' })
      await old.closed
      next.event('k.2.y', 'orders/2').event(id, 'orders/1')
      await clock.timer(1_000)
      clock.advance(1_000)
      const last = await server.next()
      expect([last.asked.lastEventId, last.topics]).toEqual([
        'k.3.x',
        ['orders/1', expect.stringMatching(/^orders\/2;from=k\./)],
      ])
      expect(seen.items).toEqual(['placed k.2.x', 'placed k.3.x'])
    },
  )

  it('waits for what a handler is doing with the old stream; what comes after it is the new one’s', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const gate = Promise.withResolvers<void>()
    const seen = new Seen<string>()
    client.subscribe('orders/1', async ({ id }) => {
      seen.push(`begin ${id}`)
      if (id === 'k.1') await gate.promise
      seen.push(`end ${id}`)
    })
    const old = (await server.next()).open('k.0').event('k.1', 'orders/1').event('k.2', 'orders/1')
    await seen.count(1)
    client.subscribe('orders/2')
    const next = (await server.next()).open('k.0', { verdict: 'resumed' })
    next.event('k.1', 'orders/1').event('k.2', 'orders/1')
    await old.closed
    await settle()
    expect(seen.items).toEqual(['begin k.1'])
    gate.resolve()
    expect(await seen.count(4)).toEqual(['begin k.1', 'end k.1', 'begin k.2', 'end k.2'])
  })

  it('that is refused for good ends alone; the old stream stays', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe('orders/1', ({ id }) => seen.push(id))
    const old = (await server.next()).open('k.0')
    await untilState(client, 'open')
    const iterator = client.subscribe('nonsense')
    client.subscribe('nonsense', () => {})
    ;(await server.next()).answer(404)
    await expect(iterator.next()).rejects.toMatchObject({ reason: 'status', status: 404, final: true })
    expect(errors).toMatchObject([{ status: 404 }])
    old.event('k.1', 'orders/1')
    expect(await seen.count(1)).toEqual(['k.1'])
    expect(client.status).toEqual({ state: 'open' })
    await settle()
    expect(server.exchanges).toHaveLength(2)
    // What comes next is asked for again.
    client.subscribe('orders/2')
    expect((await server.next()).topics).toEqual(['orders/1', 'orders/2;from=now'])
  })

  it('that a refusal names ends alone, and the others are asked for again', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    client.subscribe('orders/1', () => {})
    const good = client.subscribe('orders/2')
    const bad = client.subscribe('nonsense')
    ;(await server.next()).answer(
      404,
      { 'content-type': 'application/problem+json' },
      JSON.stringify({
        status: 404,
        title: 'No',
        detail: 'There is no "nonsense"',
        code: 'unknown-topic',
        topic: 'nonsense',
      }),
    )
    await expect(bad.next()).rejects.toMatchObject({
      problem: { code: 'unknown-topic', topic: 'nonsense' },
      message: expect.stringContaining('There is no "nonsense"'),
    })
    const next = await server.next()
    expect(next.topics).toEqual(['orders/1;from=now', 'orders/2;from=now'])
    next.open('k.0').event('k.1', 'orders/2')
    expect((await good.next()).value).toMatchObject({ id: 'k.1' })
    expect(errors).toEqual([])
  })

  it('that a refusal names ends alone beside an open stream too', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe('orders/1')
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
    client.subscribe('orders/2')
    const bad = client.subscribe('nonsense')
    ;(await server.next()).answer(
      400,
      { 'content-type': 'application/problem+json' },
      JSON.stringify({ status: 400, detail: 'No', topic: 'nonsense' }),
    )
    await expect(bad.next()).rejects.toMatchObject({ status: 400 })
    expect((await server.next()).topics).toEqual(['orders/1', 'orders/2;from=now'])
  })

  it('is tried again when it cannot be had for the moment, beside the old stream', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe('orders/1', ({ id }) => seen.push(id))
    const old = (await server.next()).open('k.0')
    await untilState(client, 'open')
    client.subscribe('orders/2')
    ;(await server.next()).answer(503)
    await clock.timer(1_000)
    old.event('k.1', 'orders/1')
    await seen.count(1)
    expect(client.status).toEqual({ state: 'open' })
    clock.advance(1_000)
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.1')
    // And if the old one ends meanwhile, that shows.
    old.cut()
    await untilState(client, 'connecting')
    next.open('k.1', { verdict: 'resumed' })
    await untilState(client, 'open')
  })

  it('that comes while a stream is being opened is asked for right after', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe('orders/1')
    const first = await server.next()
    client.subscribe('orders/2')
    await settle()
    expect(server.exchanges).toHaveLength(1)
    first.open('k.0')
    const second = await server.next()
    expect(second.topics).toEqual(['orders/1', 'orders/2;from=now'])
    second.open('k.0')
    await first.closed
  })

  it('of the same address and from now on joins a stream that is up to date', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const [early, late] = [new Seen<string>(), new Seen<string>()]
    client.subscribe(order, ({ id }) => early.push(id))
    const stream = (await server.next()).open('k.0').event('k.1')
    await early.count(1)
    client.subscribe(order, 'placed', ({ id }) => late.push(id))
    await settle()
    stream.event('k.2').event('k.3')
    await early.count(3)
    expect(late.items).toEqual(['k.2', 'k.3'])
    expect(server.exchanges).toHaveLength(1)
  })

  it('of the same address asks anew while the stream is behind what was `now`', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order)
    client.subscribe('orders/1', ({ id }) => seen.push(id), { from: 'k.0' })
    ;(await server.next()).open('k.0', { verdict: 'resumed', now: 'k.5' }).event('k.1', 'orders/1')
    await seen.count(1)
    client.subscribe(order)
    const next = await server.next()
    expect(next.topics).toEqual(['orders/42', 'orders/1;from=k.1', 'orders/42;from=now'])
    expect(next.asked.lastEventId).toBe('k.5')
  })

  it('that is being asked for begins where the server says, although the old stream would do by then', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const [replay, late] = [new Seen<string>(), new Seen<string>()]
    const first = client.subscribe(order)
    client.subscribe('orders/1', ({ id }) => replay.push(id), { from: 'k.0' })
    const old = (await server.next()).open('k.0', { verdict: 'resumed', now: 'k.2' }).event('k.1', 'orders/1')
    await replay.count(1)
    first.close()
    client.subscribe(order, ({ id }) => late.push(id))
    const next = await server.next()
    expect(next.topics).toEqual(['orders/1', 'orders/42;from=now'])
    // Now the old one is up to date, and there is a reason to look at it again.
    old.event('k.2', 'orders/1')
    await replay.count(2)
    client.subscribe('orders/2')
    await settle()
    next.open('k.1', { verdict: 'resumed', now: 'k.3' })
    // It stands where this stream says that `now` was, and not where the old one had come to.
    expect((await server.next()).topics).toEqual(['orders/1', 'orders/42;from=k.3', 'orders/2;from=now'])
    next.event('k.2', 'orders/1').event('k.4')
    expect(await late.count(1)).toEqual(['k.4'])
  })

  it('of the same address asks anew while the stream is still replaying', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id), { from: 'earliest' })
    ;(await server.next()).open('k.0').event('k.1')
    await seen.count(1)
    client.subscribe(order)
    expect((await server.next()).topics).toEqual(['orders/42', 'orders/42;from=now'])
  })
})

describe('a closed subscription', () => {
  it('is no longer asked for, if the others want less without it', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const closing = client.subscribe('orders/1')
    client.subscribe('orders/2')
    const old = (await server.next()).open('k.0')
    await untilState(client, 'open')
    closing.close()
    const next = await server.next()
    expect(next.topics).toEqual(['orders/2'])
    expect(old.gone).toBe(false)
    next.open('k.0')
    await old.closed
  })

  it('changes nothing if others want the same, or if it came and went in one turn', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const closing = client.subscribe(order)
    client.subscribe(order)
    ;(await server.next()).open('k.0')
    await untilState(client, 'open')
    closing.close()
    client.subscribe('stock/*').close()
    await settle()
    expect(server.exchanges).toHaveLength(1)
  })

  it('takes back a request that only it needed', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe('orders/1', ({ id }) => seen.push(id))
    const old = (await server.next()).open('k.0')
    await untilState(client, 'open')
    const passing = client.subscribe('orders/2')
    const attempt = await server.next()
    passing.close()
    await attempt.closed
    old.event('k.1', 'orders/1')
    expect(await seen.count(1)).toEqual(['k.1'])
    expect(client.status).toEqual({ state: 'open' })
    expect(server.exchanges).toHaveLength(2)
  })

  it('that is refused a new stream leaves the old one as it is', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<string>()
    const closing = client.subscribe('orders/1')
    client.subscribe('orders/2', ({ id }) => seen.push(id))
    const old = (await server.next()).open('k.0')
    await untilState(client, 'open')
    closing.close()
    ;(await server.next()).answer(403)
    await settle()
    old.event('k.1', 'orders/2')
    expect(await seen.count(1)).toEqual(['k.1'])
    expect(server.exchanges).toHaveLength(2)
    expect(errors).toEqual([])
  })

  it('the last one ends the stream', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const subscription = client.subscribe(shop.orders(), () => {})
    const stream = (await server.next()).open('k.0')
    await untilState(client, 'open')
    subscription.close()
    await stream.closed
    expect(await untilState(client, 'idle')).toEqual({ state: 'idle' })
    expect(clock.pending).toEqual([])
    // And the next one begins another.
    client.subscribe(order)
    await server.next()
  })
})
