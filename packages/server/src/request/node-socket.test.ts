import { once } from 'node:events'
import {
  Agent,
  request as ask,
  createServer,
  type IncomingMessage,
  type Server,
  ServerResponse,
} from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { describe, expect, it, onTestFinished } from 'vitest'
import { openRaw, openStream } from '../fixtures/open-stream.fixture.ts'
import { listen, prepare, serve } from '../fixtures/serve.fixture.ts'
import { StreamReader } from '../fixtures/stream-reader.fixture.ts'
import { toNodeListener } from './node-listener.ts'

// Whether the socket was taken can be told from the head: no response of `node:http` says by itself that it closes the connection.
const taken = /^HTTP\/1\.1 200 OK\r\n(.*\r\n)*connection: close\r\n/
const kept = /^HTTP\/1\.1 200 OK\r\n(.*\r\n)*Connection: (keep-alive|close)\r\n/
const get = (path: string, ...headers: string[]) =>
  [`GET /events${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n')

type Around = (listener: ReturnType<typeof toNodeListener>, server: Server) => void

/** An event server below others' code, and what comes back for what is sent to it in these parts. */
async function prepareAround(around: Around, options: Parameters<typeof prepare>[0] = {}) {
  const prepared = prepare(options)
  const server = createServer()
  around(toNodeListener(prepared.events), server)
  const port = await listen(server)
  async function send(...parts: string[]) {
    const socket = connect(port, '127.0.0.1').on('error', () => {})
    const reader = new StreamReader()
    socket.setNoDelay()
    socket.on('data', (chunk) => reader.push(chunk))
    socket.on('close', () => reader.end())
    for (const part of parts) {
      socket.write(part)
      for (let turns = 0; turns < 20; turns += 1) await turn()
    }
    const heads = () => reader.text.split(/(?=HTTP\/1\.1 )/).filter((text) => text.includes('\r\n\r\n'))
    return { socket, reader, heads }
  }
  return { ...prepared, server, port, send }
}

const plain: Around = (listener, server) => void server.on('request', listener)

describe('the socket of a stream is taken', () => {
  it('with the head that a response would have', async () => {
    const cors = { origins: ['https://shop.example'] }
    const headers = { origin: 'https://shop.example' }
    const heads = await Promise.all(
      [true, false].map(async (takeSockets) => {
        const { url } = await serve({ takeSockets, cors })
        const {
          connection,
          date,
          'keep-alive': _,
          ...rest
        } = (await openStream(url('/orders/1'), { headers })).headers
        expect(Date.now() - Date.parse(date ?? '')).toBeLessThan(60_000)
        expect(connection).toBe('close')
        return rest
      }),
    )
    expect(heads[0]).toEqual(heads[1])
    expect(heads[0]).toMatchObject({
      'access-control-allow-origin': 'https://shop.example',
      'transfer-encoding': 'chunked',
    })
  })

  it.each([
    ['whose head comes in two parts', [get('/orders/1').slice(0, 9), get('/orders/1').slice(9)]],
    ['that is the second request of its connection', [get('/nothing'), get('/orders/1')]],
    ['that is followed by something on the same connection', [get('/orders/1'), get('/orders/2')]],
    ['of an EventSource', [get('/orders/1', 'Accept: text/event-stream', 'Last-Event-ID: e1.0')]],
  ])('%s', async (_, parts) => {
    const { send, place, events } = await prepareAround(plain)
    const { reader, heads } = await send(...parts)
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(heads().at(-1)).toMatch(taken)
    await place('1', 1)
    await reader.until(() => reader.text.includes('"total":1'))
    expect(heads().filter((head) => head.includes('event-stream'))).toHaveLength(1)
    expect(events.stats()).toMatchObject({ connections: 1, opened: 1 })
  })

  it('over TLS, too', async () => {
    const { events, place, clock } = prepare()
    // [RFC 4279] Keys that both sides know, so that no certificate is needed.
    const key = Buffer.from('0123456789abcdef')
    const tls = { ciphers: 'PSK', minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' } as const
    const server = createTlsServer({ ...tls, pskCallback: () => key }, toNodeListener(events))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const socket = connectTls({
      ...tls,
      port: (server.address() as AddressInfo).port,
      host: '127.0.0.1',
      pskCallback: () => ({ psk: key, identity: 'x' }),
      checkServerIdentity: () => undefined,
    })
    const reader = new StreamReader()
    socket.on('data', (chunk) => reader.push(chunk)).on('close', () => reader.end())
    socket.write(get('/orders/1'))
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(reader.text).toMatch(taken)
    await place('1', 1)
    const closing = events.close()
    clock.advance(4_000)
    await reader.ended
    expect(reader.text).toMatch(/"total":1.*"reason":"drain","retryable":true}\n\n\r\n0\r\n\r\n$/s)
    await closing
  })

  it('and its chunks are shared', async () => {
    const written: unknown[][] = []
    const { url, place } = await serve({
      onSocket(socket) {
        const mine: unknown[] = []
        written.push(mine)
        const write = socket.write.bind(socket) as (...given: unknown[]) => boolean
        socket.write = (...given: unknown[]) => {
          mine.push(given[0])
          return write(...given)
        }
      },
    })
    const streams = [await openStream(url('?topic=orders/*')), await openStream(url('?topic=orders/*'))]
    const other = await openStream(url('/orders/2'))
    for (const stream of [...streams, other]) await stream.next()
    for (const mine of written) mine.length = 0
    await Promise.all([place('1', 1, 2, 3), place('2', 4), place('1', 5)])
    for (const stream of streams) await stream.take(5)
    await other.next()
    expect(written.map((mine) => mine.length)).toEqual([1, 1, 1])
    expect(written[0]?.[0]).toBe(written[1]?.[0])
    expect(written[2]?.[0]).not.toBe(written[0]?.[0])
  })

  it('and WebSockets of the same server still reach their own listener, which sees nothing of streams', async () => {
    const { send } = await prepareAround((listener, server) => {
      server.on('request', listener)
      server.once('upgrade', (request, socket) => socket.write(`upgraded ${request.url}`))
      server.on('upgrade', (_, socket) => socket.end(' again'))
    })
    const { reader } = await send(get('/orders/1'))
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(reader.text).toMatch(taken)
    const socket = await send(get('/ws', 'Connection: upgrade', 'Upgrade: websocket'))
    await socket.reader.until(() => socket.reader.text === 'upgraded /events/ws again')
  })

  it("and Node's timeouts and idle connections are nothing to it", async () => {
    const { send, server, place } = await prepareAround((listener, server) => {
      server.timeout = 30
      server.keepAliveTimeout = 10
      server.on('request', listener)
    })
    const { reader } = await send(get('/orders/1'))
    await reader.until(() => reader.text.includes('millrace.open'))
    // Another connection that says nothing is cut meanwhile.
    const silent = connect((server.address() as AddressInfo).port, '127.0.0.1')
    silent.resume()
    await once(silent, 'close')
    server.closeIdleConnections()
    await place('1', 1)
    await reader.until(() => reader.text.includes('"total":1'))
  })
})

describe('the response is kept', () => {
  it.each<[what: string, around: Around]>([
    [
      'on which a header was set',
      (listener, server) =>
        server.on('request', (request, response) => {
          response.setHeader('x-mark', 'kept')
          listener(request, response)
        }),
    ],
    [
      'that middleware writes through',
      (listener, server) =>
        server.on('request', (request, response) => {
          const { write } = response
          response.write = ((...given: unknown[]) =>
            Reflect.apply(write, response, given)) as typeof response.write
          listener(request, response)
        }),
    ],
    [
      'whose end somebody waits for',
      (listener, server) =>
        server.on('request', (request, response) => {
          response.on('close', () => {})
          listener(request, response)
        }),
    ],
    [
      'whose request somebody listens to',
      (listener, server) =>
        server.on('request', (request, response) => {
          request.on('close', () => {})
          listener(request, response)
        }),
    ],
    [
      'that another listener of the server sees, too',
      (listener, server) => server.on('request', listener).on('request', () => {}),
    ],
    [
      'that is of a class of its own',
      (listener, server) =>
        server.on('request', (request, response) => {
          Object.setPrototypeOf(response, class extends ServerResponse {}.prototype)
          listener(request, response)
        }),
    ],
    [
      'when the listener was called later',
      (listener, server) =>
        server.on('request', async (request, response) => {
          await turn()
          listener(request, response)
        }),
    ],
  ])('%s', async (_, around) => {
    const { send, place } = await prepareAround(around)
    const { reader, heads } = await send(get('/orders/1'))
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(heads()[0]).toMatch(kept)
    await place('1', 1)
    await reader.until(() => reader.text.includes('"total":1'))
  })

  it('by an option', async () => {
    const { port } = await serve({ takeSockets: false })
    const { reader } = openRaw(port, 'GET /events/orders/1 HTTP/1.1', 'Host: x')
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(reader.text).toMatch(kept)
  })

  it('of HTTP/1.0, which knows no chunks', async () => {
    const { port, place } = await serve()
    const { reader } = openRaw(port, 'GET /events/orders/1 HTTP/1.0')
    await reader.until(() => reader.text.includes('millrace.open'))
    await place('1', 1)
    await reader.until(() => reader.text.includes('"total":1'))
    expect(reader.text).toMatch(kept)
    expect(reader.text).not.toMatch(/transfer-encoding/i)
  })

  it('of a request with a body', async () => {
    const { send } = await prepareAround(plain)
    const { reader, heads } = await send(`${get('/orders/1', 'Content-Length: 2')}hi`)
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(heads()[0]).toMatch(kept)
  })

  it('of requests that come together, and they are answered in order', async () => {
    const { send, place } = await prepareAround(plain)
    await place('1', 1)
    const { reader, heads } = await send(
      get('/orders/1?from=earliest&mode=poll') + get('/nothing') + get('/orders/1?from=earliest'),
    )
    await reader.until(() => heads().length === 3 && heads()[2]?.includes('"total":1') === true)
    expect(heads().map((head) => head.slice(9, 12))).toEqual(['200', '404', '200'])
    for (const head of heads()) expect(head).toMatch(/^Connection: keep-alive\r$/m)
  })

  it('of polls and refusals, whose connection is used again', async () => {
    const { port, place } = await serve()
    await place('1', 1)
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const sockets = new Set<Socket>()
    for (const path of [
      '/orders/1?from=earliest&mode=poll',
      '/nothing',
      '/orders/1?from=earliest&mode=poll',
    ]) {
      const asked = ask({ agent, port, host: '127.0.0.1', path: `/events${path}` }).end()
      const [response] = (await once(asked, 'response')) as [IncomingMessage]
      sockets.add(response.socket)
      await once(response.resume(), 'end')
    }
    expect(sockets.size).toBe(1)
  })

  it('where Node hands no socket over', async () => {
    const { send } = await prepareAround((listener, server) => {
      server.on('request', (request, response) => {
        // As a version would that knows nothing of the flag.
        Object.defineProperty(request, 'upgrade', { get: () => false, set: () => {} })
        listener(request, response)
      })
    })
    const { reader, heads } = await send(get('/orders/1'))
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(heads()[0]).toMatch(kept)
  })
})

describe('while it is still being authorized, on a socket that was taken,', () => {
  function serveAsking() {
    const asked: { native: IncomingMessage; answer: (allow: boolean) => void }[] = []
    const authorize = ({ request }: { request: { native: unknown } }) =>
      new Promise<{ allow: boolean }>((resolve) => {
        asked.push({
          // Of Node's own server.
          native: request.native as IncomingMessage,
          answer: (allow) => resolve({ allow }),
        })
      })
    return Promise.all([prepareAround(plain, { authorize }), asked])
  }

  it('one that is let in gets its stream', async () => {
    const [{ send, place }, asked] = await serveAsking()
    const { reader } = await send(get('/orders/1'))
    expect(reader.text).toBe('')
    asked[0]?.answer(true)
    await reader.until(() => reader.text.includes('millrace.open'))
    expect(reader.text).toMatch(taken)
    await place('1', 1)
    await reader.until(() => reader.text.includes('"total":1'))
  })

  it('one that is refused gets the whole refusal, and then the end', async () => {
    const [{ send, events }, asked] = await serveAsking()
    const { reader } = await send(get('/orders/1'))
    asked[0]?.answer(false)
    await reader.ended
    const [head = '', body = ''] = reader.text.split('\r\n\r\n')
    expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\ncontent-type: application\/problem\+json\r\n/)
    expect(head).toMatch(/^connection: close\r?$/m)
    expect(head).toContain(`content-length: ${Buffer.byteLength(body)}`)
    expect(JSON.parse(body)).toMatchObject({ code: 'forbidden', topic: 'orders/1' })
    expect(events.stats()).toMatchObject({ connections: 0, refused: { forbidden: 1 } })
  })

  it.each([
    ['ends its side', (socket: Socket) => socket.end()],
    ['is cut off', (socket: Socket) => socket.resetAndDestroy()],
  ])('one whose client %s is let go, and authorize can know', async (_, leave) => {
    const [{ send, events, clock, errors }, asked] = await serveAsking()
    const { socket, reader } = await send(get('/orders/1'))
    const [{ native, answer }] = asked as [(typeof asked)[number]]
    const told = new Promise((resolve) => native.on('close', resolve).on('error', () => {}))
    leave(socket)
    await told
    await reader.ended
    answer(true)
    await turn()
    expect(events.stats()).toMatchObject({ connections: 0, opened: 0 })
    expect(errors).toEqual([])
    expect(clock.timers).toBe(0)
  })
})

it.each([
  ['ends its side', (socket: Socket) => socket.end()],
  ['is cut off', (socket: Socket) => socket.resetAndDestroy()],
  ['says more and leaves', (socket: Socket) => socket.end(get('/orders/2'))],
])('a client that %s is let go', async (_, leave) => {
  const { send, events, clock, server } = await prepareAround(plain)
  const { socket, reader } = await send(get('/orders/1'))
  await reader.until(() => reader.text.includes('millrace.open'))
  leave(socket)
  while (events.stats().connections > 0) await turn()
  expect(events.stats().closed).toMatchObject({ left: 1 })
  expect(clock.timers).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

it('who looks at all responses of a process sees that one is over', async () => {
  const seen: unknown[] = []
  const { emit } = ServerResponse.prototype
  ServerResponse.prototype.emit = function (name: string, ...given: unknown[]) {
    seen.push(name)
    return Reflect.apply(emit, this, [name, ...given]) as boolean
  }
  onTestFinished(() => {
    ServerResponse.prototype.emit = emit
  })
  const { send } = await prepareAround(plain)
  const { reader } = await send(get('/orders/1'))
  await reader.until(() => reader.text.includes('millrace.open'))
  expect(reader.text).toMatch(taken)
  expect(seen).toContain('close')
})
