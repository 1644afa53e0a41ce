import { describe, expect, it, vi } from 'vitest'
import { eventually, Seen, useHarness } from '../client-harness.fixture.ts'
import { batches, type EventClient } from '../index.ts'
import { order, shop } from '../shop.fixture.ts'
import { type CursorStorageOptions, type CursorStore, cursorStorage, StorageError } from '../storage.ts'

const harness = useHarness()

const storageOn = (store: CursorStore, more: Partial<CursorStorageOptions> = {}) =>
  cursorStorage({ store, identity: 'ann', contract: shop, ...more })

/** A client whose cursors are in this store. */
const clientOn = (store: CursorStore, more?: Partial<CursorStorageOptions>) =>
  harness.createClient({ storage: storageOn(store, more) })

/** A store that answers when it is told to. */
class SlowStore {
  readonly texts = new Map<string, string>()
  readonly written: string[] = []
  readonly waiting: (() => void)[] = []

  /** Answers all, and whatever comes. */
  release(): void {
    for (const answer of this.waiting.splice(0)) answer()
    this.waiting.push = (answer) => {
      answer()
      return 0
    }
  }

  get(key: string): Promise<string | undefined> {
    return new Promise((resolve) => this.waiting.push(() => resolve(this.texts.get(key))))
  }

  set(key: string, text: string): Promise<void> {
    return new Promise((resolve) =>
      this.waiting.push(() => {
        this.texts.set(key, text)
        this.written.push(text)
        resolve()
      }),
    )
  }

  async answer(): Promise<void> {
    await eventually(() => expect(this.waiting).not.toEqual([]))
    this.waiting.shift()?.()
  }
}

const kept = (store: Map<string, string>, cursor: string) =>
  eventually(() => {
    harness.clock.advance(100)
    expect([...store.values()]).toEqual([cursor])
  })

describe('a durable subscription', () => {
  it('begins at `from` when nothing is kept, and then where it was', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const before = clientOn(store)
    before.subscribe(order, () => {}, { durable: 'cart', from: 'earliest' })
    const first = await server.next()
    expect(first.topics).toEqual(['orders/42;from=earliest'])
    first.open('k.0').event('k.1').event('k.2')
    await kept(store, 'k.2')
    await before.close()
    clientOn(store).subscribe(order, () => {}, { durable: 'cart', from: 'earliest' })
    expect((await server.next()).asked.lastEventId).toBe('k.2')
  })

  it('keeps its place from its very beginning, before any event', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    clientOn(store).subscribe(order, () => {}, { durable: 'cart' })
    ;(await server.next()).open('k.7')
    await kept(store, 'k.7')
  })

  it('keeps nothing of an event before its handler has returned', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const seen = new Seen<string>()
    let release = () => {}
    const subscription = clientOn(store).subscribe(
      order,
      ({ id }) => {
        seen.push(id)
        return new Promise<void>((resolve) => {
          release = resolve
        })
      },
      { durable: 'cart' },
    )
    ;(await server.next()).open('k.0').event('k.1').event('k.2')
    await seen.count(1)
    await kept(store, 'k.0')
    release()
    await seen.count(2)
    await kept(store, 'k.1')
    expect(subscription.cursor).toBe('k.1')
    release()
    await kept(store, 'k.2')
  })

  it('keeps the event at which its handler closed it, once that has returned', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const subscription = clientOn(store).subscribe(
      order,
      async ({ id }) => {
        if (id === 'k.1') subscription.close()
        await Promise.resolve()
      },
      { durable: 'cart' },
    )
    ;(await server.next()).open('k.0').event('k.1').event('k.2')
    await eventually(() => expect([...store.values()]).toEqual(['k.1']))
    expect(subscription.cursor).toBe('k.1')
  })

  it('keeps of a loop what it has come back from', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const client = clientOn(store)
    const events = client.subscribe(order, { durable: 'cart' })
    ;(await server.next()).open('k.0').event('k.1').event('k.2').event('k.3')
    for await (const { id } of events) {
      if (id === 'k.2') await kept(store, 'k.1')
      if (id === 'k.3') break
    }
    await client.close()
    expect([...store.values()]).toEqual(['k.2'])
  })

  it('keeps of batches those whose turn is over', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const client = clientOn(store)
    const arrays = batches(client.subscribe(order, { durable: 'cart', from: 'earliest' }))
    const stream = (await server.next()).open('k.0', { now: 'k.2' }).event('k.1').event('k.2')
    expect((await arrays.next()).value).toHaveLength(2)
    await kept(store, 'k.0')
    const next = arrays.next()
    await kept(store, 'k.2')
    stream.event('k.3')
    await next
    await client.close()
    expect([...store.values()]).toEqual(['k.2'])
  })

  it('moves on with heartbeats, now and then', async () => {
    const { server, clock } = harness
    const store = new Map<string, string>()
    const subscription = clientOn(store).subscribe(order, () => {}, { durable: 'cart' })
    const stream = (await server.next()).open('k.7')
    await kept(store, 'k.7')
    stream.frame({ id: 'k.900' })
    await eventually(() => expect(subscription.cursor).toBe('k.900'))
    await clock.timer(30_000)
    clock.advance(30_000)
    await kept(store, 'k.900')
  })

  it('is told by a reset that what was kept cannot be read', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const client = clientOn(store)
    client.subscribe(order, () => {}, { durable: 'cart' })
    ;(await server.next()).open('k.0')
    await kept(store, 'k.0')
    await client.close()
    store.set([...store.keys()][0] as string, 'what is this')
    const seen = new Seen<unknown>()
    clientOn(store).subscribe(order, { 'millrace.reset': ({ data }) => seen.push(data) }, { durable: 'cart' })
    const stream = await server.next()
    expect(stream.asked.lastEventId).toBe('0.0')
    stream.open('0.0', { verdict: 'epoch', now: 'k.9' }).reset(order.address, 'epoch', 'k.3')
    expect(await seen.count(1)).toEqual([{ verdict: 'epoch' }])
    await kept(store, 'k.3')
  })

  it.each([
    ['identity', { identity: 'bob' }, {}],
    ['contract', { contract: { name: 'shop2', version: '1.0.0' } }, {}],
    ['major version', { contract: { name: 'shop', version: '2.0.0' } }, {}],
    ['name', {}, { durable: 'other' }],
  ])('of another %s never goes on where this one was', async (_title, scope, options) => {
    const { server } = harness
    const store = new Map<string, string>()
    const client = clientOn(store)
    client.subscribe(order, () => {}, { durable: 'cart' })
    ;(await server.next()).open('k.5')
    await kept(store, 'k.5')
    await client.close()
    clientOn(store, scope).subscribe(order, () => {}, { durable: 'cart', ...options })
    expect((await server.next()).topics).toEqual(['orders/42;from=now'])
    const minor = clientOn(store, { contract: { name: 'shop', version: '1.9.3' } })
    minor.subscribe(order, () => {}, { durable: 'cart' })
    expect((await server.next()).asked.lastEventId).toBe('k.5')
    minor.subscribe('stock/7', () => {}, { durable: 'cart' })
  })

  it('of another address or server never goes on where this one was', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const storage = storageOn(store)
    const client = harness.createClient({ storage })
    client.subscribe(order, () => {}, { durable: 'cart' })
    ;(await server.next()).open('k.5')
    await kept(store, 'k.5')
    await client.close()
    harness.createClient({ storage }).subscribe('orders/43', () => {}, { durable: 'cart' })
    expect((await server.next()).topics).toEqual(['orders/43;from=now'])
    const elsewhere = harness.createClient({ storage, url: `${server.url}?tenant=b` })
    elsewhere.subscribe(order, () => {}, { durable: 'cart' })
    expect((await server.next()).topics).toEqual(['orders/42;from=now'])
  })

  it('waits for a store that answers later, writes one text at a time, and is written when the client is closed', async () => {
    const { server, clock } = harness
    const store = new SlowStore()
    const client = clientOn(store)
    const subscription = client.subscribe(order, () => {}, { durable: 'cart' })
    await eventually(() => expect(store.waiting).toHaveLength(1))
    expect(server.exchanges).toEqual([])
    await store.answer()
    const stream = (await server.next()).open('k.0')
    await subscription.ready
    await clock.timer(0)
    clock.advance(0)
    await eventually(() => expect(store.waiting).toHaveLength(1))
    stream.event('k.1').event('k.2').event('k.3')
    await eventually(() => expect(subscription.cursor).toBe('k.3'))
    clock.advance(1_000)
    expect(store.waiting).toHaveLength(1)
    await store.answer()
    await clock.timer(0)
    clock.advance(100)
    await eventually(() => expect(store.waiting).toHaveLength(1))
    stream.event('k.4')
    await eventually(() => expect(subscription.cursor).toBe('k.4'))
    let closed = false
    const closing = client.close().then(() => {
      closed = true
    })
    await store.answer()
    await eventually(() => expect(store.waiting).toHaveLength(1))
    expect(closed).toBe(false)
    await store.answer()
    await closing
    expect(store.written).toEqual(['k.0', 'k.3', 'k.4'])
  })

  it('that is closed before the store has answered asks the server for nothing', async () => {
    const { server } = harness
    const store = new SlowStore()
    const client = clientOn(store)
    const events = client.subscribe(order, { durable: 'cart' })
    const other = client.subscribe(order, { durable: 'other' })
    await eventually(() => expect(store.waiting).toHaveLength(2))
    events.close()
    await client.close()
    await store.answer()
    await store.answer()
    expect(await events.next()).toEqual({ done: true, value: undefined })
    expect(await other.next()).toEqual({ done: true, value: undefined })
    expect(server.exchanges).toEqual([])
    expect(store.texts.size).toBe(0)
  })

  it.each([
    ['its client is closed', (client: EventClient) => client.close()],
    ['the page may go', () => globalThis.dispatchEvent(new Event('pagehide'))],
  ])('writes nothing when %s before the store has answered', async (_title, end) => {
    const page = new EventTarget()
    vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
    vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
    vi.stubGlobal('dispatchEvent', page.dispatchEvent.bind(page))
    try {
      const written: string[] = []
      const answers: ((text: string) => void)[] = []
      const client = clientOn({
        get: () => new Promise<string>((resolve) => answers.push(resolve)),
        set: (_key, text) => written.push(text),
      })
      const events = client.subscribe(order, { durable: 'cart', from: 'k.3' })
      expect(events.cursor).toBeUndefined()
      await end(client)
      // By now, another one may have come further.
      answers[0]?.('k.5')
      await client.close()
      expect(await events.next()).toEqual({ done: true, value: undefined })
      expect(written).toEqual([])
    } finally {
      vi.unstubAllGlobals()
    }
  })

  it('is opened once at a time, and again when it was closed, after what is still being written', async () => {
    const { server } = harness
    const store = new SlowStore()
    const client = clientOn(store)
    const first = client.subscribe(order, () => {}, { durable: 'cart' })
    expect(() => client.subscribe(order, () => {}, { durable: 'cart' })).toThrow(TypeError)
    await store.answer()
    ;(await server.next()).open('k.4')
    await first.ready
    first.close()
    client.subscribe(order, () => {}, { durable: 'cart' })
    await store.answer()
    expect(store.written).toEqual(['k.4'])
    await store.answer()
    expect((await server.next()).asked.lastEventId).toBe('k.4')
    store.release()
  })

  it.each([
    ['is open', false],
    ['is over', true],
  ])('writes nothing over what another one of its name has kept, which %s', async (_title, isOver) => {
    const { server } = harness
    const store = new Map<string, string>()
    const client = clientOn(store)
    const events = client.subscribe(order, { durable: 'cart' })
    const stream = (await server.next()).open('k.0')
    stream.event('k.1')
    await events.next()
    await kept(store, 'k.0')
    events.close()
    const other = client.subscribe(order, () => {}, { durable: 'cart' })
    const next = (await server.next()).open('k.0', { verdict: 'resumed' })
    next.event('k.1')
    next.event('k.2')
    await kept(store, 'k.2')
    if (isOver) other.close()
    // Its loop is done with the first event only now.
    await events.next()
    await events[Symbol.asyncDispose]()
    expect([...store.values()]).toEqual(['k.2'])
    other.close()
  })

  it('goes on when the store does not take a cursor, says so, and tries with the next event', async () => {
    const { server, errors } = harness
    const store = new Map<string, string>()
    let isFull = true
    const subscription = clientOn({
      get: (key) => store.get(key),
      set(key, text) {
        if (isFull) throw new RangeError('full')
        store.set(key, text)
      },
    }).subscribe(order, () => {}, { durable: 'cart' })
    const stream = (await server.next()).open('k.0')
    await eventually(() => {
      harness.clock.advance(100)
      expect(errors).toHaveLength(1)
    })
    const [error] = errors
    expect(StorageError.isInstance(error) && [error.operation, error.durable, error.topic]).toEqual([
      'set',
      'cart',
      'orders/42',
    ])
    isFull = false
    stream.event('k.1')
    await eventually(() => expect(subscription.cursor).toBe('k.1'))
    await kept(store, 'k.1')
    expect(errors).toHaveLength(1)
  })

  it.each([
    [
      'throws',
      () => {
        throw new RangeError('no')
      },
    ],
    ['rejects', () => Promise.reject(new RangeError('no'))],
  ])(
    'is over when what was kept cannot be had, for anywhere else it would skip events: %s',
    async (_title, get) => {
      const { server, errors } = harness
      const client = clientOn({ get, set: () => {} })
      const events = client.subscribe(order, { durable: 'cart' })
      await expect(events.next()).rejects.toSatisfy(StorageError.isInstance)
      await expect(events.ready).rejects.toMatchObject({ operation: 'get', cause: { message: 'no' } })
      expect(errors).toEqual([])
      client.subscribe(order, () => {}, { durable: 'cart' })
      await eventually(() => expect(errors).toMatchObject([{ code: 'storage' }]))
      expect(server.exchanges).toEqual([])
    },
  )

  it('waits no longer for a store than it may take, when it writes and when it is closed', async () => {
    const { server, clock, errors } = harness
    const store = new Map<string, string>()
    let answers = false
    const client = clientOn({
      get: (key) => store.get(key),
      set(key, text) {
        if (!answers) return new Promise(() => {})
        store.set(key, text)
        return undefined
      },
    })
    const subscription = client.subscribe(order, () => {}, { durable: 'cart' })
    const stream = (await server.next()).open('k.0')
    await clock.timer(0)
    clock.advance(0)
    await clock.timer(10_000)
    clock.advance(9_999)
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(errors).toEqual([])
    clock.advance(1)
    await eventually(() => expect(errors).toHaveLength(1))
    expect(errors).toMatchObject([{ code: 'storage', operation: 'set', cause: { code: 'timeout' } }])
    // The next one is tried all the same.
    answers = true
    stream.event('k.1')
    await kept(store, 'k.1')
    answers = false
    stream.event('k.2')
    await eventually(() => expect(subscription.cursor).toBe('k.2'))
    const closing = client.close()
    await eventually(() => expect(clock.pending).toContain(10_000))
    clock.advance(10_000)
    await closing
    expect(errors).toMatchObject([{}, { code: 'storage', operation: 'set', cause: { code: 'timeout' } }])
    expect(clock.pending).toEqual([])
  })

  it('is over when the store does not say what was kept, and waits for that no longer than for its end', async () => {
    const { server, clock } = harness
    const client = clientOn({ get: () => new Promise(() => {}), set: () => {} }, { storeTimeout: 3_000 })
    const events = client.subscribe(order, { durable: 'cart' })
    const other = client.subscribe(order, { durable: 'other' })
    expect(clock.pending).toEqual([3_000, 3_000])
    other.close()
    expect(await other.next()).toEqual({ done: true, value: undefined })
    await eventually(() => expect(clock.pending).toEqual([3_000]))
    clock.advance(3_000)
    await expect(events.next()).rejects.toMatchObject({
      code: 'storage',
      operation: 'get',
      cause: { message: 'The store has not answered within 3000 ms' },
    })
    expect(server.exchanges).toEqual([])
    expect(clock.pending).toEqual([])
  })

  it('takes a `Storage`, writes at once when the page may go, and leaves no listener', async () => {
    const { server } = harness
    type Listener = (event: { readonly type: string }) => void
    const listeners = new Map<string, Set<Listener>>()
    const of = (name: string) => listeners.get(name) ?? listeners.set(name, new Set()).get(name)
    const target = {
      visibilityState: 'hidden',
      addEventListener: (name: string, listener: Listener) => of(name)?.add(listener),
      removeEventListener: (name: string, listener: Listener) => of(name)?.delete(listener),
    }
    vi.stubGlobal('addEventListener', target.addEventListener)
    vi.stubGlobal('removeEventListener', target.removeEventListener)
    vi.stubGlobal('document', target)
    try {
      const texts = new Map<string, string>()
      const client = clientOn({
        getItem: (key: string) => texts.get(key) ?? null,
        setItem: (key: string, text: string) => texts.set(key, text),
      })
      const subscription = client.subscribe(order, () => {}, { durable: 'cart' })
      const stream = (await server.next()).open('k.0')
      await subscription.ready
      for (const tell of of('visibilitychange') ?? []) tell({ type: 'visibilitychange' })
      expect([...texts.values()]).toEqual(['k.0'])
      stream.event('k.1')
      await eventually(() => expect(subscription.cursor).toBe('k.1'))
      for (const tell of of('pagehide') ?? []) tell({ type: 'pagehide' })
      expect([...texts.values()]).toEqual(['k.1'])
      subscription.close()
      expect(listeners.size).toBeGreaterThan(1)
      await eventually(() => expect([...listeners.values()].every(({ size }) => size === 0)).toBe(true))
    } finally {
      vi.unstubAllGlobals()
    }
  })
})

describe('acknowledging by hand', () => {
  it('keeps the place before the lowest that is not acknowledged, whatever the order', async () => {
    const { server } = harness
    const store = new Map<string, string>()
    const seen = new Seen<{ readonly id: string }>()
    const subscription = clientOn(store).subscribe(order, (event) => seen.push(event), {
      durable: 'cart',
      ack: 'manual',
    })
    const stream = (await server.next()).open('k.0').event('k.1').event('k.2').event('k.3')
    const [first, second, third] = (await seen.count(3)) as [{ id: string }, { id: string }, { id: string }]
    await kept(store, 'k.0')
    subscription.ack(third)
    subscription.ack(second)
    expect(subscription.cursor).toBe('k.0')
    subscription.ack(first)
    expect(subscription.cursor).toBe('k.3')
    await kept(store, 'k.3')
    subscription.ack(first)
    subscription.ack({ id: 'k.77' })
    stream.frame({ id: 'k.9' }).event('k.10')
    await seen.count(4)
    expect(['k.3', 'k.9']).toContain(subscription.cursor)
  })

  it('holds for loops, their buffer, resets and snapshots, and moves with heartbeats when nothing waits', async () => {
    const { server } = harness
    const client = clientOn(new Map())
    const events = client.subscribe(order, { ack: 'manual', from: 'k.0' })
    const beside = client.subscribe(order, () => {}, { from: 'k.0' })
    const stream = (await server.next())
      .open('k.0', { verdict: 'trimmed' })
      .reset(order.address, 'trimmed', 'k.5')
    stream.event('k.6').event('k.7')
    await eventually(() => expect(beside.cursor).toBe('k.7'))
    const { value: reset } = await events.next()
    const { value: sixth } = await events.next()
    const { value: seventh } = await events.next()
    expect(events.cursor).toBe('k.0')
    if (reset) events.ack(reset)
    expect(events.cursor).toBe('k.5')
    if (sixth) events.ack(sixth)
    if (seventh) events.ack(seventh)
    expect(events.cursor).toBe('k.7')
    void events.next()
    stream.frame({ id: 'k.20' })
    await eventually(() => expect(events.cursor).toBe('k.20'))
  })

  it('reads no further when too many wait', async () => {
    const { server } = harness
    const client = clientOn(new Map(), { maxUnacknowledged: 2 })
    const seen = new Seen<{ readonly id: string }>()
    const subscription = client.subscribe(order, (event) => seen.push(event), { ack: 'manual' })
    ;(await server.next()).open('k.0').event('k.1').event('k.2').event('k.3').event('k.4')
    const [first] = await seen.count(2)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
    expect(seen.items).toHaveLength(2)
    if (first) subscription.ack(first)
    await seen.count(3)
    // Closing lets go of the rest.
    await client.close()
  })
})

it('needs the option, and says so', () => {
  const client = harness.createClient()
  expect(() => client.subscribe(order, () => {}, { durable: 'cart' })).toThrow(/option storage/)
  expect(() => client.subscribe(order, { ack: 'manual' })).toThrow(TypeError)
  expect(() => cursorStorage({ store: {} as Map<string, string>, identity: '', contract: shop })).toThrow(
    /get and set/,
  )
  expect(() => storageOn(new Map(), { identity: undefined as never })).toThrow(/identity/)
  expect(() => storageOn(new Map(), { contract: undefined as never })).toThrow(/contract must be/)
  expect(() => storageOn(new Map(), { contract: { name: 'x', version: 'new' } })).toThrow(/semantic/)
})
