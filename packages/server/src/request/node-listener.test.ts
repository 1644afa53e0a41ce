import { once } from 'node:events'
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  createServer as createHttp2Server,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openStream } from '../fixtures/open-stream.fixture.ts'
import { listen, prepare, serve } from '../fixtures/serve.fixture.ts'
import { shop } from '../fixtures/shop.fixture.ts'
import { StreamReader } from '../fixtures/stream-reader.fixture.ts'
import { toNodeListener } from './node-listener.ts'

describe('beside other handlers, as in Express', () => {
  /** Calls a handler as a router does that is mounted at a path. */
  async function mount(path: string, options: Parameters<typeof prepare>[0] = {}) {
    const prepared = prepare(options)
    const listener = toNodeListener(prepared.events)
    const server = createServer((request: IncomingMessage & { originalUrl?: string }, response) => {
      const whole = request.url ?? '/'
      request.originalUrl = whole
      request.url = whole.slice(path.length) || '/'
      listener(request, response, () => response.writeHead(418).end('next'))
    })
    const port = await listen(server)
    return { ...prepared, url: (rest: string) => `http://127.0.0.1:${port}${rest}` }
  }

  it.each([
    ['', '/events'],
    ['/events', '/events'],
    ['/api', '/api/events'],
  ])('mounted at "%s", it answers at %s', async (at, path) => {
    const { url, place } = await mount(at, { path })
    const stream = await openStream(url(`${path}/orders/1`))
    await stream.next()
    await place('1', 1)
    expect(await stream.next()).toMatchObject({ topic: 'orders/1' })
    expect((await openStream(url(`${path}?topic=orders/1`))).status).toBe(200)
  })

  it.each(['/', '/other', '/eventful', '/events.json', '/event'])(
    'leaves %s to the next one',
    async (path) => {
      const { url } = await mount('')
      expect((await openStream(url(path))).status).toBe(418)
    },
  )
})

it('answers at the root where that is its path', async () => {
  const { port } = await serve({ path: '/' })
  for (const rest of ['/?topic=orders/1', '/orders/1']) {
    expect((await openStream(`http://127.0.0.1:${port}${rest}`)).status).toBe(200)
  }
  expect((await openStream(`http://127.0.0.1:${port}/`)).status).toBe(400)
})

it('answers over IPv6', async ({ skip }) => {
  const { events } = prepare()
  const server = createServer(toNodeListener(events))
  const listening = once(server, 'listening').catch((error: NodeJS.ErrnoException) => error)
  server.listen(0, '::1')
  const refused = await listening
  if (refused instanceof Error) skip('this machine has no IPv6')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const stream = await openStream(`http://[::1]:${port}/events/orders/1`)
  expect(await stream.next()).toMatchObject({ event: 'millrace.open' })
})

it('lets a connection be used again after a stream, and after a body that was refused', async () => {
  const { port, place } = await serve({ limits: { requestBytes: 100 } })
  await place('1', 1)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  const sockets = new Set()
  const ask = async (method: string, path: string, body = '') => {
    const asked = request({ agent, method, port, host: '127.0.0.1', path })
    asked.end(body)
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    sockets.add(response.socket)
    response.resume()
    await once(response, 'end')
    return response.statusCode
  }
  expect(await ask('GET', '/events/orders/1?from=earliest&mode=poll')).toBe(200)
  expect(await ask('POST', '/events', 'x'.repeat(200_000))).toBe(413)
  expect(await ask('GET', '/events/nothing')).toBe(404)
  expect(await ask('POST', '/events', '{"topic":"orders/1","from":"earliest","mode":"poll"}')).toBe(200)
  expect(sockets.size).toBe(1)
})

describe('over HTTP/2', () => {
  async function serveHttp2(options: Parameters<typeof prepare>[0] = {}) {
    const prepared = prepare(options)
    const server = createHttp2Server(toNodeListener(prepared.events))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const session: ClientHttp2Session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    onTestFinished(() => {
      session.destroy()
      server.close()
    })
    async function open(path: string, method = 'GET', body = '') {
      const stream: ClientHttp2Stream = session.request(
        { ':path': path, ':method': method },
        { endStream: body === '' },
      )
      if (body !== '') stream.end(body)
      stream.on('error', () => {})
      const reader = new StreamReader()
      const [head] = (await once(stream, 'response')) as [Record<string, string | number>]
      stream.on('data', (chunk) => reader.push(chunk))
      stream.on('close', () => reader.end(stream.rstCode === 0 ? undefined : new Error('cut')))
      return Object.assign(reader, { head, stream })
    }
    return { ...prepared, open }
  }

  it('many streams share a connection, and each is as ever', async () => {
    const { open, place, events, errors, clock } = await serveHttp2()
    const streams = await Promise.all(['1', '2', '*'].map((id) => open(`/events/orders/${id}`)))
    for (const stream of streams) {
      expect(stream.head).toMatchObject({ ':status': 200, 'x-accel-buffering': 'no' })
      expect(stream.head).not.toHaveProperty('connection')
      expect(await stream.next()).toMatchObject({ event: 'millrace.open', id: 'e1.0' })
    }
    await place('1', 1)
    await place('2', 2)
    expect((await streams[0]?.take(1))?.map(({ id }) => id)).toEqual(['e1.1'])
    expect((await streams[1]?.take(1))?.map(({ id }) => id)).toEqual(['e1.2'])
    expect((await streams[2]?.take(2))?.map(({ id }) => id)).toEqual(['e1.1', 'e1.2'])
    const closing = events.close()
    clock.advance(4_000)
    await closing
    for (const stream of streams) {
      expect((await stream.rest()).at(-1)).toMatchObject({ data: { reason: 'drain' } })
      expect(await stream.ended).toBeUndefined()
    }
    expect(errors).toEqual([])
  })

  it('refuses, and answers HEAD and POST', async () => {
    const { open, errors } = await serveHttp2({ limits: { requestBytes: 200 } })
    const refused = await open('/events/nothing')
    expect(refused.head).toMatchObject({ ':status': 404, 'content-type': 'application/problem+json' })
    await refused.ended
    expect(JSON.parse(refused.text)).toMatchObject({ code: 'unknown-topic' })
    const head = await open('/events/orders/1', 'HEAD')
    expect(head.head).toMatchObject({ ':status': 200 })
    await head.ended
    expect(head.text).toBe('')
    const posted = await open('/events', 'POST', '{"topic":"orders/1"}')
    expect(await posted.next()).toMatchObject({ event: 'millrace.open' })
    const large = await open('/events', 'POST', 'x'.repeat(100_000))
    expect(large.head).toMatchObject({ ':status': 413 })
    expect(errors).toEqual([])
  })

  it('a client that reads nothing is cut, and the other streams of its connection are not', async () => {
    const { open, events, clock, place } = await serveHttp2({ stallTimeout: 1_000 })
    const stuck = await open('/events/orders/1')
    await stuck.next()
    stuck.stream.pause()
    const reading = await open('/events/orders/2')
    await reading.next()
    const note = 'x'.repeat(100_000)
    for (let total = 0; total < 20; total += 1) {
      await events.publish(shop.orders({ orderId: '1' }), 'placed', { total, note })
    }
    for (let passed = 0; passed < 1_400; passed += 100) {
      clock.advance(100)
      await turn()
    }
    stuck.stream.resume()
    await stuck.ended
    expect(stuck.blocks.length).toBeLessThan(20)
    await place('2', 1)
    expect((await reading.takeTo('placed')).at(-1)).toMatchObject({ topic: 'orders/2' })
  })

  it('a client that leaves makes room', async () => {
    const { open, clock, errors } = await serveHttp2({ limits: { connections: 1 } })
    for (let again = 0; again < 3; again += 1) {
      const stream = await open('/events/orders/1')
      expect(stream.head[':status']).toBe(200)
      await stream.next()
      stream.stream.close()
      await stream.ended
      while (clock.timers > 0) await turn()
    }
    expect(errors).toEqual([])
  })

  it('a client that leaves before it was answered is no error', async () => {
    const { open, events, errors, clock } = await serveHttp2()
    await (await open('/events/orders/1')).next()
    const leaving = open('/events/orders/2').catch(() => {})
    await turn()
    await events.close({ drain: 0 })
    await leaving
    expect(errors).toEqual([])
    expect(clock.timers).toBe(0)
  })
})

it('sends head and first frame of a kept response in one write', async () => {
  const writes: string[] = []
  const { url } = await serve({
    takeSockets: false,
    onSocket(socket) {
      for (const name of ['_write', '_writev'] as const) {
        const write = socket[name] as (...given: unknown[]) => void
        socket[name] = (...given: unknown[]) => {
          writes.push(name)
          write.apply(socket, given)
        }
      }
    },
  })
  const stream = await openStream(url('/orders/1'))
  expect(await stream.next()).toMatchObject({ event: 'millrace.open' })
  expect(writes).toEqual(['_writev'])
})

it('tells what goes wrong with a response, and answers no more', async () => {
  const trouble = new Error('headers')
  const { url, errors, clock } = await serve({
    onResponse(response: ServerResponse) {
      response.writeHead = () => {
        throw trouble
      }
    },
  })
  await expect(openStream(url('/orders/1'))).rejects.toThrow()
  expect(errors).toEqual([trouble])
  expect(clock.timers).toBe(0)
})
