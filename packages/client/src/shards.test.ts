import { memoryLog, shards } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventually, Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { createEventClient, type Subscription } from './index.ts'
import { cart, order, shop } from './shop.fixture.ts'
import { state } from './state.ts'
import type { Exchange } from './stream-server.fixture.ts'

const harness = useHarness()
const other = shop.orders({ orderId: '43' })
const every = shop.orders({})

const place = (stream: Exchange, id: string, topic = 'orders/42') =>
  stream.event(id, topic, 'placed', { total: 1 })

/** Cuts a stream, and gives the next one's starts: of topics without one of their own, and the topics. */
async function comeBack(stream: Exchange): Promise<[string | undefined, string[]]> {
  const { clock, server } = harness
  stream.cut()
  await clock.timer(1_000)
  clock.advance(1_000)
  const { asked, topics } = await server.next()
  return [asked.lastEventId, topics]
}

describe('a stream over several shards', () => {
  it('is resumed in each of them, whichever its last event was in', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    const all = client.subscribe(every, ({ id }) => told.push(id))
    const one = client.subscribe(order, ({ id }) => told.push(id))
    const stream = (await server.next()).open('a.1_b.1')
    place(stream, 'b.2_a.1', 'orders/43')
    place(stream, 'a.2_b.2')
    stream.frame({ id: 'b.4_a.2' })
    await told.count(3)
    expect(await comeBack(stream)).toEqual(['b.4_a.2', ['orders/*', 'orders/42']])
    expect([all.cursor, one.cursor]).toEqual(['b.4_a.2', 'b.4_a.2'])
  })

  it('that begins further back in one of them repeats nothing to who was further, also when it is cut', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    const follow = (who: string, from: string) =>
      client.subscribe(every, ({ id }) => told.push(`${who} ${id}`), { from })
    follow('one', 'a.9_b.2')
    follow('two', 'b.5_a.4')
    const stream = (await server.next()).open('a.4_b.2', { verdict: 'resumed', now: 'a.9_b.6' })
    place(stream, 'a.5_b.2')
    place(stream, 'b.3_a.5', 'orders/43')
    place(stream, 'b.6_a.5', 'orders/43')
    // Each id says where its own subscription stands, so that it repeats nothing to who goes on from it either.
    expect(await told.count(4)).toEqual(['two a.5_b.5', 'one b.3_a.9', 'one b.6_a.9', 'two b.6_a.5'])
    expect(await comeBack(stream)).toEqual(['b.6_a.9', ['orders/*', 'orders/*;from=b.6_a.5']])
  })

  it('leads no loop back in one of them where it began further back for others', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(every, () => {}, { from: 'a.1_b.1' })
    const loop = client.subscribe(every, { from: 'a.1_b.3' })
    const stream = (await server.next()).open('a.1_b.1', { verdict: 'resumed', now: 'a.2_b.3' })
    place(stream, 'a.2_b.1')
    place(stream, 'b.3_a.2', 'orders/43')
    place(stream, 'b.4_a.2', 'orders/43')
    expect((await loop.next()).value).toMatchObject({ id: 'a.2_b.3' })
    void loop.next()
    expect(loop.cursor).toBe('a.2_b.3')
  })

  it('is up to date once it is so in all of them', async () => {
    const { server, createClient, clock } = harness
    const told = new Seen<string>()
    const client = createClient()
    client.subscribe(every, ({ id }) => told.push(id), { from: 'a.1_b.1' })
    const initial = { state: 0, id: 'a.1_b.1' }
    const followed = state(
      client,
      cart,
      { snapshot: () => 0, added: (count) => count + 1, emptied: () => 0 },
      { clock, initial },
    )
    const stream = (await server.next()).open('a.1_b.1', { verdict: 'resumed', now: 'a.2_b.2' })
    place(stream, 'a.2_b.1')
    await told.count(1)
    expect(followed.status).toBe('loading')
    place(stream, 'b.2_a.2', 'orders/43')
    await eventually(() => expect(followed.status).toBe('live'))
  })

  it('takes in who comes later, where it stands in all of them', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    client.subscribe(every, ({ id }) => told.push(id))
    const stream = (await server.next()).open('a.1_b.1')
    place(stream, 'b.2_a.1', 'orders/43')
    await told.count(1)
    const late = client.subscribe(every, () => {})
    await late.ready
    expect(late.cursor).toBe('b.2_a.1')
  })
})

describe('what is told of one shard', () => {
  const listen = (who: string, told: Seen<string>) => {
    return ({ name, id, data }: { name: string; id: string; data: unknown }) => {
      const verdict = name === 'millrace.reset' ? ` ${(data as { verdict: string }).verdict}` : ''
      told.push(`${who} ${id}${verdict}`)
    }
  }

  it('leads a topic there elsewhere, and another on where it was', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    client.subscribe(order, listen('one', told), { from: 'a.5_b.5' })
    client.subscribe(other, listen('other', told), { from: 'a.5_b.5' })
    const stream = (await server.next()).open('a.5_b.5', { verdict: 'epoch', now: 'c.3_b.7' })
    stream.reset('orders/42', 'epoch', 'c.0_b.5', 'c.0')
    place(stream, 'c.1_b.5')
    place(stream, 'b.6_c.1', 'orders/43')
    expect(await told.count(3)).toEqual(['one c.0 epoch', 'one c.1_b.5', 'other b.6_c.1'])
    expect(await comeBack(stream)).toEqual(['b.6_c.1', ['orders/42', 'orders/43']])
  })

  it.each([
    // The log went back, and so does it.
    ['ahead', 'a.50'],
    ['trimmed', 'a.5'],
    ['epoch', 'old.5'],
  ])('leads a pattern elsewhere there alone: %s', async (verdict, before) => {
    const at = 'a.20'
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    client.subscribe(every, listen('one', told), { from: `${before}_b.9` })
    // Because of whom the stream begins further back in the other.
    client.subscribe(every, listen('two', told), { from: `b.7_${at}` })
    const stream = (await server.next()).open(`${before}_b.7`, { verdict })
    stream.reset('orders/*', verdict, `b.7_${at}`, at)
    place(stream, `b.8_${at}`, 'orders/43')
    place(stream, 'a.21_b.8')
    expect(await told.count(4)).toEqual([
      `one ${at} ${verdict}`,
      'two b.8_a.20',
      // It stood further on there.
      'one a.21_b.9',
      'two a.21_b.8',
    ])
    expect(await comeBack(stream)).toEqual(['a.21_b.9', ['orders/*', 'orders/*;from=a.21_b.8']])
  })

  it('is told to a pattern for each of them, and its cursor holds nothing of what was before', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    const all = client.subscribe(every, listen('all', told), { from: 'a.1_b.1' })
    const stream = (await server.next()).open('a.1_b.1', { verdict: 'resumed' })
    let count = 0
    for (const life of ['c', 'd', 'e']) {
      const [one, two] = [`${life}x`, `${life}y`]
      stream.reset('orders/*', 'epoch', undefined, `${one}.0`)
      stream.reset('orders/*', 'epoch', `${one}.0_${two}.0`, `${two}.0`)
      count += 2
      expect((await told.count(count)).slice(-2)).toEqual([`all ${one}.0 epoch`, `all ${two}.0 epoch`])
      await eventually(() => expect(all.cursor).toBe(`${one}.0_${two}.0`))
    }
    place(stream, 'ey.1_ex.0')
    await told.count(count + 1)
    expect(await comeBack(stream)).toEqual(['ey.1_ex.0', ['orders/*']])
  })

  it('is a state of its topic at a place there', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    client.subscribe(cart, ({ id }) => told.push(id), { from: 'a.5_b.5' })
    client.subscribe(other, ({ id }) => told.push(id), { from: 'a.5_b.5' })
    const stream = (await server.next()).open('a.5_b.5', { verdict: 'epoch', snapshots: ['carts/7'] })
    stream.frame({
      id: 'c.3_b.5',
      event: 'millrace.snapshot',
      topic: 'carts/7',
      at: 'c.4',
      data: '{"total":1,"since":"2026-11-20T12:00:00.000Z"}',
    })
    place(stream, 'b.6_c.3', 'orders/43')
    stream.event('c.4_b.6', 'carts/7', 'added', 1)
    stream.event('c.5_b.6', 'carts/7', 'added', 1)
    expect(await told.count(3)).toEqual(['c.4', 'b.6_c.3', 'c.5_b.6'])
    expect(await comeBack(stream)).toEqual(['c.5_b.6', ['carts/7', 'orders/43']])
  })

  it('is a state in the place of what was trimmed there, while another shard begins anew', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    client.subscribe(cart, ({ name, id }) => told.push(`${name} ${id}`), { from: 'b.1' })
    client.subscribe(order, ({ name, id }) => told.push(`${name} ${id}`), { from: 'a.5' })
    const stream = (await server.next()).open('a.5_b.1', {
      verdict: 'trimmed',
      now: 'c.0_b.5',
      snapshots: ['carts/7'],
    })
    stream.frame({
      event: 'millrace.snapshot',
      topic: 'carts/7',
      at: 'b.4',
      data: '{"total":1,"since":"2026-11-20T12:00:00.000Z"}',
    })
    stream.reset('orders/42', 'epoch', 'c.0_b.4', 'c.0')
    stream.event('b.5_c.0', 'carts/7', 'added', 1)
    expect(await told.count(3)).toEqual(['millrace.snapshot b.4', 'millrace.reset c.0', 'added b.5_c.0'])
  })

  it('is a state for who waits for it, and leads nobody back who was further', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    const follow = (who: string, from: 'now' | (string & {})) =>
      client.subscribe(cart, ({ name, id }) => told.push(`${who} ${name} ${id}`), { from })
    follow('one', 'now')
    client.subscribe(every, () => {}, { from: 'b.5_c.1' })
    // Of its own shard the stream has no place before the state is told.
    const waiting = { now: 'a.3_b.5_c.1', snapshots: ['carts/7'] }
    ;(await server.next()).open('b.5_c.1', { verdict: 'resumed', ...waiting })
    await untilState(client, 'open')
    follow('two', 'a.3')
    const second = (await server.next()).open('b.5_c.1', { verdict: 'epoch', ...waiting })
    second.frame({
      id: 'a.2_b.5_c.1',
      event: 'millrace.snapshot',
      topic: 'carts/7',
      at: 'a.2',
      data: '{"total":1,"since":"2026-11-20T12:00:00.000Z"}',
    })
    second.event('a.3_b.5_c.1', 'carts/7', 'added', 1)
    second.event('a.4_b.5_c.1', 'carts/7', 'added', 1)
    expect(await told.count(4)).toEqual([
      'one millrace.snapshot a.2',
      'one added a.3_b.5_c.1',
      'one added a.4_b.5_c.1',
      'two added a.4_b.5_c.1',
    ])
  })
})

describe('a client and a server on shards', () => {
  it('whatever is published, wherever it is cut and whoever comes and goes: each event once, and in order', async () => {
    const ids = ['1', '2', '3', '4', '5']
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2, max: 4 }),
        fc.array(fc.constantFrom('*', ...ids), { minLength: 1, maxLength: 4 }),
        // How many bytes each stream brings before it breaks off, and what happens meanwhile: a publication or another subscription.
        fc.array(fc.integer({ min: 1, max: 2_500 }), { maxLength: 12 }),
        fc.array(fc.constantFrom('*', ...ids), { maxLength: 40 }),
        async (count, asked, lengths, published) => {
          const log = shards(Array.from({ length: count }, () => memoryLog()))
          const events = createEventServer({ contract: shop, log, retry: 1, heartbeat: 60_000 })
          const from = await events.position()
          const errors: unknown[] = []
          const client = createEventClient({
            url: 'http://server.test/events',
            fetch: cutting((request) => events.fetch(request), lengths),
            onError: (error) => errors.push(error),
            backoff: { base: 1, floor: 1, cap: 2 },
          })
          const followers: {
            readonly id: string
            readonly seen: Map<string, number[]>
            readonly subscription: Subscription
          }[] = []
          const follow = (id: string) => {
            const seen = new Map<string, number[]>()
            const topic = id === '*' ? every : shop.orders({ orderId: id })
            const subscription = client.subscribe(
              topic,
              (event) => {
                if (event.name !== 'placed') errors.push(event)
                else seen.set(event.topic, [...(seen.get(event.topic) ?? []), event.data.total])
              },
              { from },
            )
            followers.push({ id, seen, subscription })
          }
          for (const id of asked) follow(id)
          const all = new Map<string, number[]>()
          for (const [index, step] of published.entries()) {
            // Now and then somebody comes who wants all from the beginning, so that another stream is asked for.
            if (step === '*') follow(ids[index % ids.length] as string)
            else {
              const topic = shop.orders({ orderId: step })
              all.set(topic.address, [...(all.get(topic.address) ?? []), index])
              await events.publish(topic, 'placed', { total: index })
            }
          }
          const wanted = (id: string) =>
            [...all].filter(([topic]) => id === '*' || topic === `orders/${id}`).sort()
          await eventually(() => {
            for (const { id, seen } of followers) expect([...seen].sort()).toEqual(wanted(id))
          })
          // What would come twice has come by then.
          const last = await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: -1 })
          expect(last.id).toMatch(/\./)
          await client.close()
          await events.close({ drain: 0 })
          for (const { id, seen } of followers) {
            const totals = [...seen].map(
              ([topic, all]) => [topic, all.filter((total) => total >= 0)] as const,
            )
            expect(totals.filter(([, all]) => all.length > 0).sort()).toEqual(wanted(id))
          }
          expect(errors).toEqual([])
        },
      ),
      { numRuns: 25 },
    )
  })
})

type Fetch = (request: Request) => Promise<Response>

/** A fetch whose streams break off after so many bytes, one number for each stream; later ones are whole. */
function cutting(fetch: Fetch, lengths: readonly number[]): Fetch {
  let streams = 0
  return async (request) => {
    const response = await fetch(request)
    const length = lengths[streams]
    streams += 1
    if (length === undefined || response.body === null) return response
    const reader = response.body.getReader()
    let left = length
    const body = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const read = left > 0 ? await reader.read() : { done: true as const, value: undefined }
        if (!read.done) {
          controller.enqueue(read.value.slice(0, left))
          left -= read.value.length
        }
        if (!read.done && left > 0) return
        await reader.cancel()
        controller.error(new TypeError('cut'))
      },
      cancel: () => reader.cancel(),
    })
    return new Response(body, response)
  }
}
