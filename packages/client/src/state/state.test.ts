import { describe, expect, it, vi } from 'vitest'
import { eventually, Seen, useHarness } from '../client-harness.fixture.ts'
import { FakeClock } from '../fake-clock.fixture.ts'
import {
  type ClientError,
  ConnectionError,
  type EventClient,
  EventDataError,
  HandlerError,
} from '../index.ts'
import { FakePage, restorePages } from '../page.fixture.ts'
import { cart, order } from '../shop.fixture.ts'
import { type StateStatus, state, type TopicState } from '../state.ts'
import type { Exchange } from '../stream-server.fixture.ts'

const harness = useHarness()
restorePages()

interface Cart {
  readonly total: number
}

/** A cart whose total is what was added. */
function follow(
  client: EventClient,
  options: { initial?: { state: Cart; id: string }; signal?: AbortSignal } = {},
) {
  return state(
    client,
    cart,
    {
      snapshot: ({ total }): Cart => ({ total }),
      added: ({ total }, { data }) => {
        if (data === 13) throw new RangeError('unlucky')
        return { total: total + data }
      },
      emptied: () => ({ total: 0 }),
    },
    { clock: harness.clock, random: () => 0.5, ...options },
  )
}

/** Tells a state, as the server does to who begins now or cannot go on. */
function tell(stream: Exchange, id: string, total: number): Exchange {
  return stream.frame({
    id,
    event: 'millrace.snapshot',
    topic: cart.address,
    data: JSON.stringify({ total, since: '2026-11-20T12:00:00.000Z' }),
  })
}

const promise = { verdict: 'fresh', snapshots: [cart.address] }
const added = (stream: Exchange, id: string, count: unknown) => stream.event(id, cart.address, 'added', count)
const until = (followed: TopicState<Cart>, status: StateStatus, total?: number) =>
  eventually(() => expect([followed.status, followed.value?.total]).toEqual([status, total]))

async function live(client = harness.createClient()) {
  const followed = follow(client)
  const stream = tell((await harness.server.next()).open('0.0', promise), 'k.5', 10)
  await followed.ready
  return { client, followed, stream }
}

describe('a state', () => {
  it('is loading until it is told, then live, and folds what comes', async () => {
    const { server, createClient } = harness
    const followed = follow(createClient())
    expect(followed.view).toEqual({ value: undefined, status: 'loading', error: undefined })
    const stream = await server.next()
    expect(stream.topics).toEqual([`${cart.address};from=now;events=added,emptied,millrace.snapshot`])
    stream.open('0.0', promise)
    tell(stream, 'k.5', 10)
    await followed.ready
    expect(followed.view).toEqual({ value: { total: 10 }, status: 'live', error: undefined })
    added(stream, 'k.6', 2)
    await until(followed, 'live', 12)
    stream.event('k.7', cart.address, 'emptied', null)
    await until(followed, 'live', 0)
  })

  it('tells its listeners once for all changes of a turn, and keeps one view until something changes', async () => {
    const { followed, stream } = await live()
    const views: unknown[] = []
    const spoil = followed.subscribe(() => {
      throw new Error('a listener of others')
    })
    const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
    const stop = followed.subscribe(() => views.push(followed.view))
    const before = followed.view
    stream.frame({ id: 'k.6' })
    const frame = (id: string) => `id: ${id}\nevent: added\ntopic: ${cart.address}\ntime: 1\ndata: 1\n\n`
    stream.write(`${frame('k.7')}${frame('k.8')}${frame('k.9')}`)
    expect(followed.view).toBe(before)
    await until(followed, 'live', 13)
    expect(views).toEqual([{ value: { total: 13 }, status: 'live', error: undefined }])
    expect(views[0]).toBe(followed.view)
    expect(logged).toHaveBeenCalledOnce()
    logged.mockRestore()
    spoil()
    stop()
    added(stream, 'k.10', 1)
    await until(followed, 'live', 14)
    expect(views).toHaveLength(1)
  })

  it('is stale while its link is down, and not live again before it has what it missed', async () => {
    const { clock, server } = harness
    const { followed, stream } = await live()
    stream.cut()
    await until(followed, 'stale', 10)
    await clock.timer(1_000)
    clock.advance(1_000)
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('k.5')
    next.open('k.5', { verdict: 'resumed', now: 'k.7' })
    added(next, 'k.6', 1)
    await until(followed, 'stale', 11)
    next.frame({ id: 'k.7' })
    await until(followed, 'live', 11)
  })

  it('is stale while its page has no stream, and not live again before it has what it missed', async () => {
    const page = FakePage.use()
    const { server, createClient } = harness
    const { followed } = await live(createClient({ whenHidden: 'pause' }))
    page.hide(true)
    await until(followed, 'stale', 10)
    page.hide(false)
    const next = (await server.next()).open('k.5', { verdict: 'resumed', now: 'k.6' })
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(followed.status).toBe('stale')
    added(next, 'k.6', 1)
    await until(followed, 'live', 11)
  })

  it('stays live while the stream is exchanged for others', async () => {
    const { server } = harness
    const { client, followed, stream } = await live()
    const statuses = new Set<StateStatus>()
    followed.subscribe(() => statuses.add(followed.status))
    const other = client.subscribe(order, () => {})
    const next = (await server.next()).open('k.5', { verdict: 'resumed' })
    await other.ready
    await stream.closed
    added(next, 'k.6', 1)
    await until(followed, 'live', 11)
    expect([...statuses]).toEqual(['live'])
  })

  it('is stale also where its link is lost while the next stream is being opened', async () => {
    const { clock, server } = harness
    const { client, followed, stream } = await live()
    client.subscribe(order, () => {})
    const next = await server.next()
    stream.cut()
    await until(followed, 'stale', 10)
    next.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    const last = (await server.next()).open('k.5', { verdict: 'resumed', now: 'k.6' })
    await until(followed, 'stale', 10)
    added(last, 'k.6', 1)
    await until(followed, 'live', 11)
  })

  it('takes the state that is told in the place of a reset', async () => {
    const { followed, stream } = await live()
    tell(stream, 'k.50', 70)
    await until(followed, 'live', 70)
    added(stream, 'k.51', 1)
    await until(followed, 'live', 71)
  })

  it('is stale after a reset, folds nothing upon what is lost, and asks for a fresh one', async () => {
    const { clock, server } = harness
    const { followed, stream } = await live()
    stream.reset(cart.address, 'trimmed', 'k.90')
    added(stream, 'k.91', 5)
    await until(followed, 'stale', 10)
    expect(followed.error).toMatchObject({ code: 'reset', verdict: 'trimmed' })
    await clock.timer(500)
    expect(server.exchanges).toHaveLength(1)
    clock.advance(500)
    const next = await server.next()
    expect(next.topics).toEqual([`${cart.address};from=now;events=added,emptied,millrace.snapshot`])
    tell(next.open('0.0', promise), 'k.95', 33)
    await until(followed, 'live', 33)
    expect(followed.error).toBeUndefined()
    await stream.closed
  })

  it('heals by a state that comes by itself meanwhile', async () => {
    const { clock, server } = harness
    const { followed, stream } = await live()
    stream.reset(cart.address, 'epoch', 'm.1')
    await until(followed, 'stale', 10)
    tell(stream, 'm.2', 4)
    await until(followed, 'live', 4)
    expect(clock.pending).not.toContain(500)
    expect(server.exchanges).toHaveLength(1)
  })

  it('asks again, later each time, while the server has none', async () => {
    const { clock, server, createClient } = harness
    const followed = follow(createClient())
    ;(await server.next()).open('k.1')
    await until(followed, 'loading')
    await eventually(() => expect(followed.error).toMatchObject({ code: 'no-state' }))
    await clock.timer(500)
    clock.advance(500)
    ;(await server.next()).open('k.1')
    await clock.timer(1_000)
    clock.advance(1_000)
    tell((await server.next()).open('0.0', promise), 'k.2', 1)
    await until(followed, 'live', 1)
  })

  it('does not go on without an event that cannot be read', async () => {
    const { clock, server } = harness
    const { followed, stream } = await live()
    added(stream, 'k.6', 'many')
    added(stream, 'k.7', 1)
    await until(followed, 'stale', 10)
    expect(followed.error).toSatisfy(EventDataError.isInstance)
    expect(harness.errors).toEqual([followed.error])
    await clock.timer(500)
    clock.advance(500)
    tell((await server.next()).open('0.0', promise), 'k.8', 12)
    await until(followed, 'live', 12)
  })

  it('does not go on without an event that a reducer failed at', async () => {
    const { clock, server } = harness
    const { followed, stream } = await live()
    added(stream, 'k.6', 13)
    added(stream, 'k.7', 1)
    await until(followed, 'stale', 10)
    expect(followed.error).toBeInstanceOf(RangeError)
    const [error] = harness.errors as [ClientError]
    expect(HandlerError.isInstance(error) && error.cause).toBe(followed.error)
    await clock.timer(500)
    clock.advance(500)
    tell((await server.next()).open('0.0', promise), 'k.8', 24)
    await until(followed, 'live', 24)
  })

  it('that a server has rendered goes on from there, without being told it again', async () => {
    const { server, createClient } = harness
    const followed = follow(createClient(), { initial: { state: { total: 3 }, id: 'k.40' } })
    expect(followed.view).toEqual({ value: { total: 3 }, status: 'loading', error: undefined })
    const stream = await server.next()
    expect(stream.asked.lastEventId).toBe('k.40')
    stream.open('k.40', { verdict: 'resumed', now: 'k.41' })
    added(stream, 'k.41', 4)
    await followed.ready
    await until(followed, 'live', 7)
  })

  it('ends with its topic, and keeps its value', async () => {
    const { followed, stream } = await live()
    stream.frame({ id: 'k.6', event: 'millrace.end', topic: cart.address, data: '{}' })
    await until(followed, 'ended', 10)
    expect(followed.error).toBeUndefined()
  })

  it('asks for nothing once it is over: its topic has ended before the next stream is there', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const clock = new FakeClock()
    const followed = state(client, cart, { snapshot: (data) => data }, { clock })
    const stream = (await server.next()).open('0.0', promise)
    const told = new Seen<string>()
    client.subscribe(order, ({ id }) => told.push(id))
    const next = await server.next()
    stream.frame({ id: 'k.6', event: 'millrace.end', topic: cart.address, data: '{}' })
    await eventually(() => expect(followed.status).toBe('ended'))
    next.open('k.6').event('k.7')
    await told.count(1)
    expect([followed.status, followed.error, clock.pending]).toEqual(['ended', undefined, []])
  })

  it('asks for nothing once it is over: a reducer has closed it and failed', async () => {
    const { server, createClient, errors } = harness
    const clock = new FakeClock()
    const followed: TopicState<Cart> = state(
      createClient(),
      cart,
      {
        snapshot: ({ total }): Cart => ({ total }),
        added() {
          followed.close()
          throw new RangeError('closed')
        },
      },
      { clock },
    )
    const stream = tell((await server.next()).open('0.0', promise), 'k.5', 10)
    added(stream, 'k.6', 1)
    await eventually(() => expect(errors).toMatchObject([{ code: 'handler' }]))
    expect([followed.status, followed.error, clock.pending]).toEqual(['ended', undefined, []])
  })

  it('fails when the server refuses for good', async () => {
    const { server, createClient } = harness
    const followed = follow(createClient())
    ;(await server.next()).answer(403)
    await expect(followed.ready).rejects.toSatisfy(ConnectionError.isInstance)
    expect(followed.view).toMatchObject({ status: 'failed', error: { status: 403 } })
  })

  it.each([
    ['close()', (followed: TopicState<Cart>) => followed.close()],
    ['await using', (followed: TopicState<Cart>) => followed[Symbol.asyncDispose]()],
    ['its signal', (_followed: TopicState<Cart>, controller: AbortController) => controller.abort()],
    [
      'its client',
      (_followed: TopicState<Cart>, _controller: AbortController, client: EventClient) => client.close(),
    ],
  ])('is closed by %s', async (_title, end) => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const controller = new AbortController()
    const followed = follow(client, { signal: controller.signal })
    const stream = (await server.next()).open('k.1')
    // In the middle of asking for a fresh one.
    await eventually(() => expect(followed.error).toBeDefined())
    await end(followed, controller, client)
    await expect(followed.ready).rejects.toMatchObject({ name: 'AbortError', code: 'closed' })
    expect(followed.status).toBe('ended')
    await stream.closed
    expect(clock.pending).toEqual([])
  })
})

describe('a state of a channel without snapshots', () => {
  const count = (client: EventClient) =>
    state(
      client,
      order,
      { placed: (totals, { data }) => [...totals, data.total] },
      { initial: { state: [] as readonly number[] }, clock: harness.clock, random: () => 0.5 },
    )

  it('is folded from its history, and shown when that is whole', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const followed = count(client)
    const beside = client.subscribe(order, 'placed', () => {}, { from: 'earliest' })
    const stream = await server.next()
    expect(stream.topics).toEqual(['orders/42;from=earliest;events=placed'])
    stream.open('k.0', { now: 'k.3' }).event('k.1').event('k.2')
    await eventually(() => expect(beside.cursor).toBe('k.2'))
    expect(followed.view).toMatchObject({ value: [], status: 'loading' })
    stream.event('k.3')
    await followed.ready
    await eventually(() => expect(followed.view).toMatchObject({ value: [1, 2, 3], status: 'live' }))
  })

  it('is folded anew after a reset, and shows what it had until then', async () => {
    const { server, clock, createClient } = harness
    const followed = count(createClient())
    const stream = (await server.next()).open('k.0', { now: 'k.1' }).event('k.1')
    await followed.ready
    stream.reset(order.address, 'epoch', 'm.0').event('m.1')
    await eventually(() => expect(followed.view).toMatchObject({ value: [1], status: 'stale' }))
    await clock.timer(500)
    clock.advance(500)
    const next = (await server.next()).open('m.0', { now: 'm.8' }).event('m.7')
    await stream.closed
    expect(followed.view).toMatchObject({ value: [1], status: 'stale' })
    next.event('m.8')
    await eventually(() => expect(followed.view).toMatchObject({ value: [7, 8], status: 'live' }))
  })

  it('fails at what cannot be read, which would come again', async () => {
    const { server, createClient } = harness
    const followed = count(createClient())
    ;(await server.next()).open('k.0', { now: 'k.1' }).event('k.1', order.address, 'placed', 'x')
    await expect(followed.ready).rejects.toSatisfy(EventDataError.isInstance)
    expect(followed.status).toBe('failed')
  })

  it('needs something to fold upon', () => {
    const client = harness.createClient()
    expect(() => state(client, order, { placed: (total: number) => total })).toThrow(TypeError)
  })
})
