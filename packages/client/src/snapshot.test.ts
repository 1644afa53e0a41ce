import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import type { EventHandlers } from './event-client.ts'
import { cart, order, shop } from './shop.fixture.ts'
import type { Exchange } from './stream-server.fixture.ts'

const harness = useHarness()

const since = '2026-11-20T12:00:00.000Z'
const state = (total: number) => JSON.stringify({ total, since })
const snapshotOf = (total: number, id: string) => ({
  name: 'millrace.snapshot',
  data: { total, since: new Date(since) },
  params: { cartId: '7' },
  topic: 'carts/7',
  id,
})
const resetAt = (id: string, verdict: string) => ({
  name: 'millrace.reset',
  data: { verdict },
  topic: 'carts/7',
  id,
})
/** Where each topic of a request is to start. */
const placesOf = ({ asked }: Exchange) =>
  asked.topics.map(({ address, from = asked.lastEventId }) => `${address} ${from}`).sort()
/** What the server says where a state follows. */
const waiting = { snapshots: ['carts/7'], now: 'k.5' }
const frame = (id: string, total: number, at?: string) => ({
  id,
  event: 'millrace.snapshot',
  topic: 'carts/7',
  ...(at === undefined ? {} : { at }),
  data: state(total),
})

describe('a topic that begins with its state', () => {
  it('is given it, typed, in the place of what came before, and then its events', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<unknown>()
    const client = createClient()
    client.subscribe(cart, {
      added: ({ data, id }) => seen.push([data, id]),
      'millrace.snapshot': seen.push,
    })
    const first = await server.next()
    expect(first.topics).toEqual(['carts/7;from=now;events=added,millrace.snapshot'])
    first.open('0.0', waiting).frame(frame('k.5', 40)).event('k.6', 'carts/7', 'added', 2)
    expect(await seen.count(2)).toEqual([snapshotOf(40, 'k.5'), [2, 'k.6']])
    first.cut()
    await untilState(client, 'waiting')
    harness.clock.advance(2_000)
    expect((await server.next()).asked).toMatchObject({ lastEventId: 'k.6' })
    expect(errors).toEqual([])
  })

  it.each([
    ['an iterator', (harness_: typeof harness) => harness_.createClient().subscribe(cart)],
    ['an iterator by names', (h: typeof harness) => h.createClient().subscribe(cart, ['millrace.snapshot'])],
  ])('is given it in %s', async (_, subscribe) => {
    const iterator = subscribe(harness)
    const stream = (await harness.server.next()).open('0.0', waiting)
    stream.frame(frame('k.5', 40))
    expect((await iterator.next()).value).toEqual(snapshotOf(40, 'k.5'))
  })

  it('by its bare address has it as it is on the wire', async () => {
    const iterator = harness.createClient().subscribe('carts/7')
    const stream = (await harness.server.next()).open('0.0', waiting)
    stream.frame(frame('k.5', 40))
    const { params: _, ...bare } = snapshotOf(40, 'k.5')
    expect((await iterator.next()).value).toEqual({ ...bare, data: { total: 40, since } })
  })

  it('and is cut before, comes back from nowhere, is told, and loses nothing', async () => {
    const { server, createClient, clock, errors } = harness
    const seen = new Seen<unknown>()
    const client = createClient()
    client.subscribe(cart, seen.push)
    const first = (await server.next()).open('0.0', waiting)
    await untilState(client, 'open')
    first.cut()
    await untilState(client, 'waiting')
    clock.advance(2_000)
    const second = await server.next()
    expect(placesOf(second)).toEqual(['carts/7 0.0'])
    // The state could not be had this time, so it is told what that means.
    second.open('0.0', { verdict: 'epoch', snapshots: ['carts/7'] }).reset('carts/7', 'epoch', 'k.2')
    second.event('k.3', 'carts/7', 'added', 3)
    expect(await seen.count(2)).toMatchObject([resetAt('k.2', 'epoch'), { id: 'k.3' }])
    expect(errors).toEqual([])
  })

  it('and for which there is none after all, begins where now was', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<string>()
    const orders = new Seen<string>()
    const client = createClient()
    client.subscribe(cart, ({ id }) => seen.push(id))
    client.subscribe(order, ({ id }) => orders.push(id), { from: 'k.1' })
    const first = await server.next()
    first.open('k.1', { verdict: 'resumed', ...waiting }).frame({ id: 'k.2' })
    first.event('k.3')
    await orders.count(1)
    client.subscribe(shop.stock({ item: '1' }))
    const second = await server.next()
    expect(placesOf(second)).toEqual(['carts/7 k.5', 'orders/42 k.3', 'stock/1 now'])
    second.open('k.3', { now: 'k.6' }).event('k.6', 'carts/7', 'added', 1)
    expect(await seen.count(1)).toEqual(['k.6'])
    expect(errors).toEqual([])
  })

  it('and for which there is none, is told so by an id alone, be it the one that the stream began at', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<string>()
    const replayed = new Seen<string>()
    const client = createClient()
    const { ready } = client.subscribe(cart, ({ id }) => seen.push(id))
    client.subscribe(cart, ({ id }) => replayed.push(id), { from: 'k.1' })
    const first = await server.next()
    first.open('k.1', { verdict: 'resumed', ...waiting }).frame({ id: 'k.1' })
    await ready
    for (const id of ['k.2', 'k.6']) first.event(id, 'carts/7', 'added', 1)
    expect(await replayed.count(2)).toEqual(['k.2', 'k.6'])
    expect(await seen.count(1)).toEqual(['k.6'])
    expect(errors).toEqual([])
  })

  it('and that has been closed before, has nobody told of it who stands there already', async () => {
    const { server, createClient, errors } = harness
    const replayed = new Seen<string>()
    const client = createClient()
    client.subscribe(cart, { added: ({ id }) => replayed.push(id) }, { from: 'k.5' })
    const waits = client.subscribe(cart, () => {})
    const stream = (await server.next()).open('k.5', { verdict: 'resumed', ...waiting })
    await untilState(client, 'open')
    waits.close()
    stream.frame(frame('k.5', 40)).event('k.6', 'carts/7', 'added', 1)
    expect(await replayed.count(1)).toEqual(['k.6'])
    expect(errors).toEqual([])
  })

  it('keeps its own place beside one that is replayed', async () => {
    const { server, createClient, clock } = harness
    const seen = new Seen<string>()
    const client = createClient()
    client.subscribe(cart, ({ id }) => seen.push(id))
    client.subscribe(order, ({ id }) => seen.push(id), { from: 'k.1' })
    const first = await server.next()
    first
      .open('k.1', { verdict: 'resumed', ...waiting })
      .frame(frame('k.1', 40, 'k.5'))
      .event('k.2')
    expect(await seen.count(2)).toEqual(['k.5', 'k.2'])
    // What is in its state already is not given once more.
    first.event('k.3', 'carts/7', 'added', 1).event('k.4')
    expect(await seen.count(3)).toEqual(['k.5', 'k.2', 'k.4'])
    first.cut()
    await untilState(client, 'waiting')
    clock.advance(2_000)
    expect(placesOf(await server.next())).toEqual(['carts/7 k.5', 'orders/42 k.4'])
  })

  it('goes on waiting for it across a change of topics, and is told once', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<unknown>()
    const client = createClient()
    client.subscribe(cart, seen.push)
    const first = (await server.next()).open('0.0', waiting)
    await untilState(client, 'open')
    client.subscribe(order, () => {}, { from: 'k.4' })
    const second = await server.next()
    expect(second.topics).toEqual(['orders/42', 'carts/7;from=0.0'])
    // It comes on the old stream while the new one is opened, with an event after it.
    first.frame(frame('k.5', 40)).event('k.7', 'carts/7', 'added', 1)
    await seen.count(2)
    second.open('0.0', { verdict: 'epoch', snapshots: ['carts/7'] }).frame(frame('k.4', 40, 'k.6'))
    // Which would tell it again, and so is left for one that is asked for from where it stands by now.
    const third = await server.next()
    expect(third.topics).toEqual(['carts/7', 'orders/42;from=k.4'])
    third.open('k.4', { verdict: 'resumed' }).event('k.7', 'carts/7', 'added', 1)
    third.event('k.8', 'carts/7', 'added', 2)
    expect(await seen.count(3)).toMatchObject([snapshotOf(40, 'k.5'), { id: 'k.7' }, { id: 'k.8' }])
    expect(errors).toEqual([])
  })

  it('has a stream of its own opened for whoever begins with the state later', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const one = new Seen<unknown>()
    const two = new Seen<unknown>()
    client.subscribe(cart, one.push)
    const first = (await server.next()).open('0.0', waiting).frame(frame('k.5', 40))
    first.event('k.6', 'carts/7', 'added', 1)
    await one.count(2)
    client.subscribe(cart, two.push)
    const second = await server.next()
    expect(second.topics).toEqual(['carts/7', 'carts/7;from=now'])
    second
      .open('k.6', { verdict: 'resumed', snapshots: ['carts/7'], now: 'k.9' })
      .frame(frame('k.6', 60, 'k.9'))
    // For the first they are news, for the second they are in its state.
    for (const id of ['k.8', 'k.9', 'k.10']) second.event(id, 'carts/7', 'added', 1)
    expect(await two.count(2)).toMatchObject([snapshotOf(60, 'k.9'), { id: 'k.10' }])
    expect(await one.count(5)).toMatchObject([
      snapshotOf(40, 'k.5'),
      { id: 'k.6' },
      { id: 'k.8' },
      { id: 'k.9' },
      { id: 'k.10' },
    ])
    await first.closed
  })

  it('tells nothing to who takes none: it begins where now was, also when it is cut', async () => {
    const { server, createClient, clock, errors } = harness
    const seen = new Seen<string>()
    const client = createClient()
    client.subscribe(cart, 'added', ({ id }) => seen.push(id))
    const first = (await server.next()).open('0.0', waiting)
    await untilState(client, 'open')
    first.cut()
    await untilState(client, 'waiting')
    clock.advance(2_000)
    const second = await server.next()
    expect(second.asked.lastEventId).toBe('k.5')
    second.open('k.5', { verdict: 'resumed' }).event('k.6', 'carts/7', 'added', 1)
    await seen.count(1)
    // Whoever comes later and takes none either needs no other stream.
    client.subscribe(cart, 'added', () => {})
    second.event('k.7', 'carts/7', 'added', 1)
    await seen.count(2)
    expect(errors).toEqual([])
  })

  it('begins where others resume, when it has no state and the stream says that place once more', async () => {
    const { server, createClient, clock, errors } = harness
    const client = createClient()
    client.subscribe(order, () => {}, { from: 'k.5' })
    client.subscribe(cart, { 'millrace.snapshot': () => {}, added: () => {} })
    const first = await server.next()
    expect(placesOf(first)).toEqual(['carts/7 now', 'orders/42 k.5'])
    first
      .open('k.5', { verdict: 'resumed', snapshots: ['carts/7'] })
      .frame({ id: 'k.5' })
      .end()
    await untilState(client, 'waiting')
    clock.advance(2_000)
    expect(placesOf(await server.next())).toEqual(['carts/7 k.5', 'orders/42 k.5'])
    expect(errors).toEqual([])
  })

  it('is asked for only by those who take it, however they share a topic', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(cart, 'added', () => {})
    expect((await server.next()).open('k.5').topics).toEqual(['carts/7;from=now;events=added'])
    client.subscribe(cart, ['millrace.snapshot'], () => {})
    expect((await server.next()).topics.map((topic) => topic.replace(/from=[^;]*;/, '')).sort()).toEqual([
      'carts/7;events=added',
      'carts/7;events=millrace.snapshot',
    ])
  })

  it('tells who takes none when its place is lost after that', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(cart, { added: ({ id }) => seen.push(id) })
    // There was no state to be had, and then the log lost what it had acknowledged.
    const stream = (await server.next()).open('0.0', waiting).event('k.6', 'carts/7', 'added', 1)
    stream.frame(frame('k.3', 40)).event('k.4', 'carts/7', 'added', 1)
    expect(await seen.count(2)).toEqual(['k.6', 'k.4'])
    expect(errors).toMatchObject([{ code: 'reset', verdict: 'ahead', id: 'k.3' }])
  })

  it('tells who takes none of what the state has in it beyond that place', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<string>()
    client.subscribe(cart, { added: ({ id }) => seen.push(id) })
    const stream = (await server.next()).open('0.0', waiting).frame(frame('k.6', 40))
    stream.event('k.7', 'carts/7', 'added', 1)
    await seen.count(1)
    expect(errors).toMatchObject([{ code: 'reset', verdict: 'trimmed', topic: 'carts/7', id: 'k.6' }])
  })
})

describe('a snapshot in place of a reset', () => {
  async function following(handlers?: EventHandlers<typeof cart>) {
    const { server, createClient, clock } = harness
    const seen = new Seen<unknown>()
    const client = createClient()
    if (handlers) client.subscribe(cart, handlers, { from: 'k.1' })
    else client.subscribe(cart, seen.push, { from: 'k.1' })
    const first = (await server.next()).open('k.1', { verdict: 'resumed' })
    await untilState(client, 'open')
    const comeBack = async () => {
      first.cut()
      await untilState(client, 'waiting')
      clock.advance(2_000)
      return server.next()
    }
    return { seen, client, first, comeBack }
  }

  it('heals the subscription, at the opening', async () => {
    const { seen, comeBack } = await following()
    const second = await comeBack()
    second.open('k.1', { verdict: 'trimmed', snapshots: ['carts/7'] }).frame(frame('k.9', 60))
    second.event('k.10', 'carts/7', 'added', 1)
    expect(await seen.count(2)).toMatchObject([snapshotOf(60, 'k.9'), { id: 'k.10' }])
    expect(harness.errors).toEqual([])
  })

  it('heals it in the middle of a stream, also where that goes back', async () => {
    const { seen, first } = await following()
    first.event('k.8', 'carts/7', 'added', 1).frame(frame('k.3', 30)).event('k.4', 'carts/7', 'added', 2)
    expect(await seen.count(3)).toMatchObject([{ id: 'k.8' }, snapshotOf(30, 'k.3'), { id: 'k.4' }])
  })

  it.each([
    ['n.2', 'epoch'],
    ['k.1', 'ahead'],
    ['k.9', 'trimmed'],
  ])('at %s is a reset (%s) to who takes none', async (id, verdict) => {
    const resets: unknown[] = []
    const seen = new Seen<string>()
    const handlers = {
      added: ({ id }: { id: string }) => seen.push(id),
      'millrace.reset': (reset: unknown) => resets.push(reset),
    }
    const { first } = await following(handlers)
    first.event('k.3', 'carts/7', 'added', 1).frame(frame(id, 60))
    first.event(`${id}0`, 'carts/7', 'added', 1)
    expect(await seen.count(2)).toEqual(['k.3', `${id}0`])
    expect(resets).toEqual([resetAt(id, verdict)])
    expect(harness.errors).toEqual([])
  })

  it('is reported to who takes no resets either', async () => {
    const { first } = await following({ added: () => {} })
    first.frame(frame('k.9', 60))
    await expect.poll(() => harness.errors).toMatchObject([{ code: 'reset', verdict: 'trimmed', id: 'k.9' }])
  })

  it.each([
    ['that is of another shape', '{"total":"x"}', 'invalid'],
    ['that is no JSON', '{', 'malformed'],
  ])('%s is reported, and is the reset that it cannot heal', async (_, data, reason) => {
    const { seen, first } = await following()
    first.frame({ ...frame('k.9', 0), data }).event('k.10', 'carts/7', 'added', 1)
    expect(await seen.count(2)).toMatchObject([resetAt('k.9', 'trimmed'), { id: 'k.10' }])
    expect(harness.errors).toMatchObject([
      { code: 'event-data', reason, event: 'millrace.snapshot', topic: 'carts/7', id: 'k.9' },
    ])
    if (reason === 'invalid') expect(harness.errors[0]).toHaveProperty('issues.0.path')
  })

  it('of a newer version is reported, and ends what is to end with it', async () => {
    const iterator = harness.createClient().subscribe(cart, { from: 'k.1', invalid: 'end' })
    const stream = (await harness.server.next()).open('k.1', { verdict: 'resumed' })
    stream.frame({ ...frame('k.9', 60), version: 2 })
    await expect(iterator.next()).rejects.toMatchObject({ reason: 'newer-version' })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
  })

  it('of a channel that has none here is the reset that it replaces', async () => {
    const seen = new Seen<unknown>()
    harness.createClient().subscribe(order, seen.push, { from: 'k.1' })
    const stream = (await harness.server.next()).open('k.1', { verdict: 'resumed' })
    stream.frame({ ...frame('k.9', 60), topic: 'orders/42' })
    expect(await seen.count(1)).toEqual([{ ...resetAt('k.9', 'trimmed'), topic: 'orders/42' }])
    expect(harness.errors).toEqual([])
  })

  it('beside resets tells each its own, and only the last where the stream goes on', async () => {
    const { server, createClient, clock } = harness
    const seen = new Seen<unknown>()
    const client = createClient()
    for (const topic of [cart, order])
      client.subscribe(topic, ({ name, id }) => seen.push([name, id]), { from: 'k.1' })
    client.subscribe('stock/*', ({ name, id }) => seen.push([name, id]), { from: 'k.1' })
    const first = (await server.next()).open('k.1', { verdict: 'trimmed', snapshots: ['carts/7'] })
    first.reset('orders/42', 'trimmed')
    first.frame({ event: 'millrace.snapshot', topic: 'carts/7', at: 'k.9', data: state(1) })
    await seen.count(1)
    first.reset('stock/*', 'trimmed', 'k.4').event('k.5')
    expect(await seen.count(4)).toEqual([
      ['millrace.snapshot', 'k.9'],
      ['millrace.reset', 'k.4'],
      ['millrace.reset', 'k.4'],
      ['placed', 'k.5'],
    ])
    first.cut()
    await untilState(client, 'waiting')
    clock.advance(2_000)
    expect(placesOf(await server.next())).toEqual(['carts/7 k.9', 'orders/42 k.5', 'stock/* k.5'])
  })

  it('as the last of several tells the resets before it where the stream goes on', async () => {
    const seen = new Seen<unknown>()
    const client = harness.createClient()
    for (const topic of [cart, order])
      client.subscribe(topic, ({ name, id }) => seen.push([name, id]), { from: 'k.1' })
    const stream = (await harness.server.next()).open('k.1', { verdict: 'trimmed', snapshots: ['carts/7'] })
    stream
      .reset('orders/42', 'trimmed')
      .frame(frame('k.4', 1, 'k.9'))
      .event('k.5')
    expect(await seen.count(3)).toEqual([
      ['millrace.snapshot', 'k.9'],
      ['millrace.reset', 'k.4'],
      ['placed', 'k.5'],
    ])
  })

  it('of two subscriptions to one topic concerns the one that could not go on', async () => {
    const { server, createClient, clock, errors } = harness
    const client = createClient()
    const placed = new Seen<string>()
    const fresh = new Seen<string>()
    client.subscribe(cart, 'added', ({ id }) => placed.push(id))
    client.subscribe(cart, ({ id }) => fresh.push(id))
    const first = (await server.next()).open('0.0', waiting)
    await untilState(client, 'open')
    first.cut()
    await untilState(client, 'waiting')
    clock.advance(2_000)
    // The first knows where it is, the second waits for its state.
    const second = await server.next()
    expect(placesOf(second)).toEqual(['carts/7 0.0', 'carts/7 k.5'])
    expect(second.asked.topics[0]).toMatchObject({ events: ['added'] })
    second.open('k.5', { verdict: 'epoch', snapshots: ['carts/7'] }).frame(frame('k.5', 60, 'k.8'))
    for (const id of ['k.6', 'k.9']) second.event(id, 'carts/7', 'added', 1)
    expect(await placed.count(2)).toEqual(['k.6', 'k.9'])
    expect(await fresh.count(2)).toEqual(['k.8', 'k.9'])
    expect(errors).toEqual([])
  })

  it('of two subscriptions to one topic concerns both where both have lost something', async () => {
    const { server, createClient, clock, errors } = harness
    const client = createClient()
    const placed = new Seen<unknown>()
    const fresh = new Seen<string>()
    client.subscribe(cart, ['added', 'millrace.reset'], ({ name, id }) => placed.push([name, id]), {
      from: 'k.3',
    })
    const first = (await server.next()).open('k.3', { verdict: 'resumed' })
    await untilState(client, 'open')
    first.cut()
    await untilState(client, 'waiting')
    client.subscribe(cart, ({ id }) => fresh.push(id))
    clock.advance(2_000)
    const second = await server.next()
    second.open('k.3', { verdict: 'trimmed', snapshots: ['carts/7'], now: 'k.8' }).frame(frame('k.8', 60))
    expect(await placed.count(1)).toEqual([['millrace.reset', 'k.8']])
    expect(await fresh.count(1)).toEqual(['k.8'])
    expect(errors).toEqual([])
  })

  it('is none where the stream before has led beyond it', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<string>()
    const placed = new Seen<string>()
    client.subscribe(cart, ({ id }) => seen.push(id), { from: 'k.3' })
    client.subscribe(cart, { added: ({ id }) => placed.push(id) }, { from: 'k.3' })
    const first = (await server.next()).open('k.3', { verdict: 'resumed' })
    await untilState(client, 'open')
    client.subscribe(order)
    const second = await server.next()
    for (const id of ['k.6', 'k.7']) first.event(id, 'carts/7', 'added', 1)
    await placed.count(2)
    second.open('k.3', { verdict: 'trimmed', snapshots: ['carts/7'], now: 'k.6' }).frame(frame('k.6', 60))
    for (const id of ['k.7', 'k.8']) second.event(id, 'carts/7', 'added', 1)
    expect(await seen.count(3)).toEqual(['k.6', 'k.7', 'k.8'])
    expect(await placed.count(3)).toEqual(['k.6', 'k.7', 'k.8'])
    expect(errors).toEqual([])
  })

  it('whose position cannot be read is told, and told again', async () => {
    const { seen, first, comeBack } = await following()
    first.frame({ event: 'millrace.snapshot', topic: 'carts/7', at: 'nonsense', data: state(1) })
    expect(await seen.count(1)).toMatchObject([{ name: 'millrace.snapshot' }])
    expect((await comeBack()).asked.lastEventId).toBe('0.0')
  })
})

it('a limit that leaves the oldest records out is told to who asked for them', async () => {
  const seen = new Seen<unknown>()
  harness.createClient().subscribe(cart, seen.push, { from: 'earliest' })
  const stream = (await harness.server.next()).open('0.0', { verdict: 'trimmed' })
  stream.reset('carts/7', 'trimmed', 'k.4')
  expect(await seen.count(1)).toEqual([resetAt('k.4', 'trimmed')])
})
