import { channel, defineContract } from '@millrace/contract'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import * as z from 'zod'
import { Seen, untilState } from '../client-harness.fixture.ts'
import type { EventClientOptions } from '../index.ts'
import { ConnectionError, EventDataError, HandlerError, ResetError } from '../index.ts'
import { FakePage, restorePages } from '../page.fixture.ts'
import { ShareError } from '../share.ts'
import { cart, order } from '../shop.fixture.ts'
import { type Exchange, StreamServer } from '../stream-server.fixture.ts'
import type { ToTab } from './messages.ts'
import { type Tab, until, useOrigin } from './tabs.fixture.ts'

// The server's answers are the test's, each by hand.

const origin = useOrigin()
restorePages()
let server: StreamServer
beforeEach(async () => {
  server = await StreamServer.start()
})
afterEach(() => server.stop())

const open = (options: Partial<EventClientOptions> = {}) => origin.open({ url: server.url, ...options })

/** What the server has been asked for that is still open. */
const streams = () => server.exchanges.filter(({ gone }) => !gone)

const problem = (status: number, topics?: readonly string[]) =>
  JSON.stringify({
    type: 'urn:millrace:problem:x',
    title: 'No',
    status,
    detail: 'No',
    code: 'forbidden',
    topics,
  })
const refuse = (exchange: Exchange, status: number, topics?: readonly string[]) =>
  exchange.answer(status, { 'content-type': 'application/problem+json' }, problem(status, topics))

describe('a refusal', () => {
  it('of a topic ends the subscriptions of the tab that asked for it, and of no other', async () => {
    const [one, two] = [open(), open()]
    const seen = new Seen<number>()
    one.client.subscribe(order, 'placed', ({ data }) => seen.push(data.total))
    const first = await server.next()
    first.open('e.1')
    await untilState(one.client, 'open')
    const denied = two.client.subscribe(cart)
    two.client.subscribe(cart, 'added', () => {})
    refuse(await server.next(), 403, ['carts/7'])
    const error = await denied.next().catch((thrown: unknown) => thrown)
    expect(ConnectionError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ reason: 'status', status: 403, topics: ['carts/7'], final: true })
    expect(error).toMatchObject({ problem: { code: 'forbidden' } })
    await untilState(two.client, 'closed')
    // The one that cannot be thrown.
    expect(two.errors).toMatchObject([{ code: 'connection', status: 403 }])
    first.event('e.2')
    expect(await seen.count(1)).toEqual([2])
    expect(one.errors).toEqual([])
    expect(one.client.status.state).toBe('open')
  })

  it('of everything is told to every tab, with its reason', async () => {
    const tabs = [open(), open()]
    let refusing = false
    void server.serve((exchange) => (refusing ? refuse(exchange, 404) : exchange.open('e.1')))
    for (const { client } of tabs) {
      client.subscribe(order, () => {})
      await untilState(client, 'open')
    }
    refusing = true
    for (const exchange of streams()) exchange.cut()
    for (const { client } of tabs) await untilState(client, 'waiting')
    await until(() => tabs.every(({ client }) => client.status.state === 'closed'), ...tabs)
    for (const { client, errors } of tabs) {
      const { cause } = client.status
      expect(ConnectionError.isInstance(cause)).toBe(true)
      expect(cause).toMatchObject({ status: 404, message: 'The server answered 404: No' })
      expect(errors).toMatchObject([{ status: 404 }])
    }
  })

  it('with 204 is the end, and no error', async () => {
    const tab = open()
    const iterator = tab.client.subscribe(order)
    ;(await server.next()).answer(204)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(await untilState(tab.client, 'closed')).toMatchObject({ cause: { status: 204 } })
    expect(tab.errors).toEqual([])
  })
})

describe('what comes', () => {
  it('is decoded by the contract of each tab, and what does not fit is told to that tab', async () => {
    const newer = defineContract({
      name: 'shop',
      version: '2.0.0',
      channels: {
        orders: channel('orders/{orderId}', {
          params: { orderId: z.string() },
          events: { shipped: z.object({ by: z.string() }) },
        }),
      },
    })
    const [one, two] = [open(), open()]
    const carriers = new Seen<string>()
    const by = new Seen<unknown>()
    const typed = one.client.subscribe(order, 'shipped', ({ data, params }) =>
      carriers.push(data.carrier + params.orderId),
    )
    const all = two.client.subscribe(newer.orders(), (event) =>
      by.push(event.name === 'shipped' && event.data.by),
    )
    const bare = two.client.subscribe('orders/42')
    const ending = two.client.subscribe(newer.orders({ orderId: '42' }), { invalid: 'end' })
    void server.serve((exchange) => exchange.open('e.1'))
    // Whichever tab was the first, and however often the stream was exchanged for that.
    await Promise.all([typed, all, bare, ending].map(({ ready }) => ready))
    await until(() => streams().length === 1)
    const [stream] = streams()
    stream?.event('e.2', 'orders/42', 'shipped', { by: 'bike' })
    expect(await carriers.count(1)).toEqual(['bike42'])
    expect(await by.count(1)).toEqual(['bike'])
    expect(await bare.next()).toMatchObject({ value: { name: 'shipped', data: { by: 'bike' } } })
    expect(await ending.next()).toMatchObject({
      value: { params: { orderId: '42' }, id: 'e.2', topic: 'orders/42' },
    })
    stream?.write(
      'id: e.3\nevent: shipped\ntopic: orders/42\ntime: 5\nversion: 2\ntrace: 00-t\ndata: {"carrier":"car"}\n\n',
    )
    expect(await carriers.count(2)).toEqual(['bike42', 'car42'])
    expect(await bare.next()).toMatchObject({ value: { data: { carrier: 'car' }, time: 5, trace: '00-t' } })
    const error = await ending.next().catch((thrown: unknown) => thrown)
    expect(EventDataError.isInstance(error)).toBe(true)
    expect(error).toMatchObject({ reason: 'newer-version', id: 'e.3' })
    expect(two.errors.map(({ code }) => code)).toEqual(['event-data'])
    expect(one.errors).toEqual([])
    // No JSON is none for anybody.
    stream?.write('id: e.4\nevent: shipped\ntopic: orders/42\ntime: 5\ndata: {\n\n')
    await until(() => one.errors.length === 1 && two.errors.length === 3)
    expect(one.errors).toMatchObject([{ code: 'event-data', reason: 'malformed' }])
  })

  it('is a state for who takes it, and a reset for who does not, each in its own tab', async () => {
    const [one, two] = [open(), open()]
    const states = new Seen<unknown>()
    one.client.subscribe(cart, (event) => states.push(event.data))
    const first = await server.next()
    first.open('e.1', { snapshots: ['carts/7'] })
    await untilState(one.client, 'open')
    const since = new Date(0)
    const state = (exchange: Exchange, id: string, total: unknown) =>
      exchange.frame({
        id,
        event: 'millrace.snapshot',
        topic: 'carts/7',
        data: JSON.stringify({ total, since: since.toISOString() }),
      })
    state(first, 'e.2', 5)
    expect(await states.count(1)).toEqual([{ total: 5, since }])
    two.client.subscribe(cart, 'added', () => {})
    await untilState(two.client, 'open')
    first.event('e.3', 'carts/7', 'added', 1)
    expect(await states.count(2)).toEqual([{ total: 5, since }, 1])
    await until(() => streams().length === 1)
    for (const exchange of streams()) exchange.cut()
    await untilState(one.client, 'waiting')
    const answered = server
      .next()
      .then((exchange) => state(exchange.open('e.3', { verdict: 'epoch' }), 'f.9', 6))
    await until(() => states.items.length === 3, one, two)
    await answered
    expect(await states.count(3)).toMatchObject([{}, 1, { total: 6 }])
    await until(() => two.errors.length === 1)
    expect(ResetError.isInstance(two.errors[0])).toBe(true)
    expect(two.errors).toMatchObject([{ verdict: 'epoch', topic: 'carts/7', id: 'f.9' }])
    expect(one.errors).toEqual([])
    // Where both are now is where the next one goes on.
    one.crash()
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('f.9')
  })

  it('may be a state that does not fit: then it is a reset', async () => {
    const tab = open()
    const seen = new Seen<string>()
    tab.client.subscribe(cart, (event) => seen.push(event.name), { from: 'e.5' })
    ;(await server.next())
      .open('e.5', { verdict: 'ahead' })
      .frame({ id: 'e.3', event: 'millrace.snapshot', topic: 'carts/7', data: '{"total":"none"}' })
      .event('e.4', 'carts/7', 'added', 1)
    expect(await seen.count(2)).toEqual(['millrace.reset', 'added'])
    expect(tab.errors).toMatchObject([{ code: 'event-data' }])
  })

  it('is a reset where it stands among the events, and not told again by the next leader', async () => {
    const tabs = [open(), open()] as const
    const seen = new Seen<string>()
    tabs[0].client.subscribe(order, () => {}, { from: 'e.7' })
    const first = await server.next()
    tabs[1].client.subscribe(order, ({ name, id }) => seen.push(`${name} ${id}`), { from: 'e.7' })
    first.open('e.7', { verdict: 'trimmed' })
    const serve = (exchange: Exchange) =>
      exchange.open('e.7', { verdict: 'trimmed' }).reset('orders/42', 'trimmed', 'e.20').event('e.21')
    first.reset('orders/42', 'trimmed', 'e.20').event('e.21')
    const both = server.next().then(serve)
    await Promise.race([both, seen.count(2)])
    expect(await seen.count(2)).toEqual(['millrace.reset e.20', 'placed e.21'])
    tabs[0].crash()
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('e.21')
    next.open('e.21', { verdict: 'resumed' }).event('e.22')
    expect((await seen.count(3))[2]).toBe('placed e.22')
  })

  it('is a reset in one shard, after which it stands where it was in the others', async () => {
    const [one, two] = [open(), open()]
    const start = { from: 'e.1_f.1' }
    void server.serve((exchange) => exchange.open('e.1_f.1', { verdict: 'resumed' }))
    await one.client.subscribe('orders/*', () => {}, start).ready
    const seen = new Seen<string>()
    await two.client.subscribe('orders/*', ({ name }) => seen.push(name), start).ready
    await until(() => streams().length === 1)
    // However little is heard of what is said after it.
    let isTold = false
    one.loses = (message) => {
      const tells = (message as ToTab).entries?.some(({ kind }) => kind === 'reset') === true
      isTold ||= tells
      return isTold && !tells
    }
    streams()[0]?.reset('orders/*', 'epoch', 'g.0_f.1', 'g.0').event('g.1_f.1')
    expect(await seen.count(1)).toEqual(['millrace.reset'])
    const before = server.exchanges.length
    one.crash()
    await until(() => server.exchanges.length > before, two)
    expect(server.exchanges.at(-1)?.asked.lastEventId).toMatch(/^g\.0(_.*)?_f\.1$/)
  })

  it('may be the end of a topic: iterators return, and it is not asked for again', async () => {
    const [one, two] = [open(), open()]
    one.client.subscribe(order, () => {})
    ;(await server.next()).open('e.1')
    const iterator = two.client.subscribe(cart, ['added'])
    const stream = (await server.next()).open('e.1')
    await untilState(two.client, 'open')
    stream.event('e.2', 'carts/7', 'added', 1)
    stream.frame({ id: 'e.3', event: 'millrace.end', topic: 'carts/7', time: 0, data: '{}' })
    expect(await iterator.next()).toMatchObject({ value: { data: 1 } })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    await untilState(two.client, 'idle')
    stream.cut()
    await untilState(one.client, 'waiting')
    await until(() => streams().length === 1, one)
    expect((await server.next()).topics).toEqual(['orders/42'])
  })

  it('goes to a handler only when the one before has returned, and only then the place moves on', async () => {
    const [one, two] = [open(), open()]
    one.client.subscribe(order, () => {})
    const first = (await server.next()).open('e.1')
    await untilState(one.client, 'open')
    const begun = new Seen<number>()
    const waiting: (() => void)[] = []
    two.client.subscribe(order, 'placed', ({ data }) => {
      begun.push(data.total)
      return new Promise<void>((resolve) => waiting.push(resolve))
    })
    await untilState(two.client, 'open')
    first.event('e.2').event('e.3')
    await begun.count(1)
    one.crash()
    // The next one is asked once that has been handled which the one before has brought.
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
    expect(begun.items).toEqual([2])
    waiting[0]?.()
    await begun.count(2)
    waiting[1]?.()
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('e.3')
    next.open('e.3', { verdict: 'resumed' }).event('e.4')
    expect(await begun.count(3)).toEqual([2, 3, 4])
  })

  it('moves the place of a quiet topic too, so that it does not grow old', async () => {
    const [one, two] = [open(), open()]
    const subscriptions = [one, two].map(({ client }) => client.subscribe(order, () => {}))
    void server.serve((exchange) => exchange.open('e.1'))
    for (const { client } of [one, two]) await untilState(client, 'open')
    await until(() => streams().length === 1)
    streams()[0]?.write('id: e.900\n\n')
    await until(() => subscriptions.every(({ cursor }) => cursor === 'e.900'), one, two)
    const before = server.exchanges.length
    one.crash()
    // An attempt may fail, as the socket of the one before is on its way down.
    await until(() => server.exchanges.length > before, two)
    expect(server.exchanges.at(-1)?.asked.lastEventId).toBe('e.900')
  })
})

describe('a subscription', () => {
  it('is ready when the server has confirmed its place, in any tab, and stands where it has come to', async () => {
    const [one, two] = [open(), open()]
    const first = one.client.subscribe(order, () => {})
    const stream = await server.next()
    const second = two.client.subscribe(order, () => {})
    const told: string[] = []
    void first.ready.then(() => told.push('first'))
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
    expect(told).toEqual([])
    expect([first.cursor, second.cursor]).toEqual([undefined, undefined])
    stream.open('e.1')
    await first.ready
    await Promise.race([second.ready, server.next().then((next) => next.open('e.1'))])
    await second.ready
    expect([first.cursor, second.cursor]).toEqual(['e.1', 'e.1'])
    for (const exchange of streams()) exchange.event('e.2')
    await until(() => first.cursor === 'e.2' && second.cursor === 'e.2')
    // Also where nothing happens.
    for (const exchange of streams()) exchange.frame({ id: 'e.9' })
    await until(() => first.cursor === 'e.9' && second.cursor === 'e.9', one, two)
  })

  it('is not when it is refused', async () => {
    const tab = open()
    const { ready } = tab.client.subscribe(order, () => {})
    refuse(await server.next(), 403)
    const error = await ready.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'connection', status: 403 })
  })

  it('is current when all has come that there was, and not while nobody streams', async () => {
    const tabs = [open(), open()] as const
    const told: boolean[][] = [[], []]
    void server.serve((exchange) => exchange.open(exchange.asked.lastEventId ?? 'e.1', { now: 'e.3' }))
    for (const [index, { client }] of tabs.entries()) {
      const options = {
        from: 'e.1',
        '~watch': { turn: (isCurrent: boolean) => told[index]?.push(isCurrent) },
      }
      await client.subscribe(order, () => {}, options).ready
    }
    await until(() => streams().length === 1)
    expect(told.flat()).not.toContain(true)
    for (const exchange of streams()) exchange.event('e.2').event('e.3')
    await until(() => told.every((list) => list.at(-1) === true))
    tabs[0].crash()
    // First it is not, then it is again.
    await until(() => told[1]?.slice(-2).join() === 'false,true' && streams().length === 1)
  })

  it('is resumed over a new stream when its tab asks for that', async () => {
    const [one, two] = [open(), open()]
    one.client.subscribe(order, () => {})
    const first = (await server.next()).open('e.1')
    await untilState(one.client, 'open')
    const seen = new Seen<number>()
    two.client.subscribe(order, 'placed', ({ data }) => seen.push(data.total))
    await untilState(two.client, 'open')
    first.event('e.2')
    await seen.count(1)
    two.client.reconnect()
    const next = await server.next()
    expect(next.asked.lastEventId).toBe('e.2')
    next.open('e.2', { verdict: 'resumed' }).event('e.3')
    expect(await seen.count(2)).toEqual([2, 3])
    await until(() => first.gone)
  })
})

describe('a tab that is to have no stream while nobody sees it', () => {
  it('takes no part meanwhile, and then goes on when what it was handling is done', async () => {
    const page = FakePage.use()
    void server.serve((exchange) => exchange.open(exchange.asked.lastEventId ?? 'e.1'))
    const tab = open({ whenHidden: 'pause' })
    const seen = new Seen<number>()
    let finish = () => {}
    tab.client.subscribe(order, 'placed', ({ data }) => {
      seen.push(data.total)
      return new Promise<void>((resolve) => {
        finish = resolve
      })
    })
    await untilState(tab.client, 'open')
    streams()[0]?.event('e.2')
    await seen.count(1)
    page.hide(true)
    await untilState(tab.client, 'paused')
    await until(() => streams().length === 0 && origin.locks.count(() => true) === 0)
    page.hide(false)
    await untilState(tab.client, 'connecting')
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate)
    expect(server.exchanges).toHaveLength(1)
    finish()
    await untilState(tab.client, 'open')
    expect(server.exchanges.at(-1)?.asked.lastEventId).toBe('e.2')
    expect(seen.items).toEqual([2])
  })
})

describe('the status', () => {
  it('is that of the stream, in every tab that wants something', async () => {
    const [one, two, idle] = [open(), open(), open()]
    const told: string[] = []
    two.client.onStatus(({ state }) => told.push(state))
    one.client.subscribe(order, () => {})
    two.client.subscribe(order, () => {})
    ;(await server.next()).open('e.1')
    await untilState(one.client, 'open')
    await untilState(two.client, 'open')
    void server.serve((exchange) => refuse(exchange, 503))
    for (const exchange of streams()) exchange.cut()
    const { cause, nextAttemptAt } = await untilState(two.client, 'waiting')
    expect(ConnectionError.isInstance(cause)).toBe(true)
    expect(nextAttemptAt).toBeGreaterThan(two.clock.now())
    expect(told.slice(0, 2)).toEqual(['connecting', 'open'])
    expect(idle.client.status.state).toBe('idle')
  })

  it('tells a listener that throws to the tab whose it is', async () => {
    const tab = open()
    tab.client.onStatus(() => {
      throw new Error('no')
    })
    tab.client.subscribe(order, () => {})
    await until(() => tab.errors.length > 0)
    expect(HandlerError.isInstance(tab.errors[0])).toBe(true)
  })
})

// Node has locks of its own from 24 on; in older ones, and where none are handed in, the locks of a test stand for them.
it.skipIf(!globalThis.navigator?.locks)('is done by what the runtime has itself', async () => {
  const own = { locks: undefined as never, openChannel: undefined as never }
  const [one, two] = [origin.open({ url: server.url }, own), origin.open({ url: server.url }, own)]
  const seen = new Seen<number>()
  void server.serve((exchange) => exchange.open('e.1'))
  for (const { client } of [one, two]) {
    client.subscribe(order, 'placed', ({ data }) => seen.push(data.total))
    await untilState(client, 'open')
  }
  await until(() => streams().length === 1)
  streams()[0]?.event('e.2')
  expect(await seen.count(2)).toEqual([2, 2])
  const before = server.exchanges.length
  await one.client.close()
  await until(() => server.exchanges.length > before && streams().length === 1)
  streams()[0]?.event('e.3')
  expect(await seen.count(3)).toEqual([2, 2, 3])
  expect([...one.errors, ...two.errors]).toEqual([])
})

describe('closing', () => {
  it('leaves nothing: no stream, no lock, no subscription, and can be repeated', async () => {
    const tab = open()
    const iterator = tab.client.subscribe(order)
    ;(await server.next()).open('e.1')
    await untilState(tab.client, 'open')
    const closing = tab.client.close()
    expect(tab.client.close()).toBe(closing)
    await closing
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(tab.client.status).toEqual({ state: 'closed' })
    expect(() => tab.client.subscribe(order)).toThrow(TypeError)
    await until(() => streams().length === 0 && origin.locks.count(() => true) === 0)
  })

  it.each([0, 1, 2, 3, 5, 8, 13])(
    'is possible at any moment: %d turns after the first subscription',
    async (turns) => {
      void server.serve((exchange) => exchange.open('e.1'))
      const [one, two] = [open(), open()]
      for (const { client } of [one, two]) client.subscribe(order, () => {})
      for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate)
      await one.client.close()
      await untilState(two.client, 'open')
      await two.client.close()
      await until(() => streams().length === 0 && origin.locks.count(() => true) === 0)
      expect([...one.errors, ...two.errors]).toEqual([])
    },
  )
})

describe('where tabs cannot share', () => {
  const denied = new DOMException('The request was denied', 'SecurityError')
  const cases: Record<string, Parameters<typeof origin.open>[1]> = {
    'locks are refused': { locks: { request: () => Promise.reject(denied) } },
    'locks throw': {
      locks: {
        request() {
          throw denied
        },
      },
    },
    'channels throw': {
      openChannel() {
        throw denied
      },
    },
  }
  it.each(Object.keys(cases))(
    'because %s, each has a stream of its own, and is told so once',
    async (title) => {
      const tabs = [0, 1].map(() => origin.open({ url: server.url }, cases[title]))
      const seen = new Seen<number>()
      for (const { client } of tabs) {
        client.subscribe(order, 'placed', ({ data }) => seen.push(data.total))
        ;(await server.next()).open('e.1').event('e.2')
      }
      expect(await seen.count(2)).toEqual([2, 2])
      for (const tab of tabs) await checkAlone(tab)
    },
  )

  it.each([
    ['as in an insecure page', 'navigator', { locks: undefined as never }, 'there are no Web Locks'],
    [
      'as where a browser is old',
      'BroadcastChannel',
      { openChannel: undefined as never },
      'there is no BroadcastChannel',
    ],
  ] as const)('because there is nothing to do it with, %s, either', async (_, name, options, what) => {
    // Node has locks of its own from 24 on.
    vi.stubGlobal('navigator', name === 'navigator' ? {} : { locks: origin.locks })
    if (name === 'BroadcastChannel') vi.stubGlobal(name, undefined)
    try {
      const tab = origin.open({ url: server.url }, options)
      tab.client.subscribe(order, () => {})
      ;(await server.next()).open('e.1')
      await checkAlone(tab)
      expect(tab.errors[0]).toMatchObject({ code: 'share', cause: { message: what } })
    } finally {
      vi.unstubAllGlobals()
    }
  })

  async function checkAlone({ client, errors }: Tab): Promise<void> {
    await untilState(client, 'open')
    expect(errors).toHaveLength(1)
    expect(ShareError.isInstance(errors[0])).toBe(true)
    expect(errors[0]?.message).toMatch(/^No stream is shared among tabs, this one has its own: \w/)
    const other = client.subscribe(cart, ['added'])
    ;(await server.next()).open('e.1').event('e.2', 'carts/7', 'added', 3)
    expect(await other.next()).toMatchObject({ value: { data: 3 } })
    other.close()
    await client.close()
    expect(client.status.state).toBe('closed')
    expect(errors).toHaveLength(1)
  }
})
