import { setImmediate as turn } from 'node:timers/promises'
import { type MemoryLog, memoryLog, shards } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { fetchStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import type { Block } from '../fixtures/stream-reader.fixture.ts'
import { wilfulLog } from '../fixtures/wilful-log.fixture.ts'

// Of two shards, 42 is in the first and 43 in the second.
function split(): { log: ReturnType<typeof shards>; a: MemoryLog; b: MemoryLog } {
  const [a, b] = [memoryLog({ epoch: 'a' }), memoryLog({ epoch: 'b' })]
  return { log: shards([a, b]), a, b }
}

const both = '?topic=orders/42&topic=orders/43'
const header = (id: string) => ({ headers: { 'last-event-id': id } })
const told = ({ event, id, data, at }: Block) =>
  [event.replace('millrace.', ''), id, event === 'placed' ? (data as { total: number }).total : at].filter(
    (part) => part !== undefined && part !== '',
  )
const verdictOf = ({ data }: Block) => (data as { verdict?: string }).verdict

describe('a stream over one shard', () => {
  it('has the bytes that a log of its own would give it', async () => {
    const texts: string[] = []
    for (const log of [memoryLog({ epoch: 'a0001' }), split().log]) {
      const { url, place, clock } = await serve({ log })
      await place('42', 1, 2, 3)
      const stream = await openStream(url('?topic=orders/42&v=1'), header('a0001.1'))
      await stream.take(3)
      await place('42', 4)
      await stream.take(1)
      clock.advance(16_000)
      await stream.until(() => stream.text.endsWith(':\n'))
      texts.push(stream.text)
      stream.leave()
    }
    expect(texts[1]).toBe(texts[0])
  })

  it('takes its own place from a cursor that names several', async () => {
    const { log } = split()
    const { url, place } = await serve({ log })
    await place('43', 1, 2)
    const stream = await openStream(url('?topic=orders/43&v=1&last-event-id=a0001.9_b0101.1'))
    expect((await stream.take(2)).map(told)).toEqual([
      ['open', 'b0101.1'],
      ['placed', 'b0101.2', 2],
    ])
  })
})

describe('a stream over several shards', () => {
  it('tells the events of all, each with its place in every one of them', async () => {
    const { log } = split()
    const { url, place } = await serve({ log })
    await place('42', 1)
    const stream = await openStream(url(both))
    expect((await stream.take(1)).map(told)).toEqual([['open', 'a0001.1_b0101.0']])
    await place('43', 2)
    await place('42', 3, 4)
    await place('43', 5)
    expect((await stream.take(4)).map(told)).toEqual([
      ['placed', 'b0101.1_a0001.1', 2],
      ['placed', 'a0001.2_b0101.1', 3],
      ['placed', 'a0001.3_b0101.1', 4],
      ['placed', 'b0101.2_a0001.3', 5],
    ])
  })

  it('goes on where any of its ids says', async () => {
    const { log } = split()
    const { url, place } = await serve({ log })
    const stream = await openStream(url(both))
    await place('42', 1)
    await place('43', 2)
    await place('42', 3)
    await place('43', 4)
    const blocks = await stream.take(5)
    for (const [index, { id }] of blocks.entries()) {
      const again = await openStream(url(both), header(id))
      const [open, ...rest] = await again.take(5 - index)
      expect(told(open as Block)).toEqual(['open', expect.any(String)])
      expect(verdictOf(open as Block)).toBe('resumed')
      const totals = rest.map((block) => told(block)[2])
      expect(totals.sort()).toEqual([1, 2, 3, 4].slice(index))
      again.leave()
    }
  })

  it('tells where it is in a heartbeat, first where it has moved', async () => {
    const { log } = split()
    const { url, place, clock } = await serve({ log })
    const others = Array.from({ length: 99 }, (_, id) => `${id}`).filter((id) => !['42', '43'].includes(id))
    const [a = '', b = ''] = [0, 1].map((shard) => others.find((id) => log.shardOf(`orders/${id}`) === shard))
    const stream = await openStream(url(both))
    await stream.next()
    const ids: string[] = []
    for (const other of [b, a, b]) {
      await place(other, 1)
      clock.advance(15_000)
      ids.push((await stream.next()).id)
    }
    expect(ids).toEqual(['b0101.1_a0001.0', 'a0001.1_b0101.1', 'b0101.2_a0001.1'])
    clock.advance(15_000)
    await stream.until(() => stream.text.endsWith(':\n'))
  })

  it('brings nothing twice that a log told before the feed knew of it', async () => {
    const wakes = new Set<() => void>()
    let isHeld = false
    const wake = (look: () => void) => (isHeld ? void wakes.add(look) : queueMicrotask(look))
    const log = shards([memoryLog({ epoch: 'a', wake }), memoryLog({ epoch: 'b' })])
    const { url, place } = await serve({ log, limits: { ringBytes: 1 } })
    const first = await openStream(url(both))
    await place('42', 1, 2, 3)
    await first.take(4)
    isHeld = true
    await place('42', 4)
    const stream = await openStream(url(both), header('a0001.0_b0101.0'))
    await stream.take(5)
    await place('43', 5)
    expect(told(await stream.next())).toEqual(['placed', 'b0101.1_a0001.4', 5])
    isHeld = false
    for (const look of wakes) look()
    await place('42', 6)
    expect(told(await stream.next())).toEqual(['placed', 'a0001.5_b0101.1', 6])
    expect((await first.take(3)).map((block) => told(block)[2]).sort()).toEqual([4, 5, 6])
  })
})

describe('a reader of several shards that is slow', () => {
  it.each([
    ['one after the other', 1],
    ['all at once', 100],
  ])('is not written more than it takes, and gets all in the end: %s', async (_, atOnce) => {
    const { log } = split()
    const { events } = prepare({ log })
    const stream = await fetchStream(events, `/events${both}`)
    await stream.next()
    stream.pause()
    const note = 'x'.repeat(20_000)
    let last: Promise<unknown> | undefined
    for (let total = 0; total < 100; total += 1) {
      const topic = shop.orders({ orderId: total % 2 === 0 ? '42' : '43' })
      last = events.publish(topic, 'placed', { total, note })
      if ((total + 1) % atOnce === 0) await last
    }
    await last
    await turn()
    expect(events.stats().delivered).toBeLessThan(20)
    stream.resume()
    const totals = (await stream.take(100)).map((block) => told(block)[2] as number)
    for (const odd of [0, 1]) {
      const own = totals.filter((total) => total % 2 === odd)
      expect(own).toEqual(Array.from({ length: 50 }, (_, index) => 2 * index + odd))
    }
    await events.publish(shop.orders({ orderId: '43' }), 'placed', { total: 100 })
    expect(told(await stream.next())).toEqual(['placed', 'b0101.51_a0001.50', 100])
  })
})

describe('a shard that lost history', () => {
  const opening = (verdict: string) => expect.objectContaining({ verdict })

  it('resets its own topics alone: it began a new life', async () => {
    const { log, a } = split()
    const { url, place } = await serve({ log })
    await place('42', 1, 2)
    await place('43', 3)
    a.restart('c')
    await place('42', 4)
    await place('43', 5)
    const stream = await openStream(url(both), header('a0001.2_b0101.1'))
    const [open, reset, ...events] = await stream.take(4)
    // Whoever is cut off here is told again of the one, and nothing twice of the other.
    expect(open).toMatchObject({ id: 'a0001.2_b0101.1', data: opening('epoch') })
    expect(reset).toEqual({
      event: controlEvent.reset,
      id: 'c0001.0_b0101.1',
      topic: 'orders/42',
      at: 'c0001.0',
      data: { verdict: 'epoch' },
    })
    expect(events.map(told).sort()).toEqual([
      ['placed', 'b0101.2_c0001.1', 5],
      ['placed', 'c0001.1_b0101.1', 4],
    ])
  })

  it('resets its own topics alone: it was trimmed', async () => {
    const { log, b } = split()
    const { url, place } = await serve({ log })
    await place('42', 1, 2)
    await place('43', 3, 4, 5)
    b.trim(3)
    const stream = await openStream(url(`?topic=orders/*`), header('b0101.1_a0001.1'))
    const [open, reset, ...events] = await stream.take(4)
    expect(open).toMatchObject({ id: 'a0001.1_b0101.1', data: opening('trimmed') })
    expect(reset).toMatchObject({ topic: 'orders/*', id: 'a0001.1_b0101.2', at: 'b0101.2' })
    expect(events.map((event) => told(event)[2])).toEqual([2, 5])
  })

  it('resets its own topics alone: the cursor is beyond its end', async () => {
    const { log } = split()
    const { url, place } = await serve({ log })
    await place('42', 1)
    await place('43', 2, 3)
    const stream = await openStream(url(both), header('a0001.1_b0101.9'))
    const [open, reset] = await stream.take(2)
    expect(open).toMatchObject({ id: 'a0001.1_b0101.9', data: opening('ahead') })
    expect(reset).toMatchObject({ topic: 'orders/43', id: 'a0001.1_b0101.2', at: 'b0101.2' })
    await place('42', 4)
    expect(told(await stream.next())).toEqual(['placed', 'a0001.2_b0101.2', 4])
  })

  it('tells the first verdict in the order of the topics, and a pattern that of each shard', async () => {
    const { log, a } = split()
    const { url, place } = await serve({ log })
    await place('42', 1, 2, 3)
    a.trim(3)
    const stream = await openStream(
      url('?topic=orders/43&topic=orders/42&topic=orders/*'),
      header('b0101.7_a0001.1'),
    )
    const [open, ...resets] = await stream.take(5)
    expect(verdictOf(open as Block)).toBe('ahead')
    expect(resets.map(({ topic, id, at, data }) => [topic, id, at, data])).toEqual([
      ['orders/42', 'a0001.1_b0101.7', 'a0001.2', { verdict: 'trimmed' }],
      ['orders/*', 'a0001.1_b0101.7', 'a0001.2', { verdict: 'trimmed' }],
      ['orders/43', 'a0001.1_b0101.7', 'b0101.0', { verdict: 'ahead' }],
      ['orders/*', 'a0001.2_b0101.0', 'b0101.0', { verdict: 'ahead' }],
    ])
  })

  it('tells another verdict than epoch, where there is one: who has lost something comes from no other life', async () => {
    const { log, a, b } = split()
    const { url, place } = await serve({ log })
    await place('43', 1, 2, 3)
    a.restart('c')
    b.trim(3)
    for (const topics of [both, '?topic=orders/43&topic=orders/42', '?topic=orders/*']) {
      const stream = await openStream(url(topics), header('a0001.1_b0101.1'))
      const [open, ...resets] = await stream.take(3)
      expect(verdictOf(open as Block)).toBe('trimmed')
      expect(resets.map((reset) => verdictOf(reset)).sort()).toEqual(['epoch', 'trimmed'])
      stream.leave()
    }
  })

  it('in the middle of a stream resets its topics there, and the others go on', async () => {
    const { log, a } = split()
    const { url, place, events } = await serve({ log })
    const stream = await openStream(url(both))
    await place('42', 1)
    await place('43', 2)
    await stream.take(3)
    a.restart('c')
    expect(await stream.next()).toMatchObject({
      event: controlEvent.reset,
      topic: 'orders/42',
      id: 'c0001.0_b0101.1',
      at: 'c0001.0',
    })
    await place('43', 3)
    await place('42', 4)
    expect((await stream.take(2)).map(told)).toEqual([
      ['placed', 'b0101.2_c0001.0', 3],
      ['placed', 'c0001.1_b0101.2', 4],
    ])
    expect(events.stats().resets.epoch).toBe(1)
  })

  it.each(['42', '43'])(
    'is noticed where a feed comes there after its stream, by an event of %s',
    async (next) => {
      const { a } = split()
      const { log: b, tell, put } = wilfulLog()
      const { url, place } = await serve({ log: shards([a, b]) })
      const first = await openStream(url(both))
      await first.next()
      put('one', 'two', 'three')
      // Of the record that is lost somebody has heard elsewhere.
      const stream = await openStream(url(both), header('a0001.0_b0101.3.three'))
      expect(verdictOf(await stream.next())).toBe('resumed')
      put('one', 'two', 'other', ...(next === '43' ? ['four'] : []))
      tell()
      if (next === '42') await place('42', 1)
      expect(await stream.next()).toMatchObject({
        event: controlEvent.reset,
        topic: 'orders/43',
        data: { verdict: 'diverged' },
      })
    },
  )

  it('is told again to whoever was cut off before the end of it', async () => {
    const { log, a } = split()
    const { url, place } = await serve({ log })
    await place('42', 1)
    await place('43', 2)
    a.restart('c')
    await place('42', 3)
    const opened = await openStream(url(both), header('a0001.1_b0101.1'))
    const { id } = await opened.next()
    const again = await openStream(url(both), header(id))
    expect((await again.take(3)).map(({ event, topic }) => [event, topic])).toEqual([
      [controlEvent.open, undefined],
      [controlEvent.reset, 'orders/42'],
      ['placed', 'orders/42'],
    ])
  })
})

describe('a cursor of a log that was split otherwise', () => {
  it.each([
    ['not at all', 'a.1'],
    ['into more', 'a0002.1_b0102.1_c0202.1'],
    ['in another order', 'b0001.1_a0101.1'],
    ['by nobody', '0.0'],
  ])('%s is of another epoch', async (_, cursor) => {
    const { log } = split()
    const { url, place } = await serve({ log })
    await place('42', 1)
    await place('43', 2)
    const stream = await openStream(url(both), header(cursor))
    const [open, ...resets] = await stream.take(3)
    expect(verdictOf(open as Block)).toBe('epoch')
    expect(resets.map(({ event, topic, data }) => [event, topic, data])).toEqual([
      [controlEvent.reset, 'orders/42', { verdict: 'epoch' }],
      [controlEvent.reset, 'orders/43', { verdict: 'epoch' }],
    ])
    const one = await openStream(url('?topic=orders/42'), header(cursor))
    expect(verdictOf(await one.next())).toBe('epoch')
  })

  it('is no cursor where it cannot be read', async () => {
    const { log } = split()
    const { url } = await serve({ log })
    const stream = await openStream(url(both), header('a0001.1_'))
    expect((await stream.take(3)).map(({ event, id }) => [event, id])).toEqual([
      [controlEvent.open, '0.0'],
      [controlEvent.reset, '0.0'],
      [controlEvent.reset, 'a0001.0_b0101.0'],
    ])
    expect((await openStream(url(`${both}&v=1&last-event-id=a0001.1_`))).status).toBe(400)
  })

  it('says nothing to a log that is not split', async () => {
    const { url, place } = await serve()
    await place('42', 1)
    const stream = await openStream(url('?topic=orders/42'), header('a0001.1_b0101.1'))
    expect(await stream.next()).toMatchObject({ id: 'a0001.1', data: { verdict: 'epoch' } })
    const forged = await openStream(url('?topic=orders/42'), header('e1.1_b0101.1'))
    expect(await forged.next()).toMatchObject({ id: 'e1.1', data: { verdict: 'resumed' } })
  })

  it('may be longer the more shards there are', async () => {
    const log = shards(Array.from({ length: 20 }, () => memoryLog()))
    const { url, events } = await serve({ log })
    const cursor = await events.position()
    expect(cursor.length).toBeGreaterThan(256)
    const stream = await openStream(url(`?topic=orders/*&v=1&last-event-id=${cursor}`))
    expect(await stream.next()).toMatchObject({ id: cursor, data: { verdict: 'resumed' } })
    const tooLong = `${cursor}_`.repeat(4).slice(0, -1)
    expect((await openStream(url(`?topic=orders/*&v=1&last-event-id=${tooLong}`))).status).toBe(413)
  })
})

describe('where topics of several shards are told something first', () => {
  it('states come together, and only the last of them moves the cursor', async () => {
    const { log } = split()
    const { url, place, events } = await serve({ log })
    let answer = (_: { total: number }) => {}
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    events.snapshot(shop.orders, ({ params }) => {
      if (params.orderId === '43') return { total: 43 }
      asked()
      return new Promise((resolve) => (answer = resolve))
    })
    await place('42', 1)
    await place('43', 2)
    const stream = await openStream(url(both))
    expect(await stream.next()).toMatchObject({ id: '0.0', data: { snapshots: ['orders/42', 'orders/43'] } })
    // Nothing is told before the slow one is.
    await place('43', 3)
    await isAsked
    answer({ total: 42 })
    const [first, second, third] = await stream.take(3)
    expect(first).toMatchObject({ event: controlEvent.snapshot, topic: 'orders/42', at: 'a0001.1' })
    expect(second).toMatchObject({ topic: 'orders/43', at: 'b0101.1', id: 'a0001.1_b0101.1' })
    expect(third).toMatchObject({ event: 'placed', id: 'b0101.2_a0001.1' })
  })

  it('who is cut off before has a place only in those shards in which nothing is to be told', async () => {
    const { log } = split()
    const { url, place, events } = await serve({ log })
    events.snapshot(shop.orders, () => ({ total: 1 }))
    await place('42', 1)
    await place('43', 2, 3)
    const stream = await openStream(url('?topic=orders/42&topic=orders/43;from=b0101.1'))
    const [open, ...rest] = await stream.take(3)
    expect(open).toMatchObject({ id: 'b0101.1', data: { verdict: 'resumed', snapshots: ['orders/42'] } })
    expect(rest.map(({ event, id, at }) => [event, id, at])).toEqual([
      [controlEvent.snapshot, 'a0001.1_b0101.1', 'a0001.1'],
      ['placed', 'b0101.2_a0001.1', undefined],
    ])
    // As a browser would.
    const again = await openStream(url('?topic=orders/42&topic=orders/43'), header('b0101.1'))
    expect((await again.take(2)).map(({ event, topic }) => [event, topic])).toEqual([
      [controlEvent.open, undefined],
      [controlEvent.snapshot, 'orders/42'],
    ])
  })

  it('a shard that is reset waits for its states, and what others bring comes after', async () => {
    const { log, a } = split()
    const { url, place, events } = await serve({ log })
    const stream = await openStream(url(both))
    await place('43', 1)
    await stream.take(2)
    let answer = (_: { total: number }) => {}
    let asked = () => {}
    const isAsked = new Promise<void>((resolve) => (asked = resolve))
    events.snapshot(shop.orders, () => {
      asked()
      return new Promise((resolve) => (answer = resolve))
    })
    a.restart('c')
    await isAsked
    await place('43', 2)
    answer({ total: 42 })
    expect((await stream.take(2)).map(({ event, topic, id, at }) => [event, topic, id, at])).toEqual([
      [controlEvent.snapshot, 'orders/42', 'c0001.0_b0101.1', 'c0001.0'],
      ['placed', 'orders/43', 'b0101.2_c0001.0', undefined],
    ])
  })
})

describe('the end of topics in several shards', () => {
  it('is told of each, and ends the stream with the last', async () => {
    const { log } = split()
    const { url, events } = await serve({ log })
    const [one, two] = ['42', '43'].map((orderId) => shop.orders({ orderId }))
    if (one === undefined || two === undefined) throw new TypeError('Both are topics')
    const stream = await openStream(url(both))
    await stream.next()
    await events.end(one)
    await events.end(two)
    expect((await stream.rest()).map(({ event, topic, id }) => [event, topic, id])).toEqual([
      [controlEvent.end, 'orders/42', 'a0001.1_b0101.0'],
      [controlEvent.end, 'orders/43', 'b0101.1_a0001.1'],
      [controlEvent.bye, undefined, 'b0101.1_a0001.1'],
    ])
    expect((await openStream(url(both))).status).toBe(204)
    expect((await openStream(url('?topic=orders/43'))).status).toBe(204)
    const late = await openStream(url(both), header('a0001.0_b0101.1'))
    expect((await late.rest()).map(({ event, topic }) => [event, topic])).toEqual([
      [controlEvent.open, undefined],
      [controlEvent.end, 'orders/43'],
      [controlEvent.end, 'orders/42'],
      [controlEvent.bye, undefined],
    ])
    await expect(events.publish(one, 'placed', { total: 1 })).rejects.toThrow('ended')
  })
})

describe('a server on shards', () => {
  it('hands out the place of each, and takes it back', async () => {
    const { log } = split()
    const { url, place, events } = await serve({ log })
    await place('42', 1)
    await place('43', 2)
    const position = await events.position()
    expect(position).toBe('a0001.1_b0101.1')
    events.snapshot(shop.orders, () => ({ total: 1 }))
    expect(await events.state(shop.orders({ orderId: '43' }))).toMatchObject({ id: 'b0101.1' })
    await place('43', 3)
    const stream = await openStream(url(`?topic=orders/*;from=${position}`))
    expect((await stream.take(2)).map(told)).toEqual([
      ['open', 'a0001.1_b0101.1'],
      ['placed', 'b0101.2_a0001.1', 3],
    ])
  })

  it('publishes to several at once, and not within a transaction', async () => {
    const { log } = split()
    const { events } = prepare({ log })
    const item = (orderId: string) =>
      ({ topic: shop.orders({ orderId }), name: 'placed', data: { total: 1 } }) as const
    const published = await events.publishMany([item('43'), item('42'), item('43')])
    expect(published.map(({ id }) => id)).toEqual(['b0101.1', 'a0001.1', 'b0101.2'])
    const { topic, name, data } = item('42')
    await expect(events.publish(topic, name, data, { transaction: {} })).rejects.toThrow('transaction')
  })

  it('tells nobody of records in the shard of others', async () => {
    const { log, a } = split()
    const record = { event: 'placed', version: 1, time: 1, data: '{"total":7}' }
    await a.append([{ ...record, topic: 'orders/43' }])
    await a.append([{ ...record, topic: 'orders/43', event: controlEvent.end, data: '{}' }])
    const { url, place } = await serve({ log })
    const stream = await openStream(url('?topic=orders/*;from=earliest'))
    await stream.next()
    await a.append([{ ...record, topic: 'orders/43' }])
    await place('42', 1)
    await place('43', 2)
    await stream.until(() => stream.text.includes('"total":1}') && stream.text.includes('"total":2}'))
    expect(stream.text).not.toContain('"total":7}')
    expect(stream.text).not.toContain(controlEvent.end)
  })

  it('refuses streams while one of their shards cannot be read, and others not', async () => {
    const { a, b } = split()
    let isBroken = true
    const broken = {
      append: b.append.bind(b),
      read: b.read.bind(b),
      bounds: () => (isBroken ? Promise.reject(new Error('Away')) : b.bounds()),
      tail: b.tail.bind(b),
      close: b.close.bind(b),
    }
    const { url, events } = await serve({ log: shards([a, broken]) })
    expect((await openStream(url(both))).status).toBe(503)
    const one = await openStream(url('?topic=orders/42'))
    expect(one.status).toBe(200)
    isBroken = false
    expect((await openStream(url(both))).status).toBe(200)
    expect(events.stats().logErrors.bounds).toBeGreaterThan(0)
  })

  it('counts a pattern once, however many shards it is in', async () => {
    const { log } = split()
    const { url, events } = await serve({ log })
    const stream = await openStream(url('?topic=orders/*&topic=orders/42'))
    await stream.next()
    expect(events.stats().subscriptions).toBe(2)
  })

  it('ends a stream over several once for all: drained, with its places', async () => {
    const { log } = split()
    const { url, events, place, clock } = await serve({ log })
    const stream = await openStream(url(both))
    await stream.next()
    await place('44', 1)
    const closing = events.close({ drain: 100 })
    clock.advance(100)
    await closing
    const [position, bye] = await stream.rest()
    expect(position?.id.split('_').sort().join()).toMatch(/a0001\.1,b0101\.0|a0001\.0,b0101\.1/)
    expect(bye).toMatchObject({ event: controlEvent.bye, data: { reason: 'drain' } })
  })
})
