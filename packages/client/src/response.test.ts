import { HttpResponse, http } from 'msw'
import { setupServer } from 'msw/node'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { untilState } from './client-harness.fixture.ts'
import { FakeClock } from './fake-clock.fixture.ts'
import {
  type ConnectionError,
  createEventClient,
  type EventClient,
  type EventClientOptions,
} from './index.ts'
import { order } from './shop.fixture.ts'

const url = 'http://server.test/events'
const network = setupServer()
let clock: FakeClock
let client: EventClient
let errors: unknown[]
let requests: Request[]

beforeAll(() => network.listen())
afterAll(() => network.close())
beforeEach(() => {
  clock = new FakeClock()
  errors = []
  requests = []
})
afterEach(async () => {
  await client.close()
  network.resetHandlers()
})

/** Answers the first requests with these, one after the other, and the rest with the last. */
function answer(...answers: (() => Response)[]): void {
  network.use(
    http.all(url, ({ request }) => {
      const next = answers[Math.min(requests.length, answers.length - 1)]
      requests.push(request)
      return next?.()
    }),
  )
}

function subscribe(options: Partial<EventClientOptions> = {}) {
  client = createEventClient({
    url,
    clock,
    random: () => 0.5,
    onError: (error) => errors.push(error),
    ...options,
  })
  client.subscribe(order, () => {})
  return client.subscribe(order)
}

const frames = 'id: k.7\nevent: millrace.open\ndata: {"verdict":"fresh","heartbeat":15000}\n\n'
const stream =
  (contentType = 'text/event-stream', text = frames) =>
  () =>
    new HttpResponse(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode(text)),
      }),
      { headers: { 'content-type': contentType } },
    )

/** An answer with a body that tells whether it was let go. */
function holding(status: number, headers: Record<string, string> = {}) {
  const body = { cancelled: false }
  const make = () =>
    new HttpResponse(
      new ReadableStream<Uint8Array>({
        start: (controller) => controller.enqueue(new TextEncoder().encode('<html>')),
        cancel() {
          body.cancelled = true
        },
      }),
      { status, headers },
    )
  return { body, make }
}

describe('an answer that is a stream', () => {
  it.each([
    'text/event-stream',
    'text/event-stream; charset=utf-8',
    'Text/Event-Stream ;',
    'text/event-stream;charset=latin1',
  ])('says so as %j', async (type) => {
    answer(stream(type))
    subscribe()
    expect(await untilState(client, 'open')).toEqual({ state: 'open' })
  })
})

describe('an answer that is not, for the moment', () => {
  it.each([408, 425, 429, 500, 502, 503, 504, 599, 202, 205, 210, 299, 304])('%i', async (status) => {
    answer(() => new HttpResponse(null, { status }), stream())
    subscribe()
    const { cause, nextAttemptAt } = await untilState(client, 'waiting')
    expect(cause).toMatchObject({ code: 'connection', reason: 'status', status, final: false })
    expect(nextAttemptAt).toBe(clock.now() + 500)
    clock.advance(500)
    await untilState(client, 'open')
    expect(errors).toEqual([])
    expect(requests).toHaveLength(2)
  })

  it.each(['text/html', 'text/event-streams', 'application/json', undefined])('200 with %s', async (type) => {
    const { make, body } = holding(200, type === undefined ? {} : { 'content-type': type })
    answer(make, stream())
    subscribe()
    expect((await untilState(client, 'waiting')).cause).toMatchObject({ reason: 'content-type', status: 200 })
    await expect.poll(() => body.cancelled).toBe(true)
    clock.advance(500)
    await untilState(client, 'open')
  })

  it('nothing at all, the network being down', async () => {
    answer(() => HttpResponse.error(), stream())
    subscribe()
    const { cause } = await untilState(client, 'waiting')
    expect(cause).toMatchObject({ reason: 'network', final: false, cause: expect.any(TypeError) })
    clock.advance(500)
    await untilState(client, 'open')
  })
})

describe('Retry-After', () => {
  const now = 1_763_683_200_000
  it.each([
    ['0', 0],
    ['7', 7_000],
    ['999999999999', 300_000],
    [new Date(now + 60_000).toUTCString(), 60_000],
    [new Date(now - 60_000).toUTCString(), 0],
    [new Date(now + 10 ** 10).toUTCString(), 300_000],
    ['soon', 0],
  ])('%s', async (value, least) => {
    answer(() => new HttpResponse(null, { status: 503, headers: { 'retry-after': value } }))
    subscribe()
    const { nextAttemptAt } = await untilState(client, 'waiting')
    // The jitter comes on top.
    expect(nextAttemptAt).toBe(now + least + 500)
  })
})

describe('an answer that is a clear no', () => {
  it.each([400, 401, 403, 404, 406, 410, 413, 422])('%i', async (status) => {
    const { make, body } = holding(status)
    answer(make)
    const iterator = subscribe()
    const error: ConnectionError = await iterator.next().then(
      () => expect.unreachable(),
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ code: 'connection', reason: 'status', status, final: true })
    // Once, however many handlers there are.
    expect(errors).toEqual([error])
    await untilState(client, 'closed')
    expect(client.status).toEqual({ state: 'closed', cause: error })
    await expect.poll(() => body.cancelled).toBe(true)
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(clock.pending).toEqual([])
    expect(requests).toHaveLength(1)
  })

  it('says why, as problem details', async () => {
    const problem = { type: 'urn:x', title: 'No', status: 400, detail: 'Not like that', code: 'bad-request' }
    answer(() =>
      HttpResponse.json(problem, {
        status: 400,
        headers: { 'content-type': 'application/problem+json; charset=utf-8' },
      }),
    )
    const error = await subscribe()
      .next()
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ problem, message: 'The server answered 400: Not like that' })
  })

  it('may say it wrongly', async () => {
    answer(
      () => new HttpResponse('{', { status: 400, headers: { 'content-type': 'application/problem+json' } }),
    )
    await expect(subscribe().next()).rejects.toMatchObject({ status: 400, problem: undefined })
  })

  it('does not keep a later subscription from asking again', async () => {
    answer(() => new HttpResponse(null, { status: 404 }), stream())
    await expect(subscribe().next()).rejects.toMatchObject({ status: 404 })
    await untilState(client, 'closed')
    client.subscribe(order)
    await untilState(client, 'open')
  })
})

describe('204', () => {
  it('is the end: iterators return, nobody is told of an error, and the status says why', async () => {
    answer(() => new HttpResponse(null, { status: 204 }))
    const iterator = subscribe()
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    expect(await untilState(client, 'closed')).toMatchObject({ cause: { status: 204, final: true } })
    expect(errors).toEqual([])
  })
})

describe('401', () => {
  const tokens = () => {
    let asked = 0
    return () => ({ authorization: `Bearer ${++asked}` })
  }

  it('asks for fresh headers, at once and once', async () => {
    answer(() => new HttpResponse(null, { status: 401 }), stream())
    subscribe({ headers: tokens() })
    await untilState(client, 'open')
    expect(requests.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer 1', 'Bearer 2'])
    expect(clock.pending).not.toContain(500)
  })

  it('is final when the fresh ones do not help', async () => {
    answer(() => new HttpResponse(null, { status: 401 }))
    await expect(subscribe({ headers: tokens() }).next()).rejects.toMatchObject({ status: 401, final: true })
    expect(requests).toHaveLength(2)
  })

  it('may come again after a stream was open', async () => {
    const no = () => new HttpResponse(null, { status: 401 })
    const short = () => new HttpResponse(frames, { headers: { 'content-type': 'text/event-stream' } })
    answer(no, short, no, stream())
    subscribe({ headers: tokens() })
    await untilState(client, 'waiting')
    clock.advance(500)
    await untilState(client, 'open')
    expect(requests).toHaveLength(4)
  })
})

describe('headers', () => {
  it('that cannot be had are asked for again', async () => {
    answer(stream())
    let asked = 0
    subscribe({
      headers: async () => {
        if (asked++ === 0) throw new Error('the token service is away')
        return { authorization: 'Bearer 2' }
      },
    })
    expect((await untilState(client, 'waiting')).cause).toMatchObject({
      reason: 'headers',
      message: expect.stringContaining('the token service is away'),
    })
    expect(requests).toHaveLength(0)
    clock.advance(500)
    await untilState(client, 'open')
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer 2')
  })
})

describe('a redirect', () => {
  it('is followed, and the next attempt goes to the address that was given', async () => {
    const elsewhere = 'http://elsewhere.test/stream'
    const asked: string[] = []
    network.use(
      http.all(url, ({ request }) => {
        asked.push(new URL(request.url).origin)
        return HttpResponse.redirect(elsewhere, 307)
      }),
      http.all(elsewhere, ({ request }) => {
        asked.push(new URL(request.url).origin)
        return new HttpResponse(frames, { headers: { 'content-type': 'text/event-stream' } })
      }),
    )
    subscribe()
    await untilState(client, 'waiting')
    clock.advance(500)
    await expect.poll(() => asked).toHaveLength(4)
    expect(asked).toEqual([
      'http://server.test',
      'http://elsewhere.test',
      'http://server.test',
      'http://elsewhere.test',
    ])
  })
})
