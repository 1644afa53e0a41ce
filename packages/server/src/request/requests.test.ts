import { channel, defineContract } from '@millrace/contract'
import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { PublishError } from '../errors.ts'
import { type OpenStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'

const level = (place: string, item: string) => shop.stock({ place, item })
const eventsOf = async (stream: OpenStream) =>
  (await stream.rest()).slice(1, -1).map(({ event, topic, id }) => [event, topic, id])

describe('the same request in other words', () => {
  const expected = [
    ['shipped', 'orders/1', 'e1.2'],
    ['level', 'stock/attic/chair', 'e1.4'],
    ['level', 'stock/attic/table', 'e1.6'],
  ]
  const topics = ['orders/1;events=shipped', 'stock/attic/*;from=earliest']
  const body = { topic: topics, from: 'earliest', mode: 'poll', v: 1 }
  it.each([
    ['a query', `?topic=${topics.join('&topic=')}&from=earliest&mode=poll&v=1`, undefined],
    ['a body', '', JSON.stringify(body)],
    ['a body with single values', '', JSON.stringify({ ...body, v: '1', mode: ['poll'] })],
  ])('is answered alike: %s', async (_, rest, posted) => {
    const { url, events, place } = await serve()
    await place('1', 1)
    await events.publish(shop.orders({ orderId: '1' }), 'shipped', { carrier: 'c' })
    await events.publish(shop.orders({ orderId: '2' }), 'shipped', { carrier: 'c' })
    await events.publish(level('attic', 'chair'), 'level', { count: 1 })
    await events.publish(level('cellar', 'chair'), 'level', { count: 2 })
    await events.publish(level('attic', 'table'), 'level', { count: 3 })
    const stream = await openStream(
      url(rest),
      posted === undefined
        ? {}
        : { method: 'POST', body: posted, headers: { 'content-type': 'application/json' } },
    )
    expect(await eventsOf(stream)).toEqual(expected)
  })

  it('names events of all topics, which each of them has to know', async () => {
    const { url, place, events } = await serve()
    await place('1', 1)
    await events.publish(shop.orders({ orderId: '2' }), 'shipped', { carrier: 'c' })
    const query = '?topic=orders/2&event=shipped&from=earliest&mode=poll'
    expect(await eventsOf(await openStream(url(`/orders/1${query}`)))).toEqual([
      ['shipped', 'orders/2', 'e1.2'],
    ])
    expect((await openStream(url(`/stock/attic/*${query}`))).status).toBe(400)
  })

  it('is refused alike where it is too long', async () => {
    const { url } = await serve({ limits: { requestBytes: 300 } })
    const many = Array.from({ length: 20 }, (_, index) => `orders/000000000000${index}`)
    const asked = await openStream(url(`?topic=${many.join('&topic=')}`))
    const posted = await openStream(url(''), { method: 'POST', body: JSON.stringify({ topic: many }) })
    for (const stream of [asked, posted]) {
      expect(stream.status).toBe(413)
      await stream.ended
      expect(JSON.parse(stream.text)).toMatchObject({ code: 'too-large' })
    }
  })
})

describe('a pattern with some of its params', () => {
  const tickets = defineContract({
    name: 'desk',
    version: '1.0.0',
    channels: {
      tickets: channel('t/{tenant}/tickets/{id}', { events: { opened: z.object({ by: z.string() }) } }),
    },
  })

  it('brings what fits, live and replayed, and nothing else', async () => {
    const { url, events } = await serve({ contract: tickets })
    const open = (tenant: string, id: string) =>
      events.publish(tickets.tickets({ tenant, id }), 'opened', { by: tenant })
    await open('a', '1')
    await open('b', '1')
    const mine = await openStream(url('/t/a/tickets/*?from=earliest'))
    // That what there was is over is said at once, though the last of it is for others.
    expect((await mine.take(3)).map(({ id }) => id)).toEqual(['e1.0', 'e1.1', 'e1.2'])
    const theirs = await openStream(url('?topic=t/*/tickets/1'))
    await theirs.next()
    await open('a', '2')
    await open('b', '1')
    await open('a', '1')
    expect((await mine.take(2)).map(({ id }) => id)).toEqual(['e1.3', 'e1.5'])
    expect((await theirs.take(2)).map(({ id, topic }) => [id, topic])).toEqual([
      ['e1.4', 't/b/tickets/1'],
      ['e1.5', 't/a/tickets/1'],
    ])
  })

  it('cannot be published to', async () => {
    const { events, log } = await serve({ contract: tickets })
    const one = tickets.tickets({ tenant: 'a', id: '1' })
    const publish = events.publish as (...given: unknown[]) => Promise<unknown>
    for (const address of ['t/a/tickets/*', 't/*/tickets/1', 't/*/tickets/*']) {
      const pattern = { ...one, kind: 'pattern', address }
      await expect(publish(pattern, 'opened', { by: 'a' })).rejects.toBeInstanceOf(PublishError)
      await expect(events.end(pattern as never)).rejects.toBeInstanceOf(PublishError)
    }
    expect(await log.bounds()).toMatchObject({ head: 0 })
  })
})

it("a browser's own EventSource is given no block that would wipe its cursor or fire an empty event", async () => {
  const { url, events, log, place, clock } = await serve()
  events.snapshot(shop.orders, ({ params }) => (params.orderId === '2' ? { total: 2 } : undefined))
  await place('1', 1, 2, 3)
  await events.end(shop.orders({ orderId: '3' }))
  const headers = { accept: 'text/event-stream', 'last-event-id': 'e1.1' }
  const stream = await openStream(url('?topic=orders/1&topic=orders/2&topic=orders/3'), { headers })
  await stream.takeTo(controlEvent.end)
  await place('4', 1)
  clock.advance(7_500)
  clock.advance(7_500)
  await stream.until(() => stream.text.includes('id: e1.5'))
  log.restart('e2')
  await stream.takeTo(controlEvent.reset)
  const closing = events.close()
  await stream.ended
  await closing
  const blocks = stream.text.replaceAll(/^:\n/gm, '').split('\n\n').slice(0, -1)
  expect(blocks.length).toBeGreaterThan(6)
  for (const block of blocks) expect(block).toMatch(/^data: |^id: [^\n]*$/m)
  // [spec] The last event ID buffer of a new stream is empty, and the first block would wipe the cursor without one.
  expect(blocks[0]).toMatch(/^id: e1\.1$/m)
})
