import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'

const open = (id: string, now?: string) => ({
  event: controlEvent.open,
  id,
  data: { verdict: 'fresh', heartbeat: 15_000, ...(now && { now }) },
})

it('begins with a frame that says where it is, before anything happens', async () => {
  const { url } = await serve()
  const stream = await openStream(url('?topic=orders/42'))
  expect(stream.status).toBe(200)
  expect(stream.headers).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  await stream.next()
  expect(stream.text).toBe(
    'retry: 2000\nid: e1.0\nevent: millrace.open\ndata: {"verdict":"fresh","heartbeat":15000}\n\n',
  )
})

it('sends an event with its topic, time and version', async () => {
  const { url, events, clock } = await serve()
  const stream = await openStream(url('?topic=orders/*'))
  await stream.next()
  await events.publish(shop.orders({ orderId: 'a b' }), 'placed', { total: 1, at: new Date(0) })
  await events.publish(shop.orders({ orderId: '7' }), 'shipped', { carrier: 'c' })
  const time = String(clock.now())
  expect(await stream.take(2)).toEqual([
    {
      event: 'placed',
      id: 'e1.1',
      topic: 'orders/a%20b',
      time,
      data: { total: 1, at: '1970-01-01T00:00:00.000Z' },
    },
    { event: 'shipped', id: 'e1.2', topic: 'orders/7', time, version: '2', data: { carrier: 'c' } },
  ])
})

describe('a stream can be asked for', () => {
  it.each([
    ['by query', '?topic=orders/42'],
    ['by path', '/orders/42'],
    ['by path with options', '/orders/42;events=placed'],
    ['by path and query', '/orders/42?topic=stock/x/abc'],
    ['with parameters that are not ours', '?topic=orders/42&session=7&utm_source=x'],
    ['by an address that is written another way', '?topic=orders/%34%32'],
  ])('%s', async (_, rest) => {
    const { url, place } = await serve()
    const stream = await openStream(url(rest))
    expect(await stream.next()).toEqual(open('e1.0'))
    await place('42', 10)
    expect(await stream.next()).toMatchObject({ event: 'placed', id: 'e1.1', topic: 'orders/42' })
  })

  it('by POST, where an address would be too long', async () => {
    const { url, place } = await serve()
    await place('41', 1)
    const topics = Array.from({ length: 90 }, (_, index) => `orders/${'x'.repeat(600)}${index}`)
    const body = JSON.stringify({ topic: [...topics, 'orders/42', 'orders/41'], from: 'earliest', v: 1 })
    const stream = await openStream(url(''), { method: 'POST', body })
    expect(await stream.next()).toEqual(open('e1.0', 'e1.1'))
    expect(await stream.next()).toMatchObject({ topic: 'orders/41' })
    await place('42', 10)
    expect(await stream.next()).toMatchObject({ topic: 'orders/42' })
  })

  it('by an absolute target, as proxies write it', async () => {
    const { port, place } = await serve()
    await place('42', 5)
    const { reader, socket } = openRaw(
      port,
      'GET http://shop.test/events/orders/42?from=earliest HTTP/1.1',
      'Host: shop.test',
    )
    await reader.until(() => reader.text.includes('"total":5'))
    expect(reader.text).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    socket.destroy()
  })

  it('from HTTP/1.0, which knows no chunks', async () => {
    const { port, place } = await serve()
    await place('42', 5)
    const { reader, socket } = openRaw(port, 'GET /events/orders/42?from=earliest HTTP/1.0')
    await reader.until(() => reader.text.includes('"total":5'))
    expect(reader.text).not.toMatch(/transfer-encoding/i)
    socket.destroy()
  })

  it('with event=, which holds for the topics that name no events of their own', async () => {
    const { url, events, place } = await serve()
    await place('1', 1)
    await events.publish(shop.orders({ orderId: '1' }), 'shipped', { carrier: 'c' })
    await place('2', 2)
    await events.publish(shop.orders({ orderId: '2' }), 'shipped', { carrier: 'c' })
    const stream = await openStream(
      url('/orders/1?topic=orders/2;events=placed,shipped&event=shipped&from=earliest&mode=poll'),
    )
    const ids = (await stream.rest()).map(({ id }) => id)
    expect(ids).toEqual(['e1.0', 'e1.2', 'e1.3', 'e1.4', 'e1.4'])
  })
})

it('HEAD answers the head alone', async () => {
  const { url } = await serve({ limits: { connections: 1 } })
  for (let again = 0; again < 3; again += 1) {
    const stream = await openStream(url('?topic=orders/42'), { method: 'HEAD' })
    expect(stream).toMatchObject({ status: 200, headers: { 'content-type': /event-stream/ } })
    expect(await stream.ended).toBeUndefined()
    expect(stream.text).toBe('')
  }
})

it('OPTIONS answers a preflight', async () => {
  const { url } = await serve({ cors: { origins: ['https://shop.example'] } })
  const headers = { origin: 'https://shop.example', 'access-control-request-headers': 'last-event-id' }
  const stream = await openStream(url('?topic=orders/42'), { method: 'OPTIONS', headers })
  expect(stream).toMatchObject({
    status: 204,
    headers: {
      'access-control-allow-origin': 'https://shop.example',
      'access-control-allow-headers': expect.stringContaining('last-event-id'),
      allow: 'GET, HEAD, POST, OPTIONS',
    },
  })
})

it('lets other origins read streams and refusals alike', async () => {
  const { url } = await serve({ cors: { origins: '*' } })
  for (const [topic, status] of [
    ['orders/42', 200],
    ['nothing/42', 404],
  ] as const) {
    const stream = await openStream(url(`?topic=${topic}`), { headers: { origin: 'https://a.example' } })
    expect(stream).toMatchObject({ status, headers: { 'access-control-allow-origin': '*' } })
  }
})

describe('refuses', () => {
  interface Case {
    readonly rest: string
    readonly status: number
    readonly code: string
    readonly detail: string
    readonly topic?: string
    readonly method?: string
    readonly headers?: Record<string, string>
    readonly body?: string
  }
  const accept = (accept: string) => ({ accept })
  const post = (body: string) => ({ rest: '', method: 'POST', body })
  const bad = { status: 400, code: 'bad-request' }
  const large = { status: 413, code: 'too-large' }

  it.each<Case>([
    { rest: '', ...bad, detail: 'No topic was asked for: add ?topic=… or /events/…' },
    { rest: '/', ...bad, detail: 'No topic was asked for: add ?topic=… or /events/…' },
    { rest: '?topic=', ...bad, detail: '"topic" must name a topic' },
    {
      rest: '?topic=orders/1;until=2',
      ...bad,
      detail: '"topic" has an unknown option "until"; there are "from" and "events"',
    },
    { rest: '?topic=orders/1&mode=once', ...bad, detail: '"mode" must be "stream" or "poll"' },
    { rest: '?topic=orders/1&v=x', ...bad, detail: '"v" must be a whole number' },
    {
      rest: '?topic=orders/1;events=gone',
      ...bad,
      topic: 'orders/1',
      detail: '"orders/1" has no event "gone"',
    },
    {
      rest: '?topic=orders/1&event=toString',
      ...bad,
      topic: 'orders/1',
      detail: '"orders/1" has no event "toString"',
    },
    {
      rest: '?topic=stock/x/ABC',
      ...bad,
      topic: 'stock/x/ABC',
      detail: expect.stringContaining('param "item"'),
    },
    {
      rest: '?topic=orders/1&topic=nothing/1',
      status: 404,
      code: 'unknown-topic',
      topic: 'nothing/1',
      detail: 'The contract has no channel for "nothing/1"',
    },
    {
      rest: '?topic=orders',
      status: 404,
      code: 'unknown-topic',
      topic: 'orders',
      detail: 'The contract has no channel for "orders"',
    },
    {
      rest: '/orders/%zz',
      status: 404,
      code: 'unknown-topic',
      topic: 'orders/%zz',
      detail: 'The contract has no channel for "orders/%zz"',
    },
    { rest: 'more?topic=orders/1', status: 404, code: 'not-found', detail: 'The streams are at /events' },
    {
      rest: '?topic=orders/1',
      method: 'PUT',
      status: 405,
      code: 'method-not-allowed',
      detail: 'PUT is not one of GET, HEAD, POST, OPTIONS',
    },
    {
      rest: '?topic=orders/1',
      headers: accept('application/json'),
      status: 406,
      code: 'not-acceptable',
      detail: 'The answer is text/event-stream, which "accept" leaves out',
    },
    {
      rest: `?topic=orders/${'x'.repeat(1_000)}`,
      ...large,
      detail: 'The address is longer than 1000 bytes; POST it as JSON',
    },
    {
      rest: `?topic=orders/1${'&topic=orders/1'.repeat(3)}`,
      ...large,
      detail: 'More than 3 topics were asked for',
    },
    { ...post('x'), ...bad, detail: '"body" must be JSON' },
    { ...post('[]'), ...bad, detail: '"body" must be a JSON object' },
    { ...post('{"topic":{}}'), ...bad, detail: '"topic" must be a string, a number or a list of them' },
    { ...post('{}'), ...bad, detail: 'No topic was asked for: add ?topic=… or /events/…' },
    { ...post(''), ...bad, detail: '"body" must be JSON' },
    { ...post('x'.repeat(1_001)), ...large, detail: 'The body is longer than 1000 bytes' },
    { ...post('x'.repeat(3_000_000)), ...large, detail: 'The body is longer than 1000 bytes' },
  ])('$method $rest $body: $status $code', async ({ rest, status, code, detail, topic, ...asking }) => {
    const { url, errors } = await serve({ limits: { requestBytes: 1_000, topics: 3 } })
    const stream = await openStream(url(rest), asking)
    expect(stream.status).toBe(status)
    expect(stream.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    })
    expect(stream.headers.allow).toBe(status === 405 ? 'GET, HEAD, POST, OPTIONS' : undefined)
    expect(await stream.ended).toBeUndefined()
    expect(JSON.parse(stream.text)).toEqual({
      type: `urn:millrace:problem:${code}`,
      title: expect.stringMatching(/^[A-Z]/),
      status,
      code,
      detail,
      ...(topic === undefined ? {} : { topic }),
    })
    expect(errors).toEqual([])
  })

  it('HEAD likewise, without a body', async () => {
    const { url } = await serve()
    const stream = await openStream(url('?topic=nothing/1'), { method: 'HEAD' })
    expect(stream).toMatchObject({ status: 404, headers: { 'content-type': 'application/problem+json' } })
    expect(await stream.ended).toBeUndefined()
    expect(stream.text).toBe('')
  })

  it('a body that its client leaves in the middle, without a word', async () => {
    const { port, errors, url } = await serve()
    const { socket, reader } = openRaw(port, 'POST /events HTTP/1.1', 'Host: x', 'Content-Length: 100')
    socket.write('{"topic":')
    const stream = await openStream(url('?topic=orders/42'))
    await stream.next()
    socket.destroy()
    await reader.ended
    await (await openStream(url('?topic=orders/42'))).next()
    expect(errors).toEqual([])
  })
})
