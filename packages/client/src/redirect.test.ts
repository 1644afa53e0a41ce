import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { untilState, useHarness } from './client-harness.fixture.ts'
import { order } from './shop.fixture.ts'
import { StreamServer } from './stream-server.fixture.ts'

const harness = useHarness()
let elsewhere: StreamServer

beforeEach(async () => {
  elsewhere = await StreamServer.start()
})
afterEach(() => elsewhere.stop())

const secrets = { authorization: 'Bearer secret', 'x-api-key': 'secret', cookie: 'session=secret' }
const options = { headers: secrets, credentials: 'include' } as const

describe('a redirect', () => {
  it.each([301, 302, 303, 307, 308])(
    '%i to another origin is followed without the headers of the caller',
    async (status) => {
      const { server, createClient } = harness
      const client = createClient(options)
      client.subscribe(order)
      const first = await server.next()
      expect(first.request.headers).toMatchObject(secrets)
      first.answer(status, {
        location: `${elsewhere.url}${new URL(first.request.url ?? '', server.url).search}`,
      })
      const { request, asked } = await elsewhere.next()
      expect(request.headers).toMatchObject({ accept: 'text/event-stream' })
      expect(Object.keys(request.headers)).not.toEqual(
        expect.arrayContaining([expect.stringMatching(/authorization|x-api-key|cookie/)]),
      )
      expect(asked.topics).toMatchObject([{ address: 'orders/42' }])
    },
  )

  it('and back again, which is trusted', async () => {
    const { server, createClient } = harness
    const client = createClient(options)
    client.subscribe(order)
    ;(await server.next()).answer(307, { location: `${elsewhere.url}?topic=x` })
    ;(await elsewhere.next()).answer(307, { location: `${server.url}?topic=orders/42` })
    const last = await server.next()
    expect(last.request.headers).toMatchObject(secrets)
    last.open('k.0')
    await untilState(client, 'open')
  })

  it('within the origin takes them along, also relative ones, and the next attempt goes to the address that was given', async () => {
    const { server, clock, createClient } = harness
    const client = createClient(options)
    client.subscribe(order)
    ;(await server.next()).answer(308, { location: '/elsewhere/?topic=orders/42' })
    const last = await server.next()
    expect(last.request.url).toBe('/elsewhere/?topic=orders/42')
    expect(last.request.headers).toMatchObject(secrets)
    last.open('k.0').end()
    await clock.timer(1_000)
    clock.advance(1_000)
    expect((await server.next()).request.url).toMatch(/^\/events\?/)
  })

  it('of a POST asks for the same there', async () => {
    const { server, createClient } = harness
    const client = createClient(options)
    const address = `orders/${'a'.repeat(3_000)}`
    client.subscribe(address)
    ;(await server.next()).answer(307, { location: elsewhere.url })
    const { request, asked } = await elsewhere.next()
    expect(request.method).toBe('POST')
    expect(request.headers).not.toHaveProperty('x-api-key')
    expect(asked.topics).toMatchObject([{ address }])
  })

  it('without end is given up, and tried again later', async () => {
    const { server, createClient } = harness
    const client = createClient(options)
    client.subscribe(order)
    void server.serve((exchange) => exchange.answer(307, { location: server.url.concat('?topic=x') }))
    expect((await untilState(client, 'waiting')).cause).toMatchObject({
      reason: 'status',
      status: 307,
      final: false,
    })
    expect(server.exchanges).toHaveLength(21)
  })

  it('is not followed once the client is closed', async () => {
    const { server, createClient } = harness
    let asked = 0
    const late = Promise.withResolvers<Response>()
    const client = createClient({
      ...options,
      fetch: () => {
        asked++
        return late.promise
      },
    })
    client.subscribe(order)
    await expect.poll(() => asked).toBe(1)
    await client.close()
    late.resolve(new Response(null, { status: 307, headers: { location: server.url } }))
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate)
    expect(asked).toBe(1)
  })

  it('that a page may not see is left to the browser', async () => {
    const { createClient } = harness
    const asked: RequestRedirect[] = []
    const client = createClient({
      ...options,
      fetch: async ({ redirect }) => {
        asked.push(redirect)
        if (redirect === 'follow') return new Response('', { status: 503 })
        const opaque = Response.error()
        Object.defineProperty(opaque, 'type', { value: 'opaqueredirect' })
        return opaque
      },
    })
    client.subscribe(order)
    await untilState(client, 'waiting')
    expect(asked).toEqual(['manual', 'follow'])
  })
})
