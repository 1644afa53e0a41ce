import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ring } from '../feed/ring.ts'
import { entryAt } from '../fixtures/entry.fixture.ts'
import { openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'

const price = (symbol: string) => shop.prices({ symbol })
const offsetsIn = (text: string, topic: string) =>
  [...text.matchAll(/^id: e1\.(\d+)\nevent: (\w+)\ntopic: (.*)$/gm)]
    .filter(([, , , of]) => of === topic)
    .map(([, offset]) => Number(offset))

/** A client that reads nothing, whose socket is full. */
async function slow(query: string) {
  const sockets: Socket[] = []
  const served = await serve({ onSocket: (socket) => sockets.push(socket) })
  const client = openRaw(served.port, `GET /events${query} HTTP/1.1`, 'Host: x')
  await client.reader.until(() => client.reader.text.includes('millrace.open'))
  client.socket.pause()
  const note = 'x'.repeat(100_000)
  for (let idle = 0; idle < 20; idle += 1) {
    const before = sockets[0]?.bytesWritten
    await served.events.publish(shop.orders({ orderId: 'fill' }), 'placed', { total: 0, note })
    await turn()
    if (sockets[0]?.writableLength === 0 || sockets[0]?.bytesWritten !== before) idle = 0
  }
  return { ...served, ...client }
}

describe("deliver: 'latest'", () => {
  it('spares a slow client all but the newest event of each topic, in the order of the log', async () => {
    const { events, reader, socket } = await slow('?topic=orders/fill&topic=prices/*&topic=orders/1')
    const ids: Record<string, number[]> = { 'prices/a': [], 'prices/b': [], 'orders/1': [] }
    for (let tick = 1; tick <= 50; tick += 1) {
      for (const [topic, published] of [
        ['prices/a', events.publish(price('a'), 'tick', tick)],
        ['prices/b', events.publish(price('b'), 'tick', tick)],
        ['orders/1', events.publish(shop.orders({ orderId: '1' }), 'placed', { total: tick })],
      ] as const) {
        ids[topic]?.push(Number((await published).id.split('.')[1]))
      }
    }
    await events.publish(price('b'), 'tick', 51)
    const last = Number(
      (await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 51 })).id.slice(3),
    )
    socket.resume()
    await reader.until(() => reader.text.includes('"total":51}'))
    expect(offsetsIn(reader.text, 'prices/a')).toEqual([ids['prices/a']?.at(-1)])
    expect(offsetsIn(reader.text, 'prices/b')).toEqual([last - 1])
    expect(events.stats()).toMatchObject({ conflated: 49 + 50 })
    // A channel that is to deliver every event does.
    expect(offsetsIn(reader.text, 'orders/1')).toEqual([...(ids['orders/1'] ?? []), last])
    const all = [...reader.text.matchAll(/^id: e1\.(\d+)$/gm)].map(([, offset]) => Number(offset))
    expect(all).toEqual([...all].sort((a, b) => a - b))
    // It keeps up again, and is spared nothing any more.
    await Promise.all([60, 61, 62].map((tick) => events.publish(price('a'), 'tick', tick)))
    await reader.until(() => reader.text.includes('data: 62\n'))
    expect(offsetsIn(reader.text, 'prices/a').slice(1)).toEqual([last + 1, last + 2, last + 3])
    // More than is written in one go, which makes it read them like one who is behind.
    const large = ['a', 'b', 'c'].map((letter) => letter.repeat(30_000))
    await events.publishMany(large.map((data) => ({ topic: price('c'), name: 'note' as const, data })))
    await reader.until(() => reader.text.includes(large[2] ?? ''))
    expect(offsetsIn(reader.text, 'prices/c')).toHaveLength(3)
    socket.destroy()
  })

  it('means the newest of those events that are wanted', async () => {
    const query = '?topic=orders/fill&topic=prices/a;events=note&topic=prices/b'
    const { events, reader, socket } = await slow(query)
    await events.publish(price('a'), 'note', 'first')
    await events.publish(price('a'), 'note', 'second')
    await events.publish(price('b'), 'note', 'old')
    for (const tick of [1, 2, 3]) {
      await events.publish(price('a'), 'tick', tick)
      await events.publish(price('b'), 'tick', tick)
    }
    await events.publish(shop.orders({ orderId: 'fill' }), 'placed', { total: 99 })
    socket.resume()
    await reader.until(() => reader.text.includes('"total":99}'))
    expect(reader.text).toContain('"second"')
    expect(reader.text).not.toMatch(/"first"|"old"/)
    expect(offsetsIn(reader.text, 'prices/b')).toHaveLength(1)
    // What nobody asked for is not spared.
    expect(events.stats().conflated).toBe(1 + 3)
    socket.destroy()
  })

  it('leaves the last event where the topic was ended after it', async () => {
    const { events, reader, socket } = await slow('?topic=orders/fill&topic=prices/a')
    for (const tick of [1, 2, 3]) await events.publish(price('a'), 'tick', tick)
    await events.end(price('a'))
    socket.resume()
    await reader.until(() => reader.text.includes('millrace.end'))
    expect(offsetsIn(reader.text, 'prices/a')).toHaveLength(1)
    expect(reader.text).toMatch(/data: 3\n\n.*event: millrace\.end/s)
    socket.destroy()
  })

  it('moves the cursor over what was spared', async () => {
    const { events, reader, socket, clock } = await slow('?topic=orders/fill&topic=prices/a;events=note')
    await events.publish(price('a'), 'note', 'old')
    await events.publish(price('a'), 'note', 'new')
    const { id } = await events.publish(price('a'), 'tick', 1)
    socket.resume()
    await reader.until(() => reader.text.includes('"new"'))
    while (!reader.text.endsWith(`id: ${id}\n\n\r\n`)) {
      clock.advance(2_000)
      await turn()
    }
    expect(reader.text).not.toContain('"old"')
    socket.destroy()
  })

  it('spares nobody who keeps up, or comes back', async () => {
    const { url, events } = await serve()
    const stream = await openStream(url('/prices/a'))
    await stream.next()
    await Promise.all([1, 2, 3].map((tick) => events.publish(price('a'), 'tick', tick)))
    expect((await stream.take(3)).map(({ data }) => data)).toEqual([1, 2, 3])
    const back = await openStream(url('/prices/a'), { headers: { 'last-event-id': 'e1.1' } })
    expect((await back.take(3)).slice(1).map(({ data }) => data)).toEqual([2, 3])
    expect(events.stats().conflated).toBe(0)
  })
})

it('the ring knows the newest event of each topic that it holds, by name, and forgets with it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.constantFrom('x', 'y', 'millrace.end')), {
        maxLength: 30,
      }),
      fc.integer({ min: 1, max: 6_000 }),
      (published, maxBytes) => {
        const ring = new Ring(maxBytes, 1, true)
        const entries = published.map(([topic, event], index) => entryAt(index + 1, topic, '{}', event))
        for (const entry of entries) ring.push(entry)
        const held = entries.filter(({ offset, isEnd }) => offset >= ring.first && !isEnd)
        for (const topic of ['a', 'b']) {
          for (const names of [undefined, new Set(['x']), new Set(['x', 'y'])]) {
            const newest = held.findLast(
              (entry) => entry.topic === topic && names?.has(entry.event) !== false,
            )
            expect(ring.newest(topic, names)).toBe(newest?.offset ?? 0)
          }
        }
      },
    ),
  )
})
