import { once } from 'node:events'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { EventTooLargeError } from '../errors.ts'
import type { ManualClock } from '../fixtures/manual-clock.fixture.ts'
import { fetchStream, type OpenStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { fillSocket } from './fill-socket.fixture.ts'

const most = 256 * 1024
const ways: readonly ({ readonly name: string } & Parameters<typeof serve>[0])[] = [
  { name: 'on a socket' },
  { name: 'by a response', takeSockets: false },
  {
    name: 'by a response without its parser',
    onResponse: (response) => response.setHeader('x-mark', 'kept'),
  },
]
const order = shop.orders({ orderId: '1' })
const placed = (total: number, bytes: number) => ({ total, note: 'x'.repeat(bytes) })
const totalsOf = (blocks: Awaited<ReturnType<OpenStream['take']>>) =>
  blocks.map(({ data }) => (data as { total: number }).total)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index)

/** An event server of which a test sees the sockets, and how much any of them ever held. */
async function serveWatched(options: Parameters<typeof serve>[0] = {}) {
  const sockets: Socket[] = []
  const held = new Map<Socket, number>()
  const served = await serve({
    ...options,
    onSocket(socket) {
      sockets.push(socket)
      held.set(socket, 0)
      const write = socket.write.bind(socket) as (...given: unknown[]) => boolean
      socket.write = (...given: unknown[]) => {
        const room = write(...given)
        held.set(socket, Math.max(held.get(socket) ?? 0, socket.writableLength))
        return room
      }
    },
  })
  return { ...served, sockets, mostHeld: (socket: Socket) => held.get(socket) }
}

/** Lets time pass as it does: with turns of the event loop in between, in which sockets are heard. */
async function pass(clock: ManualClock, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 100) {
    clock.advance(100)
    await turn()
  }
}

describe.each(ways)('a client that reads nothing, $name,', ({ name: _, ...way }) => {
  it('holds a bounded number of bytes, is cut when its time is over, and delays nobody', async () => {
    const { port, url, events, clock, sockets, mostHeld } = await serveWatched({
      stallTimeout: 1_000,
      ...way,
    })
    const { socket } = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x')
    socket.pause()
    const reading = await openStream(url('/orders/1'))
    await reading.next()
    const [stuck] = sockets as [Socket]
    const gone = once(stuck, 'close')
    const count = 150
    for (let total = 0; total < count; total += 1) {
      await events.publish(order, 'placed', placed(total, 100_000))
      // Before the next one is published, whoever reads has this one.
      expect(await reading.next()).toMatchObject({ data: { total } })
    }
    // More than any socket takes by itself: bytes wait.
    expect(stuck.writableLength).toBeGreaterThan(0)
    expect(mostHeld(stuck)).toBeLessThanOrEqual(most)

    await pass(clock, 900)
    expect(stuck.destroyed).toBe(false)
    await pass(clock, 400)
    await gone
    await events.publish(order, 'placed', placed(count, 10))
    expect(await reading.next()).toMatchObject({ data: { total: count } })
  })

  it('holds no more while it should replay a long history', async () => {
    const { port, url, events, sockets, mostHeld } = await serveWatched(way)
    for (let total = 0; total < 130; total += 1) await events.publish(order, 'placed', placed(total, 100_000))
    const { socket } = openRaw(port, 'GET /events/orders/1?from=earliest HTTP/1.1', 'Host: x')
    socket.pause()
    const reading = await openStream(url('/orders/1?from=earliest'))
    expect(totalsOf((await reading.take(131)).slice(1))).toEqual(upTo(130))
    for (const each of sockets) expect(mostHeld(each)).toBeLessThanOrEqual(most)
    expect(sockets[0]?.writableLength).toBeGreaterThan(0)
  })

  it('holds no more when much is published in one turn, and others get it all', async () => {
    const { port, url, events, sockets, mostHeld } = await serveWatched(way)
    const { socket } = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x')
    socket.pause()
    const reading = await openStream(url('/orders/1'))
    await reading.next()
    await Promise.all(upTo(40).map((total) => events.publish(order, 'placed', placed(total, 30_000))))
    expect(totalsOf(await reading.take(40))).toEqual(upTo(40))
    for (const each of sockets) expect(mostHeld(each)).toBeLessThanOrEqual(most)
  })

  it('is sent no heartbeats either', async () => {
    const { port, url, events, clock, sockets, place } = await serveWatched({
      ...way,
      stallTimeout: 100_000,
      heartbeat: 1_000,
    })
    const { socket } = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x')
    socket.pause()
    await (await openStream(url('/orders/2'))).next()
    const [stuck] = sockets as [Socket]
    await fillSocket(events, stuck)
    const waiting = stuck.writableLength
    expect(waiting).toBeGreaterThan(0)
    for (let beats = 0; beats < 50; beats += 1) {
      await place('3', beats)
      await pass(clock, 1_000)
    }
    expect(stuck.writableLength).toBeLessThanOrEqual(waiting)
  })

  it('holds as little behind the fetch handler, and is cut there too', async () => {
    const { events, clock, log } = prepare({ stallTimeout: 1_000, limits: { ringBytes: 1 } })
    const stuck = await fetchStream(events, '/events/orders/1')
    await stuck.next()
    stuck.pause()
    const reading = await fetchStream(events, '/events/orders/1')
    await reading.next()
    for (let total = 0; total < 60; total += 1) {
      await events.publish(order, 'placed', placed(total, 60_000))
      expect(await reading.next()).toMatchObject({ data: { total } })
    }
    // What it finds after this was held for it: the rest is gone.
    log.trim(61)
    const before = stuck.text.length
    stuck.resume()
    await stuck.takeTo('millrace.reset')
    expect(stuck.text.length - before).toBeLessThanOrEqual(most)

    stuck.pause()
    for (let total = 60; total < 70; total += 1) {
      await events.publish(order, 'placed', placed(total, 60_000))
      expect(await reading.next()).toMatchObject({ data: { total } })
    }
    await pass(clock, 1_400)
    stuck.resume()
    expect(await stuck.ended).toMatchObject({ name: 'AbortError' })
  })

  it('is left alone as long as nothing waits for it', async () => {
    const { url, clock, place } = await serve({ stallTimeout: 1_000, heartbeat: 1_000, ...way })
    const stream = await openStream(url('/orders/1'))
    await stream.next()
    for (let second = 0; second < 30; second += 1) {
      const before = stream.text.length
      await pass(clock, 1_000)
      await stream.until(() => stream.text.length > before)
    }
    await place('1', 1)
    expect(await stream.next()).toMatchObject({ event: 'placed' })
  })
})

describe.each(ways)('a slow client, $name,', ({ name: _, ...way }) => {
  it('that takes something now and then is never cut, and gets everything once and in order', async () => {
    const { url, events, clock, sockets, mostHeld } = await serveWatched({ stallTimeout: 1_000, ...way })
    const slow = await openStream(url('/orders/1'))
    const [held] = sockets as [Socket]
    const count = 250
    slow.pause()
    for (let total = 0; total < count; total += 1) {
      await events.publish(order, 'placed', placed(total, 100_000))
    }
    let over = false
    const all = slow.take(count + 1).finally(() => {
      over = true
    })
    let drains = 0
    while (!over) {
      const drained = once(held, 'drain')
      slow.resume()
      await Promise.race([drained, all])
      slow.pause()
      drains += 1
      // Nine tenths of what it has until it would be cut, again and again.
      await pass(clock, 900)
    }
    expect(totalsOf((await all).slice(1))).toEqual(upTo(count))
    // So it lived for several times as long as it may take nothing.
    expect(drains).toBeGreaterThan(2)
    expect(mostHeld(held)).toBeLessThanOrEqual(most)
  })

  it('is told when retention overtakes it, and goes on from what is left', async () => {
    const { url, events, log } = await serve({ limits: { ringBytes: 1 }, ...way })
    const slow = await openStream(url('/orders/1'))
    slow.pause()
    const count = 150
    for (let total = 0; total < count; total += 1) {
      await events.publish(order, 'placed', placed(total, 100_000))
    }
    log.trim(count)
    slow.resume()
    const blocks = (await slow.takeTo('millrace.reset')).slice(1)
    const seen = totalsOf(blocks.slice(0, -1))
    expect(seen).toEqual(upTo(seen.length))
    expect(seen.length).toBeLessThan(count - 1)
    expect(blocks.at(-1)).toMatchObject({
      topic: 'orders/1',
      id: `e1.${count - 1}`,
      data: { verdict: 'trimmed' },
    })
    expect(await slow.next()).toMatchObject({ data: { total: count - 1 } })
  })
})

describe('a large event', () => {
  const limit = 128 * 1024
  const empty = JSON.stringify(placed(1, 0)).length

  it.each(['over a socket', 'behind the fetch handler'])(
    'of the largest size comes whole, live and replayed, %s',
    async (way) => {
      const { url, events, place } = await serve()
      const open = (rest: string) =>
        way === 'over a socket' ? openStream(url(rest)) : fetchStream(events, `/events${rest}`)
      const live = await open('/orders/1')
      await live.next()
      const largest = placed(1, limit - empty)
      await Promise.all([place('1', 0), events.publish(order, 'placed', largest), place('1', 2)])
      const replay = await open('/orders/1?last-event-id=e1.0')
      await replay.next()
      for (const stream of [live, replay]) {
        const blocks = await stream.take(3)
        expect(totalsOf(blocks)).toEqual([0, 1, 2])
        expect(blocks[1]?.data).toEqual(largest)
      }
    },
  )

  it('above it is refused, and takes no place', async () => {
    const { events, place } = prepare()
    await expect(events.publish(order, 'placed', placed(1, limit - empty + 1))).rejects.toThrow(
      EventTooLargeError,
    )
    expect(await place('1', 1)).toEqual(['e1.1'])
  })
})
