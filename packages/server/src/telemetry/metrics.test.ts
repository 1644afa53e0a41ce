import { randomUUID } from 'node:crypto'
import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { describe, expect, it } from 'vitest'
import { type OpenStream, openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import type { EventServer } from '../server.ts'
import { Counters } from './meter.ts'
import { metrics } from './metrics.ts'

/** Every series that there is: the names and the values of their labels. */
function seriesOf(events: EventServer): string[] {
  const stats = events.stats()
  return metrics.flatMap((metric) =>
    metric.label === undefined
      ? [metric.name]
      : Object.keys(metric.read(stats)).map((value) => `${metric.name} ${value}`),
  )
}

async function gone(events: EventServer, left = 0): Promise<void> {
  while (events.stats().connections > left) await turn()
}

it('says what streams there are, and how they came and went', async () => {
  const { events, url } = await serve()
  const one = await openStream(url('?topic=orders/1&topic=orders/*'))
  const two = await openStream(url('/orders/2'))
  expect(events.stats()).toMatchObject({ connections: 2, subscriptions: 3, opened: 2 })
  one.leave()
  await gone(events, 1)
  expect(events.stats()).toMatchObject({ connections: 1, subscriptions: 1, opened: 2, closed: { left: 1 } })
  two.leave()
  await gone(events)
  const poll = await openStream(url('?topic=orders/1;from=e1.9&mode=poll'))
  await poll.ended
  expect(events.stats()).toMatchObject({ opened: 3, polls: 1, closed: { left: 2, poll: 1 } })
  expect(events.stats()).toMatchObject({ snapshotsAsked: 0, sources: 0 })
})

describe('events', () => {
  it('are encoded once, however many take them, and every byte is counted', async () => {
    const { events, url, place } = await serve()
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(url('?topic=orders/*'))))
    for (const stream of streams) await stream.next()
    await place('1', 1, 2, 3)
    await events.publish(shop.anything(), 'said', 1)
    for (const stream of streams) await stream.take(3)
    const { encoded, delivered, sentBytes, published } = events.stats()
    expect({ encoded, delivered }).toEqual({ encoded: 3, delivered: 60 })
    expect(published).toMatchObject({ 'orders/{orderId}': 3, 'stock/{place}/{item}': 0, anything: 1 })
    expect(sentBytes).toBe(streams.reduce((sum, { text }) => sum + Buffer.byteLength(text), 0))
  })

  it('are counted when they are read again, and not encoded again', async () => {
    const { events, url, place } = await serve()
    const first = await openStream(url('?topic=orders/1'))
    await place('1', 1, 2)
    await first.take(3)
    const second = await openStream(url('?topic=orders/1;from=e1.0'))
    await second.take(3)
    expect(events.stats()).toMatchObject({ encoded: 2, delivered: 4 })
  })

  it('that could not be published are not counted', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    const { events, place } = prepare({ log })
    log.fail('append', new Error('full'))
    await expect(place('1', 1)).rejects.toThrow('full')
    expect(events.stats().published).toMatchObject({ 'orders/{orderId}': 0 })
    expect(events.stats().logErrors).toMatchObject({ append: 1 })
  })

  it('take as long as from publishing to the last write, measured once for those that come together', async () => {
    const { events, url, clock, log } = await serve()
    const streams = await Promise.all([1, 2, 3].map(() => openStream(url('?topic=orders/1'))))
    const record = { topic: 'orders/1', event: 'placed', version: 1, data: '{"total":1}' }
    const append = (time: number) =>
      log.append([
        { ...record, time },
        { ...record, time: time + 100 },
      ])
    await append(clock.now() - 300)
    for (const stream of streams) await stream.take(3)
    expect(events.stats().deliveryLag).toMatchObject({ sum: 0.3 })
    // The clock of another machine goes ahead of ours.
    await append(clock.now() + 10_000)
    for (const stream of streams) await stream.take(2)
    const { bounds, counts, sum } = events.stats().deliveryLag
    expect(sum).toBe(0.3)
    expect(counts.reduce((all, count) => all + count)).toBe(2)
    expect(counts[bounds.indexOf(0.5)]).toBe(1)
    expect(counts[0]).toBe(1)
  })

  it('that nobody takes have no lag, and are not encoded', async () => {
    const { events, url, place } = await serve()
    const stream = await openStream(url('?topic=orders/1'))
    await stream.next()
    await place('2', 1)
    await place('1', 1)
    await stream.next()
    expect(events.stats().deliveryLag.counts.reduce((all, count) => all + count)).toBe(1)
    expect(events.stats().encoded).toBe(1)
  })
})

describe('resumes', () => {
  it('are counted by their verdict, with how far back they began', async () => {
    const { events, url, place, log } = await serve()
    await place('1', ...Array.from({ length: 200 }, (_, index) => index))
    log.trim(51)
    for (const rest of [
      ';from=now',
      ';from=earliest',
      ';from=e1.190',
      ';from=e1.1',
      ';from=x.1',
      ';from=%21',
    ]) {
      const stream = await openStream(url(`?topic=orders/1${rest}`))
      await stream.next()
    }
    const stream = await openStream(url('?topic=orders/1;from=e1.999'))
    await stream.next()
    const { resumes, replayDepth, opened } = events.stats()
    expect(resumes).toEqual({
      fresh: 2,
      resumed: 1,
      trimmed: 1,
      epoch: 1,
      ahead: 1,
      diverged: 0,
      invalid: 1,
    })
    expect(opened).toBe(7)
    // Who asked for `now` has no past; `earliest` and the resets to the oldest record have 150, the cursor 10.
    expect(replayDepth.sum).toBe(150 + 10 + 150 + 150)
    expect(replayDepth.counts.reduce((all, count) => all + count)).toBe(6)
  })

  it('in the middle of a stream are resets', async () => {
    const { events, url, place, log } = await serve()
    const stream = await openStream(url('?topic=orders/1'))
    await place('1', 1)
    await stream.take(2)
    log.restart('e2')
    await place('1', 2)
    await stream.take(2)
    expect(events.stats().resets).toEqual({ trimmed: 0, epoch: 1, ahead: 0, diverged: 0 })
    expect(events.stats().resumes.fresh).toBe(1)
  })
})

it('bytes that wait in the sockets are seen, and gone when the socket is', async () => {
  const { events, port, clock, place } = await serve()
  const { socket, reader } = openRaw(port, 'GET /events?topic=orders/1 HTTP/1.1', 'Host: x')
  await reader.until(() => reader.text.includes('millrace.open'))
  socket.pause()
  while (events.stats().bufferedBytes === 0) {
    await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: 1, note: 'x'.repeat(60_000) })
    await turn()
    clock.advance(250)
  }
  socket.destroy()
  await gone(events)
  clock.advance(250)
  expect(events.stats().bufferedBytes).toBe(0)
  await place('1', 1)
})

it('failures of the log are counted by what it was asked for', async () => {
  const log = troubledLog(memoryLog({ epoch: 'e1' }))
  const { events, url, place } = await serve({ log, limits: { ringBytes: 1 } })
  log.fail('bounds', new Error('away'))
  expect((await openStream(url('?topic=orders/1'))).status).toBe(503)
  log.fail('bounds', undefined)
  const stream = await openStream(url('?topic=orders/1'))
  await place('1', 1, 2, 3)
  await stream.take(4)
  log.fail('read', new Error('away'))
  const late = await openStream(url('?topic=orders/1;from=e1.0'))
  await late.takeTo('millrace.bye')
  log.stumble(new Error('away'))
  expect(events.stats().logErrors).toEqual({ append: 0, read: 1, bounds: 1, tail: 1 })
  expect(events.stats().refused.log).toBe(1)
})

it('nothing that a request says makes another series', async () => {
  const { events, url, port, place } = await serve({
    authorize: ({ request }) => ({ allow: true, principal: request.header('x-user') ?? 'x' }),
    limits: { topics: 3, requestBytes: 500, connectionsPerPrincipal: 1 },
  })
  const before = seriesOf(events)
  const streams: OpenStream[] = []
  for (let index = 0; index < 100; index += 1) {
    const any = encodeURIComponent(randomUUID())
    const asks = [
      `?topic=orders/${any}`,
      `?topic=${any}/${any}`,
      `?topic=orders/1;events=${any}`,
      `?topic=orders/1&last-event-id=${any}&mode=${any}&v=${any}`,
      `?topic=orders/1&last-event-id=${any.replaceAll('-', '').slice(0, 20)}.${index}`,
      `/${any}?${any}=${any}`,
      `?${'topic=orders/1&'.repeat(index)}`,
    ]
    const rest = asks[index % asks.length] as string
    const headers = { 'x-user': any, 'last-event-id': index % 3 === 0 ? any : '', 'user-agent': any }
    streams.push(
      await openStream(url(rest), { method: index % 5 === 0 ? 'POST' : 'GET', headers, body: any }),
    )
    await place(any, index)
  }
  const raw = openRaw(port, `${'PURGE'} /events/__proto__ HTTP/1.1`, 'Host: x', 'Connection: close')
  await raw.reader.ended
  const { opened, refused } = events.stats()
  expect(opened).toBeGreaterThan(10)
  expect(refused.request).toBeGreaterThan(10)
  expect(seriesOf(events)).toEqual(before)
  // One for each metric without a label, the labels in their lists, and one for each channel of the contract.
  expect(before.length).toBeLessThan(100)
  for (const stream of streams) stream.leave()
  await gone(events)
})

describe('a counter', () => {
  const counters = () => new Counters(['orders/{orderId}', '__proto__'])

  it('has no label but its own, whatever it is told', () => {
    const meter = counters()
    const before = Object.keys(meter.read().closed)
    meter.count('closed', 'toString' as 'left')
    meter.count('closed', '__proto__' as 'left')
    meter.countPublished('constructor')
    expect(Object.keys(meter.read().closed)).toEqual(before)
    expect(Object.keys(meter.read().published)).toEqual(['orders/{orderId}', '__proto__'])
  })

  it('counts a channel of any name', () => {
    const meter = counters()
    meter.countPublished('__proto__')
    meter.countPublished('orders/{orderId}')
    expect(Object.values(meter.read().published)).toEqual([1, 1])
  })

  it('gives what it was, whatever comes later', () => {
    const meter = counters()
    const { closed, published, encoded } = meter.read()
    meter.count('closed', 'left')
    meter.countPublished('orders/{orderId}')
    meter.traffic.encoded += 1
    expect([closed.left, published['orders/{orderId}'], encoded]).toEqual([0, 0, 0])
  })
})
