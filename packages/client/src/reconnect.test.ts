import { formatCursor, type Position, parseCursor } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { createEventClient } from './index.ts'
import { order } from './shop.fixture.ts'
import type { Exchange } from './stream-server.fixture.ts'

const harness = useHarness()

/** What a server that holds a few events writes to a request. */
class History {
  readonly events: readonly { readonly offset: number; readonly topic: string }[]
  readonly first: number

  constructor(events: History['events'], first = 1) {
    this.events = events
    this.first = first
  }

  get head(): number {
    return this.events.at(-1)?.offset ?? 0
  }

  /** The bytes of a whole stream, as the wire has them. */
  answer({ asked }: Exchange): string {
    const placed = asked.topics.map(({ address, from = asked.lastEventId ?? 'now' }) => {
      const cursor = parseCursor(from)
      const trimmed = cursor !== undefined && cursor.offset < this.first - 1
      const floor =
        from === 'now'
          ? this.head
          : from === 'earliest' || trimmed
            ? this.first - 1
            : (cursor as Position).offset
      return { address, floor, cursor, trimmed }
    })
    const cut = placed.filter(({ trimmed }) => trimmed)
    const lowest = Math.min(...placed.map(({ floor }) => floor))
    const openAt = cut[0]?.cursor?.offset ?? lowest
    const frames = [
      `retry: 1\nid: k.${openAt}\nevent: millrace.open\ndata: {"verdict":"${cut.length > 0 ? 'trimmed' : 'fresh'}","heartbeat":15000,"now":"k.${this.head}"}\n\n`,
      ...cut.map(
        ({ address }, index) =>
          `event: millrace.reset\n${index === cut.length - 1 ? `id: k.${lowest}\n` : ''}topic: ${address}\ndata: {"verdict":"trimmed"}\n\n`,
      ),
    ]
    for (const { offset, topic } of this.events) {
      if (!placed.some(({ address, floor }) => address === topic && offset > floor)) continue
      frames.push(`id: k.${offset}\nevent: placed\ntopic: ${topic}\ntime: 1\ndata: {"total":${offset}}\n\n`)
    }
    frames.push(`id: k.${this.head + 1}\n\n:\n`)
    return frames.join('')
  }
}

const events = Array.from({ length: 6 }, (_, index) => ({
  offset: index + 1,
  topic: index % 2 === 0 ? 'orders/1' : 'orders/2',
}))

/** A client whose waits take no time: what is tested here is what it asks for, not when. */
function createEagerClient() {
  return createEventClient({
    url: harness.server.url,
    backoff: { floor: 0, cap: 0 },
    onError: (error) => harness.errors.push(error),
  })
}

interface Case {
  readonly history: History
  readonly subscriptions: readonly (readonly [address: string, from: string, expected: readonly string[]])[]
}

/** Plays a case with the first stream cut after so many bytes, and gives each subscription's ids. */
async function play({ history, subscriptions }: Case, length: number, reset: boolean): Promise<string[][]> {
  const client = createEagerClient()
  const all = subscriptions.map(([address, from]) => {
    const seen = new Seen<string>()
    client.subscribe(address, ({ name, id }) => seen.push(name === 'millrace.reset' ? `reset ${id}` : id), {
      from,
    })
    return seen
  })
  const first = (await harness.server.next()).head()
  first.response.write(Buffer.from(history.answer(first)).subarray(0, length), () =>
    reset ? first.cut() : first.end(),
  )
  const second = (await harness.server.next()).head()
  second.write(history.answer(second))
  const result = await Promise.all(subscriptions.map(([, , { length }], index) => all[index]?.count(length)))
  // The heartbeat's id comes after everything, so by then nothing is on its way that should not be.
  second.end()
  expect((await harness.server.next()).asked.lastEventId).toBe(
    formatCursor({ epoch: 'k', offset: history.head + 1 }),
  )
  await client.close()
  return result.map((ids) => [...(ids ?? [])])
}

describe('a stream that is cut after each of its bytes', () => {
  const cases: Record<string, Case> = {
    'gives each event once, in order': {
      history: new History(events),
      subscriptions: [['orders/1', 'k.0', ['k.1', 'k.3', 'k.5']]],
    },
    'goes on in the middle for who began at the oldest, and at their own places for others': {
      history: new History(events),
      subscriptions: [
        ['orders/1', 'earliest', ['k.1', 'k.3', 'k.5']],
        ['orders/2', 'k.3', ['k.4', 'k.6']],
        ['orders/1', 'k.4', ['k.5']],
        ['orders/2', 'k.0', ['k.2', 'k.4', 'k.6']],
      ],
    },
    'tells each reset once, to those whom it concerns': {
      history: new History(events.slice(3), 4),
      subscriptions: [
        ['orders/1', 'k.1', ['reset k.3', 'k.5']],
        ['orders/2', 'k.1', ['reset k.3', 'k.4', 'k.6']],
        ['orders/1', 'k.4', ['k.5']],
        ['orders/2', 'earliest', ['k.4', 'k.6']],
      ],
    },
  }

  it.each(Object.entries(cases))('%s', async (_, each) => {
    const client = createEagerClient()
    for (const [address, from] of each.subscriptions) client.subscribe(address, () => {}, { from })
    const { length } = each.history.answer(await harness.server.next())
    await client.close()
    const expected = each.subscriptions.map(([, , ids]) => ids)
    for (let cut = 0; cut <= length; cut++) {
      expect({ cut, ids: await play(each, cut, cut % 2 === 0) }).toEqual({ cut, ids: expected })
    }
    expect(harness.errors).toEqual([])
  })
})

describe('a stream that is cut', () => {
  it('before its first event resumes where it opened', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = (await server.next()).open('k.7')
    await untilState(client, 'open')
    stream.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    expect((await server.next()).asked).toMatchObject({
      lastEventId: 'k.7',
      topics: [{ address: 'orders/42' }],
    })
  })

  it('resumes at what `now` was, where the stream opened further back for others', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe('orders/1', () => {}, { from: 'k.3' })
    client.subscribe('orders/2', () => {})
    const stream = (await server.next()).open('k.3', { verdict: 'resumed', now: 'k.9' })
    await untilState(client, 'open')
    stream.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    const { asked, topics } = await server.next()
    expect(asked.lastEventId).toBe('k.3')
    expect(topics).toEqual(['orders/1', 'orders/2;from=k.9'])
  })

  it('keeps its position when only ids have come', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.7').event('k.8')
    stream.frame({ id: 'k.90' }).event('k.91', 'orders/7')
    await seen.count(1)
    stream.end()
    await untilState(client, 'waiting')
    clock.advance(1_000)
    expect((await server.next()).asked.lastEventId).toBe('k.91')
  })

  it('in the middle of an event discards it', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.7').event('k.8')
    stream.write('id: k.9\nevent: placed\ntopic: orders/42\ntime: 1\ndata: {"total":9}\n')
    await seen.count(1)
    stream.end()
    await untilState(client, 'waiting')
    clock.advance(1_000)
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.8')
    next.open('k.8', { verdict: 'resumed' }).event('k.9')
    expect(await seen.count(2)).toEqual(['k.8', 'k.9'])
  })

  it('is not asked twice for the same by a server that repeats itself', async () => {
    const { server, createClient } = harness
    const seen = new Seen<string>()
    createClient().subscribe(order, ({ id }) => seen.push(id), { from: 'k.5' })
    const stream = (await server.next()).open('k.3', { verdict: 'resumed' })
    for (const id of ['k.4', 'k.5', 'k.6']) stream.event(id)
    expect(await seen.count(1)).toEqual(['k.6'])
  })
})

describe('the wait before the next attempt', () => {
  it('doubles, with full jitter, up to its cap, and `retry:` is its base', async () => {
    const { server, clock, createClient } = harness
    const client = createClient({ backoff: { cap: 5_000 } })
    client.subscribe(order)
    ;(await server.next()).head().write('retry: 800\n').end()
    // Half of 800, 1600, 3200 and then of the cap.
    for (const wait of [400, 800, 1600, 2500, 2500]) {
      const { nextAttemptAt } = await untilState(client, 'waiting')
      expect(nextAttemptAt).toBe(clock.now() + wait)
      expect(clock.pending).toEqual([wait])
      clock.advance(wait)
      ;(await server.next()).cut()
      await untilState(client, 'connecting')
    }
  })

  it.each(['99999999999', '0', `${'9'.repeat(400)}`])(
    'is bounded whatever `retry: %s` says',
    async (retry) => {
      const { server, clock, createClient } = harness
      const client = createClient()
      client.subscribe(order)
      ;(await server.next()).head().write(`retry: ${retry}\n`).end()
      await untilState(client, 'waiting')
      const [wait] = clock.pending
      expect(wait).toBe(retry === '0' ? 100 : 15_000)
    },
  )

  it('starts afresh after a stream that lasted, not after one that brought an event and died', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    const waits: number[] = []
    for (const [index, lasts] of [0, 0, 4_999, 5_000, 0].entries()) {
      const stream = (await server.next()).open(`k.${index}`).event(`k.${index + 1}`)
      await seen.count(index + 1)
      clock.advance(lasts)
      stream.cut()
      const { nextAttemptAt = 0 } = await untilState(client, 'waiting')
      waits.push(nextAttemptAt - clock.now())
      clock.advance(waits.at(-1) ?? 0)
      await untilState(client, 'connecting')
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 1_000, 2_000])
  })

  it('is over when it is no longer wanted, and no timer stays', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const subscription = client.subscribe(order)
    ;(await server.next()).cut()
    await untilState(client, 'waiting')
    subscription.close()
    await untilState(client, 'idle')
    expect(clock.pending).toEqual([])
  })

  it('is used by a subscription that is added meanwhile, and not shortened', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe('orders/1')
    ;(await server.next()).cut()
    await untilState(client, 'waiting')
    client.subscribe('orders/2')
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(server.exchanges).toHaveLength(1)
    clock.advance(500)
    expect((await server.next()).topics).toEqual(['orders/1;from=now', 'orders/2;from=now'])
  })
})

describe('a good-bye', () => {
  it('that is retryable leads to another attempt', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = (await server.next()).open('k.7')
    stream.frame({ retry: 5_000, event: 'millrace.bye', data: '{"reason":"drain","retryable":true}' })
    const { cause, nextAttemptAt } = await untilState(client, 'waiting')
    expect(cause).toMatchObject({ reason: 'bye', final: false, message: expect.stringContaining('drain') })
    expect(nextAttemptAt).toBe(clock.now() + 2_500)
    // It is over, although the body is not.
    await stream.closed
  })

  it('that is not ends the subscriptions', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    client.subscribe(order, () => {})
    const iterator = client.subscribe(order)
    const stream = (await server.next()).open('k.7').event('k.8')
    stream.frame({ event: 'millrace.bye', data: '{"reason":"failure","retryable":false}' })
    expect((await iterator.next()).value).toMatchObject({ id: 'k.8' })
    await expect(iterator.next()).rejects.toMatchObject({ code: 'connection', reason: 'bye', final: true })
    expect(errors).toMatchObject([{ reason: 'bye' }])
    expect(client.status).toMatchObject({ state: 'closed', cause: { reason: 'bye' } })
  })

  it('may be all that there is', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = (await server.next()).head()
    stream.frame({ id: 'k.1', event: 'millrace.bye', data: '{"reason":"drain","retryable":true}' })
    expect((await untilState(client, 'waiting')).cause).toMatchObject({ reason: 'bye' })
  })
})

describe('a stream that is none of this protocol', () => {
  it.each([
    ['begins with an event', 'event: placed\ndata: 1\n\n'],
    ['begins with an id', 'id: k.1\n\n'],
    ['tells no heartbeat', 'event: millrace.open\ndata: {"verdict":"fresh"}\n\n'],
    ['opens with no JSON', 'event: millrace.open\ndata: {\n\n'],
    [
      'has an event without a topic',
      'id: k.1\nevent: millrace.open\ndata: {"verdict":"fresh","heartbeat":9}\n\nevent: placed\ndata: 1\n\n',
    ],
  ])('%s', async (_, text) => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = (await server.next()).head().write(text)
    expect((await untilState(client, 'waiting')).cause).toMatchObject({ reason: 'protocol', final: false })
    await stream.closed
  })

  it('has a line that is longer than may be held', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order)
    const stream = (await server.next()).open('k.7')
    stream.write(`data: ${'x'.repeat(2 ** 23)}`)
    expect((await untilState(client, 'waiting')).cause).toMatchObject({
      reason: 'protocol',
      cause: { code: 'sse-limit' },
    })
  })
})
