import { controlEvent } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { fetchStream, type OpenStream, openStream } from '../fixtures/open-stream.fixture.ts'
import { prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import type { AuthorizeAnswer, AuthorizeQuestion } from './authorization.ts'

const eventSource = { accept: 'text/event-stream' }

async function problemOf(stream: OpenStream): Promise<Record<string, unknown>> {
  await stream.ended
  return JSON.parse(stream.text)
}

/** Serves with an `authorize` that is of any shape, as callers without types have. */
const serveAnswering = (answer: unknown) => serve({ authorize: () => answer as AuthorizeAnswer })

describe('authorize', () => {
  it('is told what the request says and what it asks for', async () => {
    const questions: AuthorizeQuestion[] = []
    const { url } = await serve({
      authorize(question) {
        questions.push(question)
        return { allow: true }
      },
    })
    const rest = '/orders/%34%32?topic=stock/*/abc;events=level&topic=orders/*&ticket=7'
    const headers = { cookie: 'a=1; session="x%20y"; b=2', authorization: 'Bearer t' }
    await (await openStream(url(rest), { headers })).next()
    const [question] = questions as [AuthorizeQuestion]
    expect(question.topics).toEqual([
      {
        kind: 'pattern',
        address: 'stock/*/abc',
        channel: 'stock',
        params: { item: 'abc' },
        events: new Set(['level']),
      },
      { kind: 'pattern', address: 'orders/*', channel: 'orders', params: {}, events: undefined },
      {
        kind: 'topic',
        address: 'orders/42',
        channel: 'orders',
        params: { orderId: '42' },
        events: undefined,
      },
    ])
    const { request } = question
    expect(request).toMatchObject({ method: 'GET', path: '/events/orders/%34%32' })
    expect(request.query.get('ticket')).toBe('7')
    expect(request.header('authorization')).toBe('Bearer t')
    expect(request.cookie('session')).toBe('x y')
    expect(request.cookie('none')).toBeUndefined()
  })

  it('gets the Request of a fetch handler', async () => {
    const natives: unknown[] = []
    const { events } = prepare({
      authorize({ request }) {
        natives.push(request.native)
        return { allow: true }
      },
    })
    await (await fetchStream(events, '/events/orders/1')).next()
    expect(natives).toEqual([expect.any(Request)])
  })

  it.each([
    ['all', true],
    ['what a function says yes to', () => true],
    ['what a function says yes to later', async () => true],
  ])('lets through %s', async (_, allow) => {
    const { url, place } = await serveAnswering({ allow })
    const stream = await openStream(url('?topic=orders/1&v=1'))
    await stream.next()
    await place('1', 1)
    expect(await stream.next()).toMatchObject({ event: 'placed' })
  })

  it.each([
    ['nothing', false],
    ['what a function says no to', () => false],
    ['what it has no yes for', () => undefined],
    ['what it has something else than a yes for', () => 'yes'],
    ['what it says no to later', async () => false],
  ])('denies %s', async (_, allow) => {
    const { url, events, errors } = await serveAnswering({ allow })
    for (const rest of ['?topic=orders/1&v=1', '?topic=orders/1']) {
      const stream = await openStream(url(rest), { headers: eventSource })
      expect(stream.status).toBe(403)
      expect(stream.headers['www-authenticate']).toBeUndefined()
      expect(await problemOf(stream)).toEqual({
        type: 'urn:millrace:problem:forbidden',
        title: 'Not allowed to read',
        status: 403,
        code: 'forbidden',
        detail: 'Not allowed to read "orders/1"',
        topic: 'orders/1',
        topics: ['orders/1'],
      })
    }
    expect(errors).toEqual([])
    expect(events.stats().refused.forbidden).toBe(2)
  })

  it('is asked about a pattern as it stands: to allow some of its topics is not enough', async () => {
    const { url } = await serve({
      authorize: () => ({ allow: ({ kind, params }) => kind === 'topic' && params.orderId === '1' }),
    })
    expect((await openStream(url('/orders/1'))).status).toBe(200)
    expect((await openStream(url('/orders/2'))).status).toBe(403)
    expect((await openStream(url('/orders/*'))).status).toBe(403)
  })

  it.each([
    [{ refuse: 'unauthorized' }, 401, 'Bearer', 'Credentials are needed'],
    [
      { refuse: 'unauthorized', challenge: 'DPoP algs="ES256"', detail: 'no' },
      401,
      'DPoP algs="ES256"',
      'no',
    ],
    [{ refuse: 'forbidden' }, 403, undefined, 'Not allowed to read'],
    [
      { refuse: 'forbidden', challenge: 'Bearer scope="x"', detail: 'banned' },
      403,
      'Bearer scope="x"',
      'banned',
    ],
  ])('refuses by %o', async (answer, status, challenge, detail) => {
    const { url } = await serveAnswering(answer)
    const stream = await openStream(url('?topic=orders/1'), { headers: eventSource })
    expect(stream.status).toBe(status)
    expect(stream.headers['www-authenticate']).toBe(challenge)
    expect(await problemOf(stream)).toMatchObject({ status, detail })
  })

  it('says by what challenge more could be read', async () => {
    const { url } = await serve({
      authorize: () => ({
        allow: ({ channel }) => channel === 'orders',
        challenge: (denied) => `Bearer scope="${denied.map(({ channel }) => `${channel}:read`).join(' ')}"`,
      }),
    })
    const stream = await openStream(url('?topic=orders/1&topic=anything&v=1'))
    expect(stream).toMatchObject({
      status: 403,
      headers: { 'www-authenticate': 'Bearer scope="anything:read"' },
    })
  })

  it('HEAD is authorized like a stream', async () => {
    const { url } = await serve({ authorize: () => ({ allow: ({ address }) => address === 'orders/1' }) })
    expect((await openStream(url('/orders/1'), { method: 'HEAD' })).status).toBe(200)
    expect((await openStream(url('/orders/2'), { method: 'HEAD' })).status).toBe(403)
  })
})

describe('where some of the topics are denied', () => {
  const serveOrders = () => serve({ authorize: () => ({ allow: ({ channel }) => channel === 'orders' }) })
  const rest = '?topic=anything&topic=orders/1&topic=stock/x/abc&topic=stock/x/abc;from=now'

  it('a client that knows the protocol is told all of them, and gets nothing', async () => {
    const { url } = await serveOrders()
    const stream = await openStream(url(`${rest}&v=1`))
    expect(stream.status).toBe(403)
    expect(await problemOf(stream)).toMatchObject({
      code: 'forbidden',
      detail: 'Not allowed to read "anything" and 1 more',
      topic: 'anything',
      topics: ['anything', 'stock/x/abc'],
    })
  })

  it('any other is told in the stream, and gets the rest', async () => {
    const { url, events, place } = await serveOrders()
    await place('1', 1)
    await events.publish(shop.anything(), 'said', 'secret')
    // A cursor that is of the past opens nothing either.
    const headers = { ...eventSource, 'last-event-id': 'e1.0' }
    const stream = await openStream(url(rest), { headers })
    expect(await stream.take(5)).toEqual([
      { event: controlEvent.open, id: 'e1.0', data: { verdict: 'resumed', heartbeat: 15_000, now: 'e1.2' } },
      { event: 'millrace.denied', id: 'e1.0', topic: 'anything', data: {} },
      { event: 'millrace.denied', id: 'e1.0', topic: 'stock/x/abc', data: {} },
      expect.objectContaining({ event: 'placed', id: 'e1.1' }),
      // All that was missed has come, and what was denied is gone by.
      expect.objectContaining({ event: '', id: 'e1.2' }),
    ])
    await events.publish(shop.anything(), 'said', 'secret')
    await place('1', 2)
    expect(await stream.next()).toMatchObject({ event: 'placed', id: 'e1.4' })
    expect(stream.text).not.toContain('secret')
  })
})

describe('an authorize that fails', () => {
  it.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('no database')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no database'))],
    [
      'has a function that throws',
      () => ({
        allow() {
          throw new Error('no database')
        },
      }),
    ],
    ['answers nothing', () => undefined],
    ['answers null', () => null],
    ['answers yes', () => true],
    ['has no word on what is allowed', () => ({ principal: 'ann' })],
    ['allows in another way', () => ({ allow: 'all' })],
    ['refuses in another way', () => ({ allow: true, refuse: 'maybe' })],
    ['has an empty principal', () => ({ allow: true, principal: '' })],
    ['has a principal that is no text', () => ({ allow: true, principal: 7 })],
    ['expires at no time', () => ({ allow: true, expires: new Date('x') })],
    [
      'has a challenge that is no header',
      () => ({ refuse: 'unauthorized', challenge: 'a\r\nset-cookie: b' }),
    ],
  ])('opens no stream when it %s', async (_, authorize) => {
    const { url, errors, events } = await serve({ authorize: authorize as () => AuthorizeAnswer })
    const stream = await openStream(url('?topic=orders/1&v=1'))
    expect(stream).toMatchObject({ status: 503, headers: { 'retry-after': expect.stringMatching(/^\d+$/) } })
    expect(await problemOf(stream)).toMatchObject({ code: 'unavailable' })
    expect(stream.text).not.toContain('database')
    expect(errors).toHaveLength(1)
    // A browser would never come back after that.
    const browser = await openStream(url('?topic=orders/1'), { headers: eventSource })
    expect(browser.status).toBe(200)
    expect(await browser.rest()).toMatchObject([{ event: controlEvent.bye, data: { reason: 'failure' } }])
    expect(events.stats()).toMatchObject({ connections: 0, opened: 0, refused: { authorize: 2 } })
  })

  it('opens no stream when it does not answer in time, nor once it does', async () => {
    let answer = (_: AuthorizeAnswer) => {}
    let asked = () => {}
    const asking = new Promise<void>((resolve) => {
      asked = resolve
    })
    const { url, clock, events } = await serve({
      authorize() {
        asked()
        return new Promise((resolve) => {
          answer = resolve
        })
      },
    })
    const opening = openStream(url('?topic=orders/1&v=1'))
    await asking
    clock.advance(8_000)
    expect((await opening).status).toBe(503)
    answer({ allow: true })
    await (await openStream(url('?topic='))).ended
    expect(events.stats().opened).toBe(0)
  })
})

it('counts the rights of now at each resume', async () => {
  const members = new Set(['ann'])
  const { url, place } = await serve({
    authorize: ({ request }) => ({ allow: members.has(request.header('x-user') ?? '') }),
  })
  const headers = { 'x-user': 'ann' }
  const stream = await openStream(url('/orders/1'), { headers })
  await stream.next()
  const [id = ''] = await place('1', 1)
  await stream.next()
  stream.leave()
  members.delete('ann')
  const resume = () => openStream(url('/orders/1'), { headers: { ...headers, 'last-event-id': id } })
  expect((await resume()).status).toBe(403)
  members.add('ann')
  expect((await resume()).status).toBe(200)
})
