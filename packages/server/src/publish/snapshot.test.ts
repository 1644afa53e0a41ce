import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { DataError, type StateOf } from '@millrace/contract'
import { memoryLog } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { EventTooLargeError } from '../errors.ts'
import { fetchStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { fillSocket } from '../session/fill-socket.fixture.ts'
import type { SnapshotRequest } from './snapshots.ts'

type Orders = SnapshotRequest<{ readonly orderId: string }>
type State = StateOf<typeof shop.orders>
const after = (id: string) => ({ headers: { 'last-event-id': id } })
const snapshot = (topic: string, id: string, total: number) => ({
  event: controlEvent.snapshot,
  topic,
  id,
  data: { total },
})

/** A provider whose answers a test gives. */
function held() {
  const asked: (Orders & { readonly answer: (state: State) => void })[] = []
  const provider = (request: Orders) => new Promise<State>((answer) => asked.push({ ...request, answer }))
  const next = async () => {
    while (asked.length === 0) await turn()
    return asked.shift() as (typeof asked)[number]
  }
  return { asked, provider, next }
}

describe('a topic with a snapshot', () => {
  it('begins with its state, and goes on with what came after the position', async () => {
    const { url, events, place, errors } = await serve()
    const { provider, next } = held()
    events.snapshot(shop.orders, provider)
    await place('1', 1, 2)
    const stream = await openStream(url('/orders/1'))
    expect(await stream.next()).toEqual({
      event: controlEvent.open,
      id: '0.0',
      data: { verdict: 'fresh', heartbeat: 15_000, now: 'e1.2', snapshots: ['orders/1'] },
    })
    const asked = await next()
    expect(asked).toMatchObject({ params: { orderId: '1' }, address: 'orders/1' })
    expect(asked.signal.aborted).toBe(false)
    // Published while the state is read: it may be in it, and comes in each case.
    await place('1', 3)
    asked.answer({ total: 2 })
    expect(await stream.take(2)).toEqual([
      snapshot('orders/1', 'e1.2', 2),
      expect.objectContaining({ id: 'e1.3' }),
    ])
    await place('1', 4)
    expect((await stream.next()).id).toBe('e1.4')
    expect(errors).toEqual([])
  })

  it('has its state encoded by its schema, and its version named', async () => {
    const { url, events } = await serve()
    const state = { total: 1, at: new Date(0), secret: 'x' }
    events.snapshot(shop.orders, () => state)
    const stream = await openStream(url('/orders/1'))
    expect(await stream.takeTo(controlEvent.snapshot)).toContainEqual({
      event: controlEvent.snapshot,
      topic: 'orders/1',
      id: 'e1.0',
      data: { total: 1, at: '1970-01-01T00:00:00.000Z' },
    })
  })

  it('resumes without it, and is told the oldest events where it asks for them', async () => {
    const { url, events, place } = await serve()
    events.snapshot(shop.orders, () => Promise.reject(new Error('not asked')))
    await place('1', 1, 2)
    expect((await (await openStream(url('/orders/1'), after('e1.1'))).take(2))[1]?.id).toBe('e1.2')
    expect((await (await openStream(url('/orders/1?from=earliest'))).take(2))[1]?.id).toBe('e1.1')
  })

  it.each([
    ['e1.1', 'trimmed'],
    ['e0.1', 'epoch'],
    ['e1.9', 'ahead'],
    ['x', 'invalid'],
    ['0.0', 'epoch'],
  ])('that cannot go on from %s (%s) is told its state in place of that', async (cursor, verdict) => {
    const { url, events, place, log } = await serve()
    events.snapshot(shop.orders, () => ({ total: 7 }))
    await place('1', 1, 2, 3, 4)
    log.trim(3)
    const stream = await openStream(url('/orders/1'), after(cursor))
    expect(await stream.next()).toMatchObject({ data: { verdict, snapshots: ['orders/1'] } })
    expect(await stream.next()).toEqual(snapshot('orders/1', 'e1.4', 7))
    await place('1', 5)
    expect((await stream.next()).id).toBe('e1.5')
    expect(stream.text).not.toContain(controlEvent.reset)
  })

  it('in the middle of a stream is told its state when the log begins anew', async () => {
    const { url, events, place, log, clock } = await serve({ snapshotTimeout: 60_000 })
    const { provider, next } = held()
    events.snapshot(shop.orders, provider)
    await place('1', 1)
    const stream = await openStream(url('/orders/1'), after('e1.1'))
    await stream.next()
    log.restart('e2')
    const asked = await next()
    await place('1', 5)
    // Meanwhile nothing may move the cursor past what was not told yet.
    clock.advance(15_000 / 2)
    clock.advance(15_000 / 2)
    await stream.until(() => stream.text.endsWith(':\n'))
    expect(stream.blocks).toEqual([])
    asked.answer({ total: 5 })
    expect(await stream.take(2)).toEqual([
      snapshot('orders/1', 'e2.0', 5),
      expect.objectContaining({ id: 'e2.1', data: { total: 5 } }),
    ])
  })

  it('that was overtaken by retention is told its state, and no heartbeat leads past the gap before', async () => {
    const looks: (() => void)[] = []
    const log = memoryLog({ epoch: 'e1', wake: (look) => looks.push(look) })
    const { url, events, place, clock } = await serve({ log, snapshotTimeout: 60_000 })
    const { provider, next } = held()
    events.snapshot(shop.orders, provider)
    await place('1', 0)
    const stream = await openStream(url('/orders/1'), after('e1.1'))
    await stream.next()
    await place('1', 1, 2, 3, 4)
    log.trim(4)
    for (const look of looks.splice(0)) look()
    const asked = await next()
    clock.advance(7_500)
    clock.advance(7_500)
    await stream.until(() => stream.text.endsWith(':\n'))
    expect(stream.blocks).toEqual([])
    asked.answer({ total: 4 })
    expect(await stream.next()).toEqual(snapshot('orders/1', 'e1.5', 4))
  })

  it('that is not let go on, and closed before its state came, comes back with the old cursor', async () => {
    const { url, events, log, place } = await serve()
    events.snapshot(shop.orders, held().provider)
    await place('1', 1)
    const stream = await openStream(url('/orders/1'), after('e1.1'))
    await stream.next()
    log.restart('e2')
    await turn()
    events.revoke({ topic: 'orders/1' })
    expect(await stream.rest()).toMatchObject([{ event: controlEvent.bye, id: 'e1.1' }])
  })

  it('beside others is told first, with its own position, and they go on from theirs', async () => {
    const { url, events, place } = await serve()
    events.snapshot(shop.orders, ({ params }) => ({ total: Number(params.orderId) }))
    await place('1', 1)
    await events.publish(shop.anything(), 'said', 'a')
    await place('1', 2)
    await events.publish(shop.anything(), 'said', 'b')
    const stream = await openStream(url('?topic=orders/1&topic=anything;from=e1.1&topic=orders/2'))
    expect(await stream.take(6)).toEqual([
      {
        event: controlEvent.open,
        id: 'e1.1',
        data: { verdict: 'resumed', heartbeat: 15_000, now: 'e1.4', snapshots: ['orders/1', 'orders/2'] },
      },
      { ...snapshot('orders/1', 'e1.1', 1), at: 'e1.4' },
      { ...snapshot('orders/2', 'e1.1', 2), at: 'e1.4' },
      // The id of the last of them is no other than that of the first frame, so that nothing shows that it is the last.
      { event: '', id: 'e1.1' },
      expect.objectContaining({ id: 'e1.2', topic: 'anything' }),
      expect.objectContaining({ id: 'e1.4', topic: 'anything' }),
    ])
    // Only the last of them moves the cursor.
    expect(stream.text.split('\n\n')[1]).not.toMatch(/^id:/m)
    await place('1', 3)
    expect((await stream.next()).id).toBe('e1.5')
  })

  it('beside others like it is told its position, whether its own frame moves the cursor or not', async () => {
    const { url, events, place } = await serve()
    events.snapshot(shop.orders, () => ({ total: 7 }))
    await place('1', 1)
    const stream = await openStream(url('?topic=orders/1&topic=orders/2'))
    expect((await stream.take(3)).slice(1)).toEqual([
      { ...snapshot('orders/1', '0.0', 7), at: 'e1.1' },
      snapshot('orders/2', 'e1.1', 7),
    ])
  })

  it('beside a topic without one that was reset, each is told its own', async () => {
    const { url, events, place, log } = await serve()
    events.snapshot(shop.orders, () => ({ total: 7 }))
    await events.publish(shop.anything(), 'said', 'a')
    await place('1', 1, 2)
    await events.publish(shop.anything(), 'said', 'b')
    await place('1', 3)
    log.trim(3)
    const stream = await openStream(url('?topic=orders/1&topic=anything'), after('e1.1'))
    expect(await stream.take(4)).toEqual([
      expect.objectContaining({ id: 'e1.1' }),
      { ...snapshot('orders/1', 'e1.1', 7), at: 'e1.5' },
      { event: controlEvent.reset, topic: 'anything', id: 'e1.2', data: { verdict: 'trimmed' } },
      expect.objectContaining({ id: 'e1.4', topic: 'anything' }),
    ])
    expect((await stream.next()).id).toBe('e1.5')
    await place('1', 4)
    expect((await stream.next()).id).toBe('e1.6')
  })

  it('is asked for once by all who want it at the same time, and again by those who come later', async () => {
    const { url, events, place } = await serve()
    const { provider, next, asked } = held()
    events.snapshot(shop.orders, provider)
    const first = await Promise.all([1, 2, 3].map(() => openStream(url('/orders/1'))))
    const question = await next()
    await place('1', 1)
    const second = await openStream(url('/orders/1'))
    await second.next()
    expect(asked).toEqual([])
    question.answer({ total: 1 })
    for (const stream of [...first, second]) {
      expect((await stream.takeTo('placed')).slice(-2)).toEqual([
        snapshot('orders/1', 'e1.0', 1),
        expect.objectContaining({ id: 'e1.1' }),
      ])
    }
    const third = await openStream(url('/orders/1'))
    ;(await next()).answer({ total: 1 })
    expect((await third.takeTo(controlEvent.snapshot)).at(-1)).toEqual(snapshot('orders/1', 'e1.1', 1))
    expect(events.stats()).toMatchObject({ snapshotsAsked: 2, snapshots: { state: 2 } })
  })

  it('is told none that others of it are beyond, however soon it would come', async () => {
    const { url, events, place } = await serve()
    const { provider, next } = held()
    events.snapshot(shop.orders, provider)
    await place('1', 1)
    await openStream(url('/orders/1'))
    const early = await next()
    await place('1', 2, 3)
    const stream = await openStream(url('?topic=orders/1;from=e1.2&topic=orders/1;from=0.0'))
    const late = await next()
    early.answer({ total: 1 })
    late.answer({ total: 3 })
    expect((await stream.takeTo(controlEvent.snapshot)).at(-1)).toMatchObject({
      ...snapshot('orders/1', 'e1.2', 3),
      at: 'e1.3',
    })
  })

  it('has none as a pattern, nor has another channel', async () => {
    const { url, events, place } = await serve()
    events.snapshot(shop.orders, () => Promise.reject(new Error('not asked')))
    await place('1', 1)
    const stream = await openStream(url('?topic=orders/*&topic=anything'))
    expect(await stream.next()).toEqual({
      event: controlEvent.open,
      id: 'e1.1',
      data: { verdict: 'fresh', heartbeat: 15_000 },
    })
    const lost = await openStream(url('/orders/*'), after('e0.1'))
    expect((await lost.take(2))[1]).toMatchObject({ event: controlEvent.reset, topic: 'orders/*' })
  })

  it('that is complete is told its state, and then that it is', async () => {
    const { url, events } = await serve()
    events.snapshot(shop.orders, () => ({ total: 9 }))
    await events.end(shop.orders({ orderId: '1' }))
    await (await openStream(url('/anything'))).next()
    const stream = await openStream(url('/orders/1'))
    expect((await stream.rest()).slice(1)).toMatchObject([
      snapshot('orders/1', 'e1.1', 9),
      { event: controlEvent.end, topic: 'orders/1' },
      { event: controlEvent.bye, data: { reason: 'end' } },
    ])
    expect(await openStream(url('/orders/1'), after('e1.1'))).toMatchObject({ status: 204 })
  })

  it('answers a poll', async () => {
    const { url, events } = await serve()
    events.snapshot(shop.orders, () => ({ total: 9 }))
    const poll = await openStream(url('/orders/1?mode=poll'))
    expect((await poll.rest()).slice(1)).toMatchObject([
      snapshot('orders/1', 'e1.0', 9),
      { data: { reason: 'poll' } },
    ])
  })
})

describe('without its state', () => {
  const failing: readonly (readonly [string, () => unknown, unknown])[] = [
    [
      'throws',
      () => {
        throw new Error('db')
      },
      new Error('db'),
    ],
    ['rejects', () => Promise.reject(new Error('db')), new Error('db')],
    ['answers what does not fit', () => ({ total: 'x' }), expect.any(DataError)],
    ['answers too much', () => ({ total: 1, at: new Date(0) }), expect.any(EventTooLargeError)],
  ]
  it.each(failing)(
    'because it %s, a fresh stream goes on as ever, and who is lost is told a reset',
    async (name, provider, error) => {
      const { url, events, place, errors } = await serve({ limits: { snapshotBytes: 20 } })
      events.snapshot(shop.orders, provider as () => { total: number })
      await place('1', 1)
      const fresh = await openStream(url('/orders/1'))
      expect(await fresh.take(2)).toEqual([
        expect.objectContaining({ id: '0.0' }),
        // It is no secret any more where it begins.
        { event: '', id: 'e1.1' },
      ])
      const lost = await openStream(url('/orders/1'), after('e0.1'))
      expect((await lost.take(3)).slice(1)).toMatchObject([
        { event: controlEvent.reset, topic: 'orders/1', id: 'e1.0', data: { verdict: 'epoch' } },
        { id: 'e1.1' },
      ])
      await place('1', 2)
      expect((await fresh.next()).id).toBe('e1.2')
      expect(errors).toEqual([error, error])
      const { snapshotsAsked, snapshots } = events.stats()
      expect({ snapshotsAsked, snapshots }).toEqual({
        snapshotsAsked: 2,
        snapshots: { state: 0, none: 0, timeout: 0, failed: 2 },
      })
      expect(events.stats().refused.snapshotBytes).toBe(name === 'answers too much' ? 2 : 0)
    },
  )

  it('because there is none, nobody is told of an error', async () => {
    const { url, events, place, errors } = await serve()
    events.snapshot(shop.orders, () => undefined)
    const stream = await openStream(url('/orders/1'))
    await place('1', 1)
    expect((await stream.takeTo('placed')).at(-1)).toMatchObject({ id: 'e1.1' })
    expect(errors).toEqual([])
    expect(events.stats()).toMatchObject({ snapshotsAsked: 1, snapshots: { none: 1, failed: 0 } })
  })

  it('because nobody named it, it is not asked for', async () => {
    const { url, events, place } = await serve()
    events.snapshot(shop.orders, () => ({ total: 1 }))
    await place('1', 1)
    const named = await openStream(url('?topic=orders/1;events=placed'))
    expect(await named.next()).toEqual({
      event: controlEvent.open,
      id: 'e1.1',
      data: { verdict: 'fresh', heartbeat: 15_000 },
    })
    const lost = await openStream(url('?topic=orders/1;events=placed'), after('e0.1'))
    expect((await lost.take(2))[1]).toMatchObject({ event: controlEvent.reset, data: { verdict: 'epoch' } })
    expect(events.stats().snapshotsAsked).toBe(0)
    const both = await openStream(url('?topic=orders/1;events=placed,millrace.snapshot'))
    expect((await both.take(2))[1]).toEqual(snapshot('orders/1', 'e1.1', 1))
    expect(events.stats().snapshotsAsked).toBe(1)
    const alone = await openStream(url('?topic=orders/1&event=millrace.snapshot'))
    expect((await alone.take(2))[1]).toEqual(snapshot('orders/1', 'e1.1', 1))
  })

  it('is told to an address that was asked for twice, once with it', async () => {
    const { url, events, place } = await serve()
    events.snapshot(shop.orders, () => ({ total: 1 }))
    await place('1', 1)
    const topics =
      'topic=orders/1;from=e0.1;events=placed&topic=orders/1;from=e0.2;events=placed,millrace.snapshot'
    const stream = await openStream(url(`?${topics}`))
    expect((await stream.take(2))[1]).toEqual(snapshot('orders/1', 'e1.1', 1))
    await place('1', 2)
    expect((await stream.next()).id).toBe('e1.2')
  })

  it('because it takes too long, a stream goes on, and whoever is asked learns of it', async () => {
    const { url, events, place, errors, clock } = await serve({ snapshotTimeout: 3_000 })
    const { provider, next } = held()
    events.snapshot(shop.orders, provider)
    const stream = await openStream(url('/orders/1'))
    const asked = await next()
    clock.advance(2_999)
    await place('1', 1)
    expect(stream.blocks.length).toBeLessThan(2)
    expect(events.stats()).toMatchObject({ snapshotsAsked: 1, snapshots: { timeout: 0 } })
    clock.advance(1)
    expect((await stream.takeTo('placed')).at(-1)).toMatchObject({ id: 'e1.1' })
    expect(events.stats().snapshots).toEqual({ state: 0, none: 0, timeout: 1, failed: 0 })
    expect(errors).toEqual([new Error('The snapshot of "orders/1" did not come in 3000 ms')])
    expect(asked.signal.aborted).toBe(true)
    asked.answer({ total: 1 })
    await turn()
    expect(stream.blocks).toEqual([])
  })

  it('because its client left, nothing happens', async () => {
    const { url, events, errors } = await serve()
    const { provider, next } = held()
    events.snapshot(shop.orders, provider)
    const stream = await openStream(url('/orders/1'))
    const asked = await next()
    stream.leave()
    while (events.stats().connections > 0) await turn()
    asked.answer({ total: 1 })
    await turn()
    expect(errors).toEqual([])
  })

  it('because the server is closed, whoever is asked learns of it', async () => {
    const { events } = prepare()
    const { provider, next } = held()
    events.snapshot(shop.orders, provider)
    const stream = await fetchStream(events, '/events/orders/1')
    const asked = await next()
    await events.close()
    expect(asked.signal.aborted).toBe(true)
    expect((await stream.rest()).at(-1)).toMatchObject({ id: '0.0', data: { reason: 'drain' } })
  })
})

it('a slow client is told the state once its socket has room, at the position of then', async () => {
  const sockets: Socket[] = []
  const { events, port, log, place } = await serve({ onSocket: (socket) => sockets.push(socket) })
  let asked = 0
  const socket = openRaw(port, 'GET /events?topic=orders/1 HTTP/1.1', 'Host: x')
  await socket.reader.until(() => socket.reader.text.includes(controlEvent.open))
  events.snapshot(shop.orders, () => ({ total: ++asked }))
  socket.socket.pause()
  await fillSocket(events, sockets[0] as Socket)
  log.restart('e2')
  await place('1', 1, 2)
  await turn()
  expect(asked).toBe(0)
  socket.socket.resume()
  await socket.reader.until(() => socket.reader.text.includes(controlEvent.snapshot))
  expect(socket.reader.text).toMatch(
    /id: e2\.2\nevent: millrace\.snapshot\ntopic: orders\/1\ndata: {"total":1}/,
  )
  socket.socket.destroy()
})

describe('snapshot refuses', () => {
  it('a channel that has none in the contract, is of another contract, or has one already', () => {
    const { events } = prepare()
    const give = events.snapshot as (...given: unknown[]) => void
    events.snapshot(shop.orders, () => undefined)
    for (const [channel, provider, message] of [
      [shop.anything, () => undefined, /has no snapshot in the contract/],
      [shop.orders, () => undefined, /has a snapshot already/],
      [shop.orders({ orderId: '1' }), () => undefined, /has no channel/],
      [undefined, () => undefined, /has no channel/],
    ] as const) {
      expect(() => give(channel, provider)).toThrow(TypeError)
      expect(() => give(channel, provider)).toThrow(message)
    }
    const { events: others } = prepare({ log: memoryLog() })
    expect(() => (others.snapshot as typeof give)(shop.orders, 1)).toThrow(TypeError)
  })
})
