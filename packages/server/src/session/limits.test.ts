import { setImmediate as turn } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { EventTooLargeError } from '../errors.ts'
import {
  fetchStream,
  type OpenStream,
  openRaw,
  openStream,
  type RawClient,
} from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { troubledLog } from '../fixtures/troubled-log.fixture.ts'
import type { Limits } from '../options.ts'
import type { RefusalCause } from '../telemetry/server-stats.ts'

const eventSource = { accept: 'text/event-stream' }
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })

/** What a request that may be made again later is refused with: in time for our client, and as a stream for a browser. */
async function expectSentAway(
  url: string,
  headers: Readonly<Record<string, string>>,
  status: 429 | 503,
  detail: string,
): Promise<void> {
  const ours = await openStream(`${url}${url.includes('?') ? '&' : '?'}v=1`, { headers })
  expect(ours).toMatchObject({ status, headers: { 'retry-after': expect.stringMatching(/^[1-5]$/) } })
  await ours.ended
  const code = status === 429 ? 'too-many' : 'unavailable'
  expect(JSON.parse(ours.text)).toMatchObject({ status, code, detail })
  const browser = await openStream(url, { headers: { ...headers, ...eventSource, 'last-event-id': 'e1.7' } })
  expect(browser.status).toBe(200)
  expect(await browser.rest()).toEqual([
    { event: controlEvent.bye, id: 'e1.7', data: { reason: 'overload', retryable: true } },
  ])
  expect(browser.text).toMatch(/^retry: \d+\n/)
}

const refused = (served: { readonly events: { stats(): { refused: Record<RefusalCause, number> } } }) =>
  Object.fromEntries(Object.entries(served.events.stats().refused).filter(([, count]) => count > 0))

describe('connections', () => {
  it('in all: the newest are refused, the others go on', async () => {
    let asked = 0
    const served = await serve({
      limits: { connections: 2 },
      authorize() {
        asked += 1
        return { allow: true }
      },
    })
    const streams = [await openStream(served.url('/orders/1')), await openStream(served.url('/orders/1'))]
    await expectSentAway(served.url('/orders/1'), {}, 503, 'All 2 streams are taken')
    expect(refused(served)).toEqual({ connections: 2 })
    // Nothing is spent on who cannot be let in.
    expect(asked).toBe(2)
    for (const stream of streams) await stream.next()
    await served.place('1', 1)
    for (const stream of streams) expect(await stream.next()).toMatchObject({ event: 'placed' })
  })

  it('of a principal: nobody else is refused, and a place becomes free', async () => {
    const served = await serve({
      limits: { connectionsPerPrincipal: 2 },
      authorize: ({ request }) => ({ allow: true, principal: request.header('x-user') }),
    })
    const ann = { 'x-user': 'ann' }
    const streams: OpenStream[] = []
    for (const user of ['ann', 'bob', 'ann']) {
      streams.push(await openStream(served.url('/orders/1'), { headers: { 'x-user': user } }))
    }
    await expectSentAway(served.url('/orders/1'), ann, 429, 'All 2 streams of this user are open')
    expect(refused(served)).toEqual({ connectionsPerPrincipal: 2 })
    expect((await openStream(served.url('/orders/1'), { headers: { 'x-user': 'bob' } })).status).toBe(200)
    streams[0]?.leave()
    while (served.events.stats().closed.left === 0) await turn()
    expect((await openStream(served.url('/orders/1'), { headers: ann })).status).toBe(200)
  })

  it('of a principal: also of those that waited together', async () => {
    const log = troubledLog(memoryLog({ epoch: 'e1' }))
    let asked = 0
    const served = await serve({
      log,
      limits: { connectionsPerPrincipal: 1 },
      authorize() {
        asked += 1
        return { allow: true, principal: 'ann' }
      },
    })
    const letGo = log.hold('bounds')
    const opening = [1, 2, 3].map(() => openStream(served.url('/orders/1?from=earliest')))
    while (asked < 3) await turn()
    await turn()
    letGo()
    await Promise.all(opening)
    while (served.events.stats().connections !== 1) await turn()
    const { opened, closed, refused } = served.events.stats()
    expect(opened - closed.overload).toBe(1)
    expect(closed.overload + refused.connectionsPerPrincipal).toBe(2)
  })

  it('of an address', async () => {
    const served = await serve({ limits: { connectionsPerAddress: 2 }, trustProxy: 1 })
    const open = (address: string) => openStream(served.url('/orders/1'), from(address))
    const first = await open('192.0.2.1')
    expect(first.status).toBe(200)
    expect((await open('9.9.9.9, 192.0.2.1')).status).toBe(200)
    const headers = { 'x-forwarded-for': '192.0.2.9, 192.0.2.1' }
    await expectSentAway(served.url('/orders/1'), headers, 429, 'All 2 streams of this address are open')
    expect(refused(served)).toEqual({ connectionsPerAddress: 2 })
    expect((await open('192.0.2.2')).status).toBe(200)
    // One customer has a whole network of them.
    expect((await open('2001:db8:1:2::1')).status).toBe(200)
    expect((await open('2001:db8:1:2:ffff::2')).status).toBe(200)
    expect((await open('2001:db8:1:2::3')).status).toBe(429)
    expect((await open('2001:db8:1:3::3')).status).toBe(200)
    first.leave()
    while (served.events.stats().closed.left === 0) await turn()
    expect((await open('192.0.2.1')).status).toBe(200)
  })

  it('of an address that a function tells', async () => {
    const { events } = prepare({
      limits: { connectionsPerAddress: 1 },
      trustProxy: ({ header }) => header('cf-connecting-ip'),
    })
    const headers = { 'cf-connecting-ip': '192.0.2.1', 'x-forwarded-for': '192.0.2.7' }
    expect((await fetchStream(events, '/events/orders/1', { headers })).status).toBe(200)
    expect((await fetchStream(events, '/events/orders/1', { headers })).status).toBe(429)
    expect((await fetchStream(events, '/events/orders/1')).status).toBe(200)
  })
})

it('an address that cannot be found counts nowhere, and somebody is told', async () => {
  const served = await serve({
    limits: { connectionsPerAddress: 1 },
    trustProxy() {
      throw new Error('from trustProxy')
    },
  })
  for (let count = 0; count < 2; count += 1) {
    expect((await openStream(served.url('/orders/1'))).status).toBe(200)
  }
  expect(served.errors).toMatchObject([{ message: 'from trustProxy' }, { message: 'from trustProxy' }])
})

describe('connecting', () => {
  it('is let through as fast as configured, and as many at once', async () => {
    const served = await serve({ limits: { connectsPerSecond: 2, connectBurst: 3 } })
    const open = async () => (await openStream(served.url('/orders/1'))).status
    expect([await open(), await open(), await open(), await open()]).toEqual([200, 200, 200, 503])
    await expectSentAway(served.url('/orders/1'), {}, 503, 'Too many streams are being opened at once')
    expect(refused(served)).toEqual({ connectsPerSecond: 3 })
    served.clock.advance(1_000)
    expect([await open(), await open(), await open()]).toEqual([200, 200, 503])
    // What is refused anyway costs nobody's place.
    served.clock.advance(500)
    expect((await openStream(served.url('/nothing/1'))).status).toBe(404)
    expect(await open()).toBe(200)
  })
})

describe('what is waiting in all sockets together', () => {
  const note = 'x'.repeat(100_000)

  it('refuses new streams, and in the end cuts the newest of those that do not read', async () => {
    const served = await serve({ limits: { bufferedBytes: 150_000 }, stallTimeout: 60_000 })
    const { port, events, clock } = served
    const clients: RawClient[] = []
    for (let count = 0; count < 3; count += 1) {
      const client = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x')
      await client.reader.until(() => client.reader.text.includes('millrace.open'))
      client.socket.pause()
      clients.push(client)
    }
    const healthy = await openStream(served.url('/orders/1'))
    await healthy.next()
    // More than the system's own buffers take.
    for (let total = 0; total < 150; total += 1) {
      await events.publish(shop.orders({ orderId: '1' }), 'placed', { total, note })
      await healthy.next()
    }
    clock.advance(250)
    expect(events.stats()).toMatchObject({ connections: 4 })
    await expectSentAway(served.url('/orders/1'), {}, 503, 'Too much is waiting to be sent')
    expect(refused(served)).toEqual({ bufferedBytes: 2 })
    // Looked at with the heartbeats.
    clock.advance(5_000)
    while (events.stats().closed.bufferedBytes < 2) await turn()
    const { connections, closed, bufferedBytes } = events.stats()
    expect({ connections, cut: closed.bufferedBytes }).toEqual({ connections: 2, cut: 2 })
    expect(bufferedBytes).toBeLessThanOrEqual(150_000)
    // The first of them and the one that reads are still there.
    await served.place('1', 2)
    expect(await healthy.next()).toMatchObject({ event: 'placed' })
    for (const { socket } of clients) socket.resume()
    await Promise.all(clients.slice(1).map(({ reader }) => reader.ended))
    await clients[0]?.reader.until(() => clients[0]?.reader.text.includes('"total":149') === true)
    clients[0]?.socket.destroy()
  })
})

describe('what a request may ask for', () => {
  it.each<[string, string, Partial<Limits>, RefusalCause, string]>([
    [
      'topics',
      '?topic=orders/1&topic=orders/2',
      { topics: 1 },
      'topics',
      'More than 1 topics were asked for',
    ],
    [
      'an address',
      `?topic=orders/${'x'.repeat(200)}`,
      { requestBytes: 200 },
      'requestBytes',
      'The address is longer than 200 bytes; POST it as JSON',
    ],
    [
      'a cursor',
      `?topic=orders/1&last-event-id=${'x'.repeat(65)}`,
      { cursorBytes: 64 },
      'cursorBytes',
      'The cursor is longer than 64 bytes',
    ],
    [
      "a topic's own cursor",
      `?topic=orders/1;from=${'1'.repeat(65)}`,
      { cursorBytes: 64 },
      'cursorBytes',
      'The cursor is longer than 64 bytes',
    ],
  ])('%s', async (_, rest, limits, cause, detail) => {
    const served = await serve({ limits })
    const stream = await openStream(served.url(`${rest}&v=1`))
    expect(stream.status).toBe(413)
    await stream.ended
    expect(JSON.parse(stream.text)).toMatchObject({ code: 'too-large', detail })
    expect(refused(served)).toEqual({ [cause]: 1 })
  })

  it('a body', async () => {
    const served = await serve({ limits: { requestBytes: 200 } })
    const body = JSON.stringify({ topic: `orders/${'x'.repeat(200)}` })
    const stream = await openStream(served.url(''), { method: 'POST', body })
    expect(stream.status).toBe(413)
    expect(refused(served)).toEqual({ requestBytes: 1 })
  })

  it('a cursor that is too long is none, for who could do nothing about it', async () => {
    const { url } = await serve({ limits: { cursorBytes: 64 } })
    const headers = { 'last-event-id': `e1.${'1'.repeat(64)}` }
    const stream = await openStream(url('/orders/1'), { headers })
    expect(await stream.next()).toMatchObject({ event: controlEvent.open, data: { verdict: 'invalid' } })
  })

  it('an event', async () => {
    const served = prepare({ limits: { eventBytes: 100 } })
    const data = { total: 1, note: 'x'.repeat(100) }
    const publishing = served.events.publish(shop.orders({ orderId: '1' }), 'placed', data)
    await expect(publishing).rejects.toSatisfy(EventTooLargeError.isInstance)
    expect(refused(served)).toEqual({ eventBytes: 1 })
  })
})

describe('how far a stream may go back', () => {
  const replayed = async (rest: string, headers = {}) => {
    const served = await serve({ limits: { replayRecords: 3 } })
    await served.place('1', 1, 2, 3, 4, 5)
    const stream = await openStream(served.url(rest), { headers })
    await served.place('1', 6)
    const blocks = [await stream.next()]
    while (blocks.at(-1)?.id !== 'e1.6') blocks.push(await stream.next())
    return { served, told: blocks.map(({ event, id }) => `${event} ${id}`), verdict: blocks[0]?.data }
  }

  it.each([
    ['a cursor within it', '/orders/1', { 'last-event-id': 'e1.2' }, 'resumed', ['millrace.open e1.2']],
    [
      'a cursor beyond it',
      '/orders/1',
      { 'last-event-id': 'e1.1' },
      'trimmed',
      ['millrace.open e1.1', 'millrace.reset e1.2'],
    ],
    ['the oldest', '/orders/1?from=earliest', {}, 'trimmed', ['millrace.open 0.0', 'millrace.reset e1.2']],
    [
      'a cursor of another log',
      '/orders/1',
      { 'last-event-id': 'e0.1' },
      'epoch',
      ['millrace.open e0.1', 'millrace.reset e1.2'],
    ],
  ])('%s', async (_, rest, headers, verdict, begin) => {
    const { served, told, verdict: data } = await replayed(rest, headers)
    expect(data).toMatchObject({ verdict })
    expect(told).toEqual([...begin, 'placed e1.3', 'placed e1.4', 'placed e1.5', 'placed e1.6'])
    expect(refused(served)).toEqual(verdict === 'trimmed' ? { replayRecords: 1 } : {})
  })
})

it('counts what opened, what closed and why, under names that no request makes', async () => {
  const { url, events, clock, place } = await serve({ stallTimeout: 1_000 })
  const before = events.stats()
  const left = await openStream(url('/orders/1'))
  await left.next()
  left.leave()
  const poll = await openStream(url('/orders/1?mode=poll'))
  await poll.next()
  await place('1', 1)
  await poll.ended
  await (await openStream(url('/orders/%zz?topic=<script>'))).ended
  while (events.stats().connections > 0) await turn()
  const draining = await openStream(url('/orders/1'))
  await draining.next()
  const closing = events.close({ drain: 0 })
  clock.advance(0)
  await closing
  while (events.stats().connections > 0) await turn()
  const after = events.stats()
  expect(after).toMatchObject({ connections: 0, opened: 3, refused: { request: 1 } })
  expect(after.closed).toEqual({ ...before.closed, left: 1, poll: 1, drain: 1 })
  expect(Object.keys(after.refused)).toEqual(Object.keys(before.refused))
})
