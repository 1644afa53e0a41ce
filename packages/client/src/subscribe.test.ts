import { describe, expect, it } from 'vitest'
import { Seen, untilState, useHarness } from './client-harness.fixture.ts'
import { EventDataError, HandlerError, type Reset, ResetError } from './index.ts'
import { order, shop } from './shop.fixture.ts'

const harness = useHarness()

const first = { name: 'placed', data: { total: 1 }, topic: 'orders/42', id: 'k.1', time: 1_763_683_200_000 }

describe('the request', () => {
  it('is a GET that needs no preflight, and says what is wanted, from where and in which version', async () => {
    const { server, createClient } = harness
    createClient().subscribe(order, 'placed', () => {})
    const { request, asked } = await server.next()
    expect(request.method).toBe('GET')
    expect(asked).toEqual({
      topics: [{ address: 'orders/42', from: 'now', events: ['placed'] }],
      version: 1,
    })
    expect(request.headers).toMatchObject({ accept: 'text/event-stream', 'cache-control': 'no-cache' })
    expect(request.headers).not.toHaveProperty('last-event-id')
    expect(request.headers).not.toHaveProperty('content-type')
  })

  it('keeps the query of its url', async () => {
    const { server, createClient } = harness
    createClient({ url: `${server.url}?tenant=a%20b&topic-of-mine=1#part` }).subscribe('orders/42')
    expect((await server.next()).request.url).toBe(
      '/events?tenant=a%20b&topic-of-mine=1&topic=orders%2F42%3Bfrom%3Dnow&v=1',
    )
  })

  it('is a POST with the same as JSON where the address would be too long', async () => {
    const { server, createClient } = harness
    const client = createClient({ url: `${server.url}?tenant=a` })
    const addresses = Array.from({ length: 80 }, (_, index) => `orders/a-rather-long-identity-${index}`)
    for (const address of addresses) client.subscribe(address, () => {})
    const { request, asked } = await server.next()
    expect(request.method).toBe('POST')
    expect(request.url).toBe('/events?tenant=a')
    expect(request.headers['content-type']).toBe('application/json')
    expect(asked.topics).toEqual(addresses.map((address) => ({ address, from: 'now' })))
    expect(asked.version).toBe(1)
  })

  it('has the headers that a function gives, asked before each attempt', async () => {
    const { server, clock, createClient } = harness
    let asked = 0
    const headers = async () => ({ authorization: `Bearer ${++asked}` })
    createClient({ headers }).subscribe(order)
    const attempt = await server.next()
    expect(attempt.request.headers.authorization).toBe('Bearer 1')
    attempt.answer(503)
    await clock.timer(500)
    clock.advance(500)
    expect((await server.next()).request.headers.authorization).toBe('Bearer 2')
  })

  it.each([undefined, 'omit', 'include'] as const)(
    'has the credentials that are asked for: %s',
    async (credentials) => {
      const { server, createClient } = harness
      const asked: Request[] = []
      const client = createClient({
        ...(credentials && { credentials }),
        fetch: (request) => {
          asked.push(request)
          return fetch(request)
        },
      })
      client.subscribe(order)
      await server.next()
      // [fetch §5.4] What a request has that nothing is said of.
      expect(asked.map(({ credentials }) => credentials)).toEqual([credentials ?? 'same-origin'])
    },
  )

  it('is one for all subscriptions of a turn, and one topic for those of one address', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order, 'placed', () => {})
    client.subscribe(order, 'shipped', () => {})
    client.subscribe(shop.stock())
    client.subscribe('stock/*', () => {}, { from: 'earliest' })
    client.subscribe(order, { 'millrace.reset': () => {} }, { from: 'k.7' })
    expect((await server.next()).topics).toEqual([
      'stock/*;from=earliest',
      'orders/42',
      'orders/42;from=now;events=placed,shipped',
      'stock/*;from=now',
    ])
    expect(server.exchanges[0]?.asked.lastEventId).toBe('k.7')
    expect(server.exchanges).toHaveLength(1)
  })

  it('is none when everything was closed in the same turn', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order).close()
    const other = createClient()
    other.subscribe(order)
    await server.next()
    expect(server.exchanges).toHaveLength(1)
    expect(client.status).toEqual({ state: 'idle' })
  })
})

describe('a subscription', () => {
  it('with a handler is given every event, decoded, with the params of its topic', async () => {
    const { server, createClient } = harness
    const seen = new Seen<unknown>()
    createClient().subscribe(order, seen.push)
    const stream = (await server.next()).open('k.0')
    stream.event('k.1').event('k.2', 'orders/42', 'dated', { at: '2026-11-20T12:00:00.000Z' })
    expect(await seen.count(2)).toEqual([
      { ...first, params: { orderId: '42' } },
      {
        ...first,
        name: 'dated',
        data: { at: new Date('2026-11-20T12:00:00.000Z') },
        id: 'k.2',
        params: { orderId: '42' },
      },
    ])
  })

  it('with a map gives each handler its events, and the server sends no others', async () => {
    const { server, createClient } = harness
    const seen = new Seen<unknown>()
    createClient().subscribe(order, {
      placed: ({ data }) => seen.push(data.total),
      shipped: ({ data }) => seen.push(data.carrier),
    })
    const stream = await server.next()
    expect(stream.topics).toEqual(['orders/42;from=now;events=placed,shipped'])
    stream.open('k.0').event('k.1')
    // As an older publisher wrote it.
    stream.event('k.2', 'orders/42', 'shipped', { by: 'sea' })
    expect(await seen.count(2)).toEqual([1, 'sea'])
  })

  it('with a map of handlers of which some are absent is no iterator', async () => {
    const { server, createClient } = harness
    const subscription = createClient().subscribe(order, { placed: undefined } as unknown as {
      placed: () => void
    })
    expect(subscription).not.toHaveProperty('next')
    await server.next()
  })

  it('with names is given those only, whatever the server sends to others', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const [named, listed, all] = [new Seen<string>(), new Seen<string>(), new Seen<string>()]
    client.subscribe(order, 'placed', ({ name }) => named.push(name))
    client.subscribe(order, ['shipped', 'dated'], ({ name }) => listed.push(name))
    client.subscribe(order, ({ name }) => all.push(name))
    const stream = (await server.next()).open('k.0')
    expect(stream.topics).toEqual(['orders/42;from=now'])
    stream.event('k.1').event('k.2', 'orders/42', 'dated', { at: '2026-11-20T12:00:00.000Z' })
    await all.count(2)
    expect(named.items).toEqual(['placed'])
    expect(listed.items).toEqual(['dated'])
  })

  it('to a pattern has the params of each topic', async () => {
    const { server, createClient } = harness
    const seen = new Seen<unknown>()
    createClient().subscribe(shop.stock(), (event) => {
      if (event.name === 'counted') seen.push([event.params.item, event.data, event.topic])
    })
    const stream = (await server.next()).open('k.0')
    for (const [index, item] of ['1', '2', '1'].entries())
      stream.event(`k.${index + 1}`, `stock/${item}`, 'counted', index)
    expect(await seen.count(3)).toEqual([
      ['1', 0, 'stock/1'],
      ['2', 1, 'stock/2'],
      ['1', 2, 'stock/1'],
    ])
  })

  it('to a bare address is given what was sent, undecoded and without params', async () => {
    const { server, createClient } = harness
    const seen = new Seen<unknown>()
    createClient().subscribe('orders/*', seen.push)
    const stream = (await server.next()).open('k.0')
    stream.event('k.1', 'orders/42', 'dated', { at: '2026-11-20T12:00:00.000Z', more: 1 })
    stream.event('k.2', 'orders/42', 'unheard-of', null)
    expect(await seen.count(2)).toEqual([
      { ...first, name: 'dated', data: { at: '2026-11-20T12:00:00.000Z', more: 1 } },
      { ...first, name: 'unheard-of', data: null, id: 'k.2' },
    ])
  })

  it('is given what is for it: each event goes once to all whose address fits, decoded once for a channel', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const seen = new Seen<readonly [string, unknown]>()
    client.subscribe(order, (event) => seen.push(['topic', event.data]))
    client.subscribe(shop.orders(), (event) => seen.push(['pattern', event.data]))
    client.subscribe('orders/*', (event) => seen.push(['bare', event.data]))
    client.subscribe(shop.orders({ orderId: '43' }), (event) => seen.push(['other', event.data]))
    const stream = (await server.next()).open('k.0')
    stream.event('k.1').event('k.2', 'orders/43')
    const items = await seen.count(6)
    expect(items.map(([to]) => to)).toEqual(['topic', 'pattern', 'bare', 'pattern', 'other', 'bare'])
    expect(items[0]?.[1]).toBe(items[1]?.[1])
    expect(items[2]?.[1]).not.toBe(items[1]?.[1])
  })

  it('is ended by `millrace.end` for its topic, and the others go on', async () => {
    const { server, createClient } = harness
    const client = createClient()
    const iterator = client.subscribe(order)
    const seen = new Seen<string>()
    client.subscribe(shop.orders(), ({ topic }) => seen.push(topic))
    const stream = (await server.next()).open('k.0').event('k.1')
    stream
      .frame({ id: 'k.2', event: 'millrace.end', topic: 'orders/42', data: '{}' })
      .event('k.3', 'orders/43')
    expect(await seen.count(2)).toEqual(['orders/42', 'orders/43'])
    expect(await iterator.next()).toMatchObject({ value: { id: 'k.1' } })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    stream.cut()
    await untilState(client, 'waiting')
    harness.clock.advance(1_000)
    expect((await server.next()).topics).toEqual(['orders/*'])
  })

  it('the last one of which is complete ends the stream', async () => {
    const { server, createClient } = harness
    const client = createClient()
    client.subscribe(order, () => {})
    const stream = (await server.next()).open('k.0')
    stream.frame({ event: 'millrace.end', topic: 'orders/42', data: '{}' })
    await stream.closed
    expect((await untilState(client, 'idle')).cause).toBeUndefined()
  })

  it('takes what is beyond this client for nothing: newer control events, fields and comments', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<string>()
    createClient().subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0')
    stream.frame({ id: 'k.1', event: 'millrace.later', topic: 'orders/42', data: '{"status":"new"}' })
    stream.write(': comment\nshard: 7\n').event('k.2')
    expect(await seen.count(1)).toEqual(['k.2'])
    expect(errors).toEqual([])
  })
})

describe('order', () => {
  it('is kept with handlers that take their time: the next event waits for the promise of the last', async () => {
    const { server, createClient } = harness
    const steps = new Seen<string>()
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    createClient().subscribe(order, async ({ id }) => {
      steps.push(`begin ${id}`)
      await gates[steps.items.length === 1 ? 0 : 1]?.promise
      steps.push(`end ${id}`)
    })
    const stream = (await server.next()).open('k.0')
    stream.event('k.1').event('k.2')
    await steps.count(1)
    // Everything that the two events could still set off has had its turns.
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(steps.items).toEqual(['begin k.1'])
    gates[0]?.resolve()
    await steps.count(3)
    gates[1]?.resolve()
    expect(await steps.count(4)).toEqual(['begin k.1', 'end k.1', 'begin k.2', 'end k.2'])
  })

  it('has the position move on only when the handler has returned', async () => {
    const { server, clock, createClient } = harness
    const client = createClient()
    const gate = Promise.withResolvers<void>()
    const seen = new Seen<string>()
    client.subscribe(order, async ({ id }) => {
      seen.push(id)
      if (id === 'k.2') await gate.promise
    })
    const stream = (await server.next()).open('k.0')
    stream.event('k.1').event('k.2')
    await seen.count(2)
    // Another topic makes another request, while the handler is at work.
    client.subscribe('stock/*')
    const during = await server.next()
    expect(during.asked.lastEventId).toBe('k.1')
    during.cut()
    await clock.timer(1_000)
    gate.resolve()
    // What follows from it has its turn.
    await new Promise(setImmediate)
    clock.advance(1_000)
    expect((await server.next()).asked.lastEventId).toBe('k.2')
  })

  it('goes on after a handler that throws or rejects, which is reported with its event', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<string>()
    const client = createClient()
    const fault = new Error('mine')
    client.subscribe(order, {
      placed: () => {
        throw fault
      },
    })
    client.subscribe(order, () => Promise.reject(fault))
    client.subscribe(order, ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0')
    stream.event('k.1').event('k.2')
    await seen.count(2)
    await expect.poll(() => errors).toHaveLength(4)
    for (const error of errors) {
      expect(HandlerError.isInstance(error) && error.cause).toBe(fault)
      expect(error).toMatchObject({ code: 'handler', event: { name: 'placed', topic: 'orders/42' } })
    }
  })
})

describe('what does not fit the contract', () => {
  async function errorOf(frame: Parameters<Awaited<ReturnType<typeof harness.server.next>>['frame']>[0]) {
    const { server, createClient, errors } = harness
    const seen = new Seen<string>()
    const client = createClient()
    client.subscribe(shop.stock(), ({ id }) => seen.push(id))
    client.subscribe(shop.stock(), ({ id }) => seen.push(id))
    const stream = (await server.next()).open('k.0')
    stream.frame(frame).event('k.2', 'stock/7', 'counted', 1)
    expect(await seen.count(2)).toEqual(['k.2', 'k.2'])
    // Once, and not for each subscription.
    expect(errors).toHaveLength(1)
    const [error] = errors
    if (!EventDataError.isInstance(error)) throw error
    return error
  }
  const frame = { id: 'k.1', event: 'counted', topic: 'stock/7', time: 1, data: '1' }

  it('in its data is reported with the issues, and left out', async () => {
    const error = await errorOf({ ...frame, data: '"many"' })
    expect(error).toMatchObject({ reason: 'invalid', event: 'counted', topic: 'stock/7', id: 'k.1' })
    expect(error.issues).toEqual([{ path: [], message: expect.any(String) }])
    expect(error.message).toContain('counted')
  })

  it.each([
    ['a name of a newer server', { event: 'moved' }, 'unknown-event'],
    ['a name that every object inherits', { event: 'toString' }, 'unknown-event'],
    ['a newer version', { version: 2 }, 'newer-version'],
    ['no JSON', { data: '{' }, 'malformed'],
    ['no data at all', { data: '' }, 'malformed'],
    ['params that the channel refuses', { topic: 'stock/desk' }, 'address'],
  ])('%s', async (_, change, reason) => {
    expect((await errorOf({ ...frame, ...change })).reason).toBe(reason)
  })

  it('a field that is missing; one that is too many is left out, and that is all', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<unknown>()
    createClient().subscribe(order, 'placed', ({ data }) => seen.push(data))
    const stream = (await server.next()).open('k.0')
    stream.event('k.1', 'orders/42', 'placed', { sum: 1 })
    stream.event('k.2', 'orders/42', 'placed', { total: 2, currency: 'EUR' })
    expect(await seen.count(1)).toEqual([{ total: 2 }])
    expect(errors).toMatchObject([{ reason: 'invalid', id: 'k.1', issues: [{ path: ['total'] }] }])
  })

  it('a version that is no number', async () => {
    const { server, createClient, errors } = harness
    createClient().subscribe(shop.stock())
    const stream = (await server.next()).open('k.0')
    stream.write('id: k.1\nevent: counted\ntopic: stock/7\nversion: two\ndata: 1\n\n')
    await expect.poll(() => errors).toMatchObject([{ reason: 'malformed' }])
  })

  it('ends the subscriptions that want it so, and no others', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const [strict, lenient] = [new Seen<string>(), new Seen<string>()]
    const end = { invalid: 'end' } as const
    const iterator = client.subscribe(shop.stock(), end)
    client.subscribe(shop.stock(), ({ id }) => strict.push(id), end)
    client.subscribe(shop.stock(), ({ id }) => lenient.push(id))
    const stream = (await server.next()).open('k.0').event('k.1', 'stock/7', 'counted', 1)
    expect((await iterator.next()).value).toMatchObject({ id: 'k.1' })
    const next = iterator.next()
    stream.frame({ ...frame, id: 'k.2', data: '"many"' }).event('k.3', 'stock/7', 'counted', 1)
    await expect(next).rejects.toMatchObject({ code: 'event-data', id: 'k.2' })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(await lenient.count(2)).toEqual(['k.1', 'k.3'])
    expect(await strict.count(1)).toEqual(['k.1'])
    expect(errors).toHaveLength(1)
  })

  it('concerns no bare subscription', async () => {
    const { server, createClient, errors } = harness
    const seen = new Seen<unknown>()
    createClient().subscribe('stock/*', ({ data }) => seen.push(data))
    const stream = (await server.next()).open('k.0')
    stream.frame({ ...frame, data: '"many"' })
    expect(await seen.count(1)).toEqual(['many'])
    expect(errors).toEqual([])
  })
})

describe('a reset', () => {
  const reset: Reset = { name: 'millrace.reset', data: { verdict: 'trimmed' }, topic: 'orders/42', id: 'k.9' }

  it('stands among the events of the forms that take it', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const [all, mapped, named] = [new Seen<unknown>(), new Seen<unknown>(), new Seen<unknown>()]
    const from = { from: 'k.1' }
    client.subscribe(order, all.push, from)
    client.subscribe(order, { 'millrace.reset': mapped.push }, from)
    client.subscribe(order, ['placed', 'millrace.reset'], named.push, from)
    const bare = client.subscribe('orders/42', from)
    const iterator = client.subscribe(order, 'millrace.reset', from)
    const stream = await server.next()
    stream.open('k.1', { verdict: 'trimmed' }).reset('orders/42', 'trimmed', 'k.9').event('k.10')
    expect((await all.count(2))[0]).toEqual(reset)
    expect(await mapped.count(1)).toEqual([reset])
    expect((await named.count(2))[0]).toEqual(reset)
    expect((await bare.next()).value).toEqual(reset)
    expect((await iterator.next()).value).toEqual(reset)
    expect(errors).toEqual([])
  })

  it('is told to `onError` where a form leaves it out', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const seen = new Seen<unknown>()
    client.subscribe(order, { placed: seen.push }, { from: 'k.1' })
    client.subscribe(order, 'placed', seen.push, { from: 'k.1' })
    const stream = await server.next()
    stream.open('k.1', { verdict: 'trimmed' }).reset('orders/42', 'trimmed', 'k.9').event('k.10')
    await seen.count(2)
    expect(errors).toHaveLength(2)
    expect(errors.every(ResetError.isInstance)).toBe(true)
    expect(errors[0]).toMatchObject({ code: 'reset', verdict: 'trimmed', topic: 'orders/42', id: 'k.9' })
  })

  it('concerns only who stood where it says, of several at one address', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const told = new Seen<string>()
    const follow = (who: string, from: string) =>
      client.subscribe(order, (event) => told.push(`${who} ${event.name} ${event.id}`), { from })
    follow('behind', 'k.1')
    follow('ahead', 'k.15')
    follow('beginner', 'earliest')
    follow('newcomer', 'now')
    const stream = await server.next()
    stream.open('k.1', { verdict: 'trimmed', now: 'k.20' }).reset('orders/42', 'trimmed', 'k.9')
    for (const id of ['k.10', 'k.16', 'k.21']) stream.event(id)
    await told.count(10)
    expect(told.items.filter((line) => line.includes('reset'))).toEqual(['behind millrace.reset k.9'])
    const placed = (who: string) =>
      told.items.filter((line) => line.startsWith(`${who} placed`)).map((line) => line.slice(-4))
    expect(placed('behind')).toEqual(['k.10', 'k.16', 'k.21'])
    expect(placed('beginner')).toEqual(['k.10', 'k.16', 'k.21'])
    expect(placed('ahead')).toEqual(['k.16', 'k.21'])
    expect(placed('newcomer')).toEqual(['k.21'])
    expect(errors).toEqual([])
  })

  it('of a new life is none for who begins at its oldest record, also where who it was for has left', async () => {
    const { server, createClient, errors } = harness
    const client = createClient()
    const told = new Seen<string>()
    const left = client.subscribe(order, () => {}, { from: 'k.3' })
    client.subscribe(order, ({ name, id }) => told.push(`${name} ${id}`), { from: 'earliest' })
    const stream = (await server.next()).open('k.3', { verdict: 'epoch', now: 'm.1' })
    await untilState(client, 'open')
    left.close()
    stream.reset('orders/42', 'epoch', 'm.0').event('m.1')
    expect(await told.count(1)).toEqual(['placed m.1'])
    expect(errors).toEqual([])
  })

  it('in the middle of a stream has it go on from there, also backwards', async () => {
    const { server, clock, createClient } = harness
    const seen = new Seen<string>()
    createClient().subscribe(order, ({ name, id }) => seen.push(`${name} ${id}`))
    const stream = (await server.next()).open('k.50').event('k.51')
    stream.reset('orders/42', 'ahead', 'k.20').event('k.21')
    expect(await seen.count(3)).toEqual(['placed k.51', 'millrace.reset k.20', 'placed k.21'])
    stream.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    expect((await server.next()).asked.lastEventId).toBe('k.21')
  })

  it('that names the place where the stream is already takes back there whoever stood further', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    const follow = (who: string, from: string) =>
      client.subscribe(order, ({ name, id }) => told.push(`${who} ${name} ${id}`), { from })
    follow('here', 'k.2')
    follow('further', 'k.8')
    const stream = await server.next()
    stream.open('k.2', { verdict: 'resumed', now: 'k.8' }).reset('orders/42', 'ahead', 'k.2').event('k.3')
    expect(await told.count(3)).toEqual([
      'further millrace.reset k.2',
      'here placed k.3',
      'further placed k.3',
    ])
  })

  it('that leads beyond where another topic stands does not go back there, also when it is cut', async () => {
    const { server, clock, createClient } = harness
    const told = new Seen<string>()
    const client = createClient()
    const follow = (who: string, topic: typeof order, from: string) =>
      client.subscribe(topic, ({ name, id }) => told.push(`${who} ${name} ${id}`), { from })
    follow('lost', order, 'k.9')
    follow('at the end', order, 'k.5')
    follow('behind', shop.orders({ orderId: '43' }), 'k.2')
    const stream = await server.next()
    stream.open('k.9', { verdict: 'ahead', now: 'k.5' }).reset('orders/42', 'ahead', 'k.2', 'k.5')
    stream.event('k.3', 'orders/43').event('k.4')
    expect(await told.count(2)).toEqual(['lost millrace.reset k.5', 'behind placed k.3'])
    stream.cut()
    await clock.timer(1_000)
    clock.advance(1_000)
    const { topics, asked } = await server.next()
    expect([asked.lastEventId, topics]).toEqual(['k.5', ['orders/42', 'orders/43;from=k.4']])
  })

  it('that was not told yet is not told beside the next one', async () => {
    const { server, createClient } = harness
    const told = new Seen<string>()
    let busy = 0
    const handle = async ({ id }: { readonly id: string }) => {
      told.push(`${id}, ${busy} at work`)
      busy += 1
      await new Promise(setImmediate)
      busy -= 1
    }
    createClient().subscribe(order, handle, { from: 'k.0' })
    const stream = (await server.next()).open('k.0', { verdict: 'resumed' })
    stream.reset('orders/42', 'ahead', 'k.0').reset('orders/42', 'epoch', 'm.0').event('m.1')
    expect(await told.count(2)).toEqual(['m.0, 0 at work', 'm.1, 0 at work'])
  })
})

describe('arguments that cannot be', () => {
  const client = () => harness.createClient() as unknown as { subscribe(...given: unknown[]): unknown }

  it.each<[string, unknown[], RegExp]>([
    ['no topic', [], /topic/],
    ['a number', [42, () => {}], /topic/],
    ['an empty address', ['', () => {}], /topic/],
    ['an address with an option', ['orders/42;from=earliest', () => {}], /topic/],
    ['a channel that was not called', [shop.orders, () => {}], /topic/],
    ['an unknown event', [order, 'plaecd', () => {}], /"plaecd"/],
    ['an unknown event in a map', [order, { plaecd: () => {} }], /"plaecd"/],
    ['an inherited name', [order, 'toString', () => {}], /"toString"/],
    ['a start that is none', [order, { from: 'yesterday' }], /from/],
    ['a signal that is none', [order, () => {}, { signal: {} }], /signal/],
  ])('%s', (_, given, message) => {
    expect(() => client().subscribe(...given)).toThrow(TypeError)
    expect(() => client().subscribe(...given)).toThrow(message)
  })

  it.each<[string, object | undefined, RegExp]>([
    ['nothing', undefined, /url/],
    ['no url', { url: undefined }, /url must be absolute/],
    ['a relative url where nothing is around it', { url: '/events' }, /url must be absolute/],
    ['a url without a scheme', { url: 'localhost:4000/events' }, /url must be absolute/],
  ])('of createEventClient: %s', async (_, options, message) => {
    const { createEventClient } = await import('./index.ts')
    const make = () =>
      createEventClient((options && { url: harness.server.url, ...options }) as { url: string })
    expect(make).toThrow(TypeError)
    expect(make).toThrow(message)
  })
})
