import { setTimeout as delay } from 'node:timers/promises'
import { channel, defineContract } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { eventually, Seen, untilState, useHarness } from '../client-harness.fixture.ts'
import { createEventClient, onConnection } from '../index.ts'
import { longPolling } from '../polling.ts'
import { cart, order } from '../shop.fixture.ts'
import { type StateStatus, state } from '../state.ts'
import type { Exchange } from '../stream-server.fixture.ts'
import { System } from '../system.fixture.ts'
import { HoldingProxy } from './holding-proxy.fixture.ts'

const harness = useHarness()

const isPoll = ({ asked }: Exchange) => asked.poll === true
const bye = { event: 'millrace.bye', data: '{"reason":"poll","retryable":true}' } as const

/** Lets two streams pass that bring no first frame, so that the client polls. */
async function hold(): Promise<void> {
  const { server, clock } = harness
  for (const wait of [500, 0]) {
    const stream = (await server.next()).head()
    expect(isPoll(stream)).toBe(false)
    await clock.timer(10_000)
    clock.advance(10_000)
    await stream.closed
    if (wait > 0) await clock.timer(wait)
    clock.advance(wait)
  }
}

describe('behind a proxy that holds every answer back until it is complete', () => {
  const numbers = defineContract({
    name: 'numbers',
    version: '1.0.0',
    channels: { counts: channel('counts/{of}', { events: { counted: z.int() } }) },
  })

  it('a client polls, and streams again when it no longer does; each event comes once and in order', async () => {
    const log = memoryLog()
    const system = await System.start(() => createEventServer({ contract: numbers, log, retry: 1 }))
    const proxy = await HoldingProxy.start(system.url, true)
    const errors: unknown[] = []
    const client = createEventClient({
      url: proxy.url,
      connectTimeout: 200,
      polling: longPolling({ retryStreamAfter: 700 }),
      onError: (error) => errors.push(error),
    })
    const topic = numbers.counts({ of: 'a' })
    const [a, b] = [new Seen<number>(), new Seen<number>()]
    client.subscribe(topic, ({ data }) => a.push(data as number), { from: 'earliest' })
    let next = 0
    const publish = async (count: number) => {
      for (let published = 0; published < count; published++)
        await system.events.publish(topic, 'counted', next++)
    }
    await publish(1)
    await a.count(1)
    expect(proxy.asked).toEqual(['stream', 'stream', 'poll'])
    // In a moment in which it waits for the answer to the next poll.
    await expect.poll(() => proxy.open).toBe(1)
    expect(client.status).toEqual({ state: 'open' })
    client.subscribe(topic, ({ data }) => b.push(data as number), { from: 'earliest' })
    await b.count(1)
    for (let round = 0; round < 5; round++) {
      proxy.holds = round % 2 === 1
      await publish(3)
      await b.count(next)
      await a.count(next)
      await delay(300)
      await publish(3)
      await a.count(next)
    }
    proxy.holds = false
    while (proxy.asked.at(-1) !== 'stream') {
      await publish(1)
      await a.count(next)
    }
    // The stream lasts: what comes now needs no request.
    await untilState(client, 'open')
    const { length } = proxy.asked
    await publish(50)
    const all = Array.from({ length: next }, (_, index) => index)
    expect(await a.count(next)).toEqual(all)
    expect(await b.count(next)).toEqual(all)
    expect(proxy.asked).toHaveLength(length)
    expect(proxy.mostOpen).toBeLessThanOrEqual(2)
    expect(errors).toEqual([])
    await client.close()
    await proxy.stop()
    await system.stop()
  })
})

describe('long polling', () => {
  const createClient = () => harness.createClient({ polling: longPolling() })

  it('asks again at once, from where it is, and is open all the while', async () => {
    const { server } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(order, ({ id }) => seen.push(id))
    await hold()
    const states: string[] = []
    client.onStatus(({ state }) => states.push(state))
    for (const number of [1, 2, 3]) {
      const poll = await server.next()
      expect(isPoll(poll)).toBe(true)
      expect(poll.asked.lastEventId).toBe(number === 1 ? undefined : `k.${number - 1}`)
      poll
        .open(`k.${number - 1}`)
        .event(`k.${number}`)
        .frame(bye)
        .end()
      await seen.count(number)
    }
    await server.next()
    expect(states).toEqual(['open'])
    expect(seen.items).toEqual(['k.1', 'k.2', 'k.3'])
  })

  it('waits for an answer longer than for a stream', async () => {
    const { server, clock } = harness
    const client = createClient()
    client.subscribe(order)
    await hold()
    const poll = await server.next()
    await clock.timer(70_000)
    clock.advance(69_999)
    expect(poll.gone).toBe(false)
    clock.advance(1)
    expect((await untilState(client, 'waiting')).cause).toMatchObject({ reason: 'timeout' })
  })

  it('tries a stream again after a minute, and after two when that is of no use', async () => {
    const { server, clock } = harness
    const client = createClient()
    client.subscribe(order)
    await hold()
    const answer = async (passes: number) => {
      const poll = await server.next()
      clock.advance(passes)
      poll.open('k.0').frame(bye).end()
      return isPoll(poll)
    }
    expect(await answer(59_000)).toBe(true)
    expect(await answer(1_000)).toBe(true)
    const stream = await server.next()
    expect(isPoll(stream)).toBe(false)
    await clock.timer(10_000)
    clock.advance(10_000)
    expect(await answer(60_000)).toBe(true)
    expect(await answer(59_000)).toBe(true)
    expect(await answer(1_000)).toBe(true)
    const good = (await server.next()).open('k.0')
    expect(isPoll(good)).toBe(false)
    await clock.timer(37_500)
    clock.advance(15_000)
    good.end()
    await untilState(client, 'waiting')
    clock.advance(30_000)
    expect(isPoll(await server.next())).toBe(false)
  })

  it.each(['ends', 'is cut', 'falls silent'])(
    'takes over when a stream %s soon, twice, and not when one has lasted in between',
    async (how) => {
      const { server, clock } = harness
      const client = createClient()
      client.subscribe(order)
      for (const lasts of [1_000, 60_000, 1_000, 1_000]) {
        const stream = await server.next()
        expect(isPoll(stream)).toBe(false)
        stream.open('k.0', { heartbeat: 400 })
        await clock.timer(1_000)
        for (let beat = 500; beat < lasts; beat += 500) {
          clock.advance(500)
          const heard = clock.asked()
          stream.write(':\n')
          await heard
        }
        if (how === 'ends') stream.end()
        else if (how === 'is cut') stream.cut()
        else clock.advance(1_000)
        await stream.closed
        for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate)
        if (client.status.state === 'waiting') clock.advance(30_000)
      }
      expect(isPoll(await server.next())).toBe(true)
    },
  )

  it('does not take over for a server that is away, refuses, or says good-bye', async () => {
    const { server, clock } = harness
    const client = createClient()
    client.subscribe(order)
    for (let round = 0; round < 3; round++) {
      for (const answer of [
        (exchange: Exchange) => exchange.cut(),
        (exchange: Exchange) => exchange.answer(503),
        (exchange: Exchange) =>
          exchange.open('k.0').frame({ event: 'millrace.bye', data: '{"reason":"drain","retryable":true}' }),
      ]) {
        const exchange = await server.next()
        expect(isPoll(exchange)).toBe(false)
        answer(exchange)
        await untilState(client, 'waiting')
        clock.advance(30_000)
        await untilState(client, 'connecting')
      }
    }
  })

  it('whose answer ends as polls do is a loss for nobody; one that fails is', async () => {
    const { server, clock } = harness
    const client = createClient()
    const snapshot = { snapshots: [cart.address] }
    const told = new Seen<string>()
    onConnection(client, { lost: () => told.push('lost'), restored: () => told.push('restored') })
    const totals = state(
      client,
      cart,
      { snapshot: ({ total }) => total, added: (total, { data }) => total + data },
      { clock },
    )
    await hold()
    told.items.length = 0
    const statuses: StateStatus[] = []
    totals.subscribe(() => statuses.push(totals.status))
    const data = JSON.stringify({ total: 10, since: '2026-11-20T12:00:00.000Z' })
    ;(await server.next())
      .open('0.0', snapshot)
      .frame({ id: 'k.5', event: 'millrace.snapshot', topic: cart.address, data })
      .frame(bye)
      .end()
    // More than may follow each other without a pause.
    for (let number = 6; number < 40; number++) {
      if (number === 25) {
        await clock.timer(1_000)
        clock.advance(1_000)
      }
      ;(await server.next())
        .open(`k.${number - 1}`, { verdict: 'resumed' })
        .event(`k.${number}`, cart.address, 'added', 1)
        .frame(bye)
        .end()
    }
    const failing = await server.next()
    await eventually(() => expect([totals.status, totals.value]).toEqual(['live', 44]))
    expect(new Set(statuses.slice(statuses.indexOf('live')))).toEqual(new Set(['live']))
    expect([told.items, client.status]).toEqual([['restored'], { state: 'open' }])
    failing.cut()
    await eventually(() => expect(totals.status).toBe('stale'))
    expect(told.items).toEqual(['restored', 'lost'])
  })

  it('is no storm where a server answers at once with nothing', async () => {
    const { server, clock } = harness
    const client = createClient()
    client.subscribe(order)
    await hold()
    for (let poll = 0; poll < 20; poll++) (await server.next()).open('k.0').frame(bye).end()
    // Half of the 2,000 that the server proposed: polls that are answered are no failures.
    await clock.timer(1_000)
    expect(clock.pending).toEqual([1_000])
    expect(client.status).toEqual({ state: 'open' })
    clock.advance(999)
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(server.exchanges).toHaveLength(22)
    clock.advance(1)
    expect(isPoll(await server.next())).toBe(true)
  })

  it('does not let a new subscription wait for the answer to a poll', async () => {
    const { server } = harness
    const client = createClient()
    client.subscribe(order, () => {}, { from: 'k.0' })
    await hold()
    const poll = await server.next()
    client.subscribe('orders/7', () => {})
    await poll.closed
    const next = await server.next()
    expect(next.topics).toEqual(['orders/42', 'orders/7;from=now'])
    // It has nobody's place yet who began now, so that it is not given up.
    client.subscribe('orders/8', () => {})
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(next.gone).toBe(false)
    next.open('k.0', { now: 'k.5' }).frame(bye).end()
    expect((await server.next()).topics).toEqual(['orders/42', 'orders/7;from=k.5', 'orders/8;from=now'])
  })

  it('ends with the client, and leaves no timer', async () => {
    const { server, clock } = harness
    const client = createClient()
    client.subscribe(order)
    await hold()
    const poll = await server.next()
    await client.close()
    await poll.closed
    expect(clock.pending).toEqual([])
  })
})
