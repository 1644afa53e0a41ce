import { DataError } from '@millrace/contract'
import { controlEvent } from '@millrace/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PublishError } from '../errors.ts'
import { fetchStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { defineShop, shop } from '../fixtures/shop.fixture.ts'

const order = shop.orders({ orderId: '1' })

describe('publish', () => {
  it('keeps the order of the calls, awaited or not', async () => {
    const { events, place } = prepare()
    const ids = await Promise.all([place('1', 1), place('2', 2, 3), place('1', 4)])
    expect(ids.flat()).toEqual(['e1.1', 'e1.2', 'e1.3', 'e1.4'])
    const stream = await fetchStream(events, '/events/orders/*?from=earliest&mode=poll')
    const totals = (await stream.rest()).slice(1, -1).map(({ data }) => (data as { total: number }).total)
    expect(totals).toEqual([1, 2, 3, 4])
  })

  it('with the same key again changes nothing, and gives the first id', async () => {
    const { events } = prepare()
    const publish = (total: number, key: string) => events.publish(order, 'placed', { total }, { key })
    expect(await Promise.all([publish(1, 'a'), publish(2, 'a'), publish(3, 'b')])).toEqual([
      { id: 'e1.1' },
      { id: 'e1.1' },
      { id: 'e1.2' },
    ])
    const stream = await fetchStream(events, '/events/orders/1?from=earliest&mode=poll')
    expect((await stream.rest()).map(({ data }) => data)).toMatchObject([{}, { total: 1 }, { total: 3 }, {}])
  })

  it('gives an id that a stream can start from', async () => {
    const { events, place } = prepare()
    const [, id] = await place('1', 1, 2, 3)
    const stream = await fetchStream(events, `/events/orders/1?from=${id}`)
    expect((await stream.take(2))[1]).toMatchObject({ data: { total: 3 } })
  })

  it('rejects what does not fit, takes no place, and never throws', async () => {
    const { events, place, errors } = prepare()
    // What code without types can pass.
    const publish = events.publish as (...given: unknown[]) => Promise<unknown>
    const wrong: readonly (readonly [unknown[], unknown])[] = [
      [[order, 'placed', { total: 'ten' }], DataError],
      [[order, 'placed'], DataError],
      [[order, 'gone', {}], PublishError],
      [[(shop.orders as () => unknown)(), 'placed', { total: 1 }], PublishError],
      [['orders/1', 'placed', { total: 1 }], PublishError],
      [[], PublishError],
    ]
    for (const [given, expected] of wrong) {
      await expect(publish(...given)).rejects.toBeInstanceOf(expected)
    }
    expect(await place('1', 1)).toEqual(['e1.1'])
    expect(errors).toEqual([])
  })

  it('takes a topic of another copy of the contract, as a bundle may bring along', async () => {
    const { events } = prepare()
    const stream = await fetchStream(events, '/events/orders/1')
    await stream.next()
    await events.publish(defineShop().orders({ orderId: '1' }), 'placed', { total: 1 })
    expect(await stream.next()).toMatchObject({ data: { total: 1 } })
  })

  it('stamps whole milliseconds, whatever the clock gives', async () => {
    const clock = { now: () => 1_234.567, every: () => () => {}, after: () => () => {} }
    const { events, errors } = prepare({ clock })
    const stream = await fetchStream(events, '/events/orders/1')
    await stream.next()
    await events.publish(order, 'placed', { total: 1 })
    expect(await stream.next()).toMatchObject({ time: '1234' })
    expect(errors).toEqual([])
    stream.leave()
  })
})

describe('what is published', () => {
  it('comes back equal, whatever is in its strings', async () => {
    const { events } = await serve()
    const stream = await fetchStream(events, '/events?topic=orders/*&topic=anything')
    await stream.next()
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({
        unit: fc.constantFrom('\r', '\n', '\0', ':', ' ', '\u2028', '\ufeff', '"', '\\', 'a', '\ud800'),
      }),
    )
    await fc.assert(
      fc.asyncProperty(text, text, async (orderId, note) => {
        const topic = shop.orders({ orderId })
        const { id } = await events.publish(topic, 'placed', { total: 1, note })
        expect(await stream.next()).toMatchObject({
          event: 'placed',
          id,
          topic: topic.address,
          data: { note },
        })
      }),
      { numRuns: 300 },
    )
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ maxDepth: 3 }), async (data) => {
        await events.publish(shop.anything(), 'said', data)
        expect((await stream.next()).data).toEqual(JSON.parse(JSON.stringify(data)))
      }),
      { numRuns: 100 },
    )
  })

  it('can put no line of its own onto the wire', async () => {
    const { port, events } = await serve()
    const { reader, socket } = openRaw(port, 'GET /events/orders/* HTTP/1.1', 'Host: x')
    await reader.until(() => reader.text.includes('millrace.open'))
    const evil = 'a\r\nid: evil\r\revent: evil\n\n\0data: evil\n\n'
    await events.publish(shop.orders({ orderId: evil }), 'placed', { total: 1, note: evil })
    await reader.until(() => reader.text.includes('evil\\n\\n"}'))
    expect(reader.text.match(/^(id|event|data): ?evil/gm)).toBeNull()
    expect(reader.text).not.toContain('\0')
    socket.destroy()
  })
})

describe('a record that another writer left in the log and that no frame can hold', () => {
  const good = { topic: 'orders/1', event: 'placed', version: 1, time: 0, data: '{"total":1}' }

  it.each([
    ['its event', { event: 'placed\ndata: evil' }],
    ['its event', { event: 'placed\0' }],
    ['its event', { event: 'placed\r' }],
    ['its time', { time: 1.5 }],
    ['its version', { version: -1 }],
  ])('is left out because of %s, which is told, and its place is passed', async (_, wrong) => {
    const { url, log, errors } = await serve()
    const live = await openStream(url('/orders/1'))
    await live.next()
    await log.append([good, { ...good, ...wrong }, good])
    const replay = await openStream(url('/orders/1?last-event-id=e1.0'))
    await replay.next()
    for (const stream of [live, replay]) {
      expect(await stream.take(3)).toMatchObject([
        { event: 'placed', id: 'e1.1' },
        { event: '', id: 'e1.2' },
        { event: 'placed', id: 'e1.3' },
      ])
    }
    // Once, not once for each stream.
    expect(errors).toMatchObject([{ code: 'frame' }])
  })

  it('is left out because of its topic too', async () => {
    const { url, log, errors } = await serve()
    const stream = await openStream(url('/orders/*'))
    await stream.next()
    await log.append([{ ...good, topic: 'orders/1\nid: evil' }, good])
    expect(await stream.take(2)).toMatchObject([
      { event: '', id: 'e1.1' },
      { id: 'e1.2', topic: 'orders/1' },
    ])
    expect(errors).toMatchObject([{ code: 'frame' }])
  })

  it('of a topic that nobody could ask for reaches nobody', async () => {
    const { events, log } = prepare()
    const stream = await fetchStream(events, '/events?topic=orders/*&topic=stock/*/*')
    await stream.next()
    await log.append(['orders', 'orders/1/2', 'secret', ''].map((topic) => ({ ...good, topic })))
    await log.append([good])
    expect(await stream.next()).toMatchObject({ id: 'e1.5' })
    expect(stream.text).not.toContain(controlEvent.reset)
  })
})

it('the handler may be passed on without its object', async () => {
  const { events } = prepare()
  const { fetch } = events
  expect((await fetch(new Request('http://x/events/orders/1?mode=poll'))).status).toBe(200)
})
