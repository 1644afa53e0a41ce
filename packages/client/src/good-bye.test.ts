import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { order, shop } from './shop.fixture.ts'
import type { Exchange } from './stream-server.fixture.ts'

const harness = useHarness()

function sayBye(stream: Exchange, reason: string, more: { retryable?: boolean; retry?: number } = {}): void {
  const { retryable = true, ...fields } = more
  stream.frame({ ...fields, event: 'millrace.bye', data: JSON.stringify({ reason, retryable }) })
}

describe.each(['expired', 'revoked'])('a good-bye because the rights have %s', (reason) => {
  it('is followed at once by a stream with fresh headers, where it was', async () => {
    const { server, createClient, errors, clock } = harness
    let token = 0
    const client = createClient({ headers: async () => ({ authorization: `Bearer ${++token}` }) })
    const states: string[] = []
    client.onStatus(({ state }) => states.push(state))
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const first = (await server.next()).open('k.0').event('k.1')
    sayBye(first, reason)
    const second = await server.next()
    expect(second.request.headers.authorization).toBe('Bearer 2')
    expect(second.asked.lastEventId).toBe('k.1')
    second.open('k.1', { verdict: 'resumed' }).event('k.2')
    expect(await seen.count(2)).toEqual(['k.1', 'k.2'])
    expect(states).not.toContain('waiting')
    expect(errors).toEqual([])
    // It was no failure: the next one waits as the first does, for half of 2,000.
    clock.advance(5_000)
    second.cut()
    expect(await untilState(client, 'waiting')).toMatchObject({ nextAttemptAt: clock.now() + 1_000 })
  })

  it('is waited for when it comes again before a stream has proved healthy', async () => {
    const { server, createClient, clock } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    sayBye((await server.next()).open('k.0'), reason)
    sayBye((await server.next()).open('k.0'), reason)
    expect(await untilState(client, 'waiting')).toMatchObject({
      cause: { bye: reason },
      nextAttemptAt: clock.now() + 1_000,
    })
    clock.advance(1_000)
    const third = (await server.next()).open('k.0').event('k.1')
    await seen.count(1)
    clock.advance(5_000)
    sayBye(third, reason)
    expect((await server.next()).asked.lastEventId).toBe('k.1')
  })

  it('may be all that there is, and ends in a refusal', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    sayBye((await server.next()).head(), reason)
    ;(await server.next()).answer(401)
    await expect(iterator.next()).rejects.toMatchObject({ status: 401, final: true })
  })
})

describe('a good-bye', () => {
  it.each(['drain', 'age', 'overload', 'failure', 'later'])(
    '(%s) is followed by a stream within the time that it proposes, and told by the status',
    async (reason) => {
      const { server, createClient, clock, errors } = harness
      const client = createClient()
      client.subscribe(order)
      const stream = (await server.next()).open('k.7')
      await untilState(client, 'open')
      sayBye(stream, reason, { retry: 8_000 })
      expect(await untilState(client, 'waiting')).toMatchObject({
        cause: { code: 'connection', reason: 'bye', bye: reason, final: false },
        nextAttemptAt: clock.now() + 4_000,
      })
      clock.advance(4_000)
      expect((await server.next()).asked.lastEventId).toBe('k.7')
      expect(errors).toEqual([])
    },
  )

  it('of a poll is followed by the next one within the time that it proposes, and nothing is told to be lost', async () => {
    const { server, createClient, clock, errors } = harness
    const client = createClient()
    const states: string[] = []
    client.onStatus(({ state }) => states.push(state))
    client.subscribe(order)
    const stream = (await server.next()).open('k.7')
    await untilState(client, 'open')
    states.length = 0
    sayBye(stream, 'poll', { retry: 8_000 })
    await clock.timer(4_000)
    clock.advance(4_000)
    expect((await server.next()).asked.lastEventId).toBe('k.7')
    expect([states, errors]).toEqual([['connecting'], []])
  })

  it('because all topics are complete is the end, not an error', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    // Its end was told under another name, say, by a server that knows better.
    const iterator = client.subscribe(order)
    client.subscribe(order, () => {})
    sayBye((await server.next()).open('k.7'), 'end', { retryable: false })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(await untilState(client, 'closed')).toMatchObject({ cause: { bye: 'end', final: true } })
    expect(errors).toEqual([])
  })
})

describe('a topic among others that may not be read', () => {
  it('ends its subscriptions with the reason, and the others go on', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const first = shop.orders({ orderId: 'secret' })
    const denied = client.subscribe(first)
    client.subscribe('stock/1', () => {})
    const problem = {
      type: 'urn:millrace:problem:forbidden',
      title: 'Forbidden',
      status: 403,
      detail: 'Not allowed to read "orders/secret" and 1 more',
      code: 'forbidden',
      topic: 'orders/secret',
      topics: ['orders/secret', 'stock/1'],
    }
    const json = { 'content-type': 'application/problem+json' }
    ;(await server.next()).answer(403, json, JSON.stringify(problem))
    const expected = { status: 403, topics: problem.topics, problem, final: true }
    await expect(denied.next()).rejects.toMatchObject(expected)
    const second = await server.next()
    expect(second.topics).toEqual(['orders/42;from=now'])
    second.open('k.0').event('k.1')
    expect(await seen.count(1)).toEqual(['k.1'])
    expect(errors).toMatchObject([expected])
  })

  it('is asked for no more where the stream itself says so', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    client.subscribe('stock/1', () => {})
    const first = (await server.next()).open('k.0')
    first.event('k.1').frame({ event: 'millrace.denied', topic: 'stock/1', data: '{}' })
    const second = await server.next()
    expect(second.topics).toEqual(['orders/42'])
    second.open('k.1', { verdict: 'resumed' }).event('k.2')
    expect(await seen.count(2)).toEqual(['k.1', 'k.2'])
    expect(errors).toMatchObject([{ reason: 'bye', bye: 'denied', topics: ['stock/1'], final: true }])
  })
})
