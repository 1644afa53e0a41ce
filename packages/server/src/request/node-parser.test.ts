import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openRaw } from '../fixtures/open-stream.fixture.ts'
import { serve } from '../fixtures/serve.fixture.ts'

type Parsed = Socket & { readonly parser: unknown }

/** A server whose responses are kept because a header was set, a client, and both ends of what is between. */
async function open({
  lines = ['GET /events/orders/1 HTTP/1.1', 'Host: x'],
  around = () => {},
  ...options
}: {
  readonly lines?: readonly string[]
  readonly around?: (request: IncomingMessage, response: ServerResponse) => void
} & Parameters<typeof serve>[0] = {}) {
  const told: string[] = []
  let socket: Parsed | undefined
  let parsed: boolean | undefined
  const served = await serve({
    ...options,
    onSocket: (given) => {
      socket = given as Parsed
    },
    onResponse(response) {
      response.setHeader('x-mark', 'kept')
      parsed = socket?.parser !== null
      for (const name of ['finish', 'close']) response.on(name, () => told.push(`response ${name}`))
      for (const name of ['end', 'aborted', 'close'])
        response.req.on(name, () => told.push(`request ${name}`))
      response.req.on('error', () => told.push('request error'))
      around(response.req, response)
    },
  })
  const client = openRaw(served.port, ...lines)
  const opened = async () => {
    await client.reader.until(() => client.reader.text.includes('millrace.open'))
    expect(parsed).toBe(true)
    return socket as Parsed
  }
  return { ...served, ...client, client: client.socket, told, opened }
}

it('a response that is kept goes on and ends without its parser, and says that it closes the connection', async () => {
  const { opened, reader, place, events, clock, told, server } = await open()
  const socket = await opened()
  expect(socket.parser).toBeNull()
  expect(reader.text).toMatch(/^x-mark: kept\r$/m)
  expect(reader.text).toMatch(/^Connection: close\r$/m)
  await place('1', 1)
  await reader.until(() => reader.text.includes('"total":1'))
  const closing = events.close()
  clock.advance(4_000)
  await Promise.all([closing, reader.ended])
  expect(reader.text).toMatch(/"reason":"drain","retryable":true}\n\n\r\n0\r\n\r\n$/s)
  await new Promise((resolve) => server.close(resolve))
  expect(told).toContain('response finish')
  expect(told).toContain('response close')
  expect(told).not.toContain('request aborted')
})

it('its request ends, for who reads it', async () => {
  const { opened, told, reader } = await open({ around: (request) => void request.resume() })
  await opened()
  await reader.until(() => told.includes('request end'))
})

it('a header that says otherwise is set right', async () => {
  const { opened, reader } = await open({
    around: (_, response) => void response.setHeader('Connection', 'keep-alive'),
  })
  expect((await opened()).parser).toBeNull()
  expect(reader.text.match(/^connection:.*$/gim)).toEqual([expect.stringMatching(/^connection: close/i)])
})

it.each([
  ['ends its side', true, (socket: Socket) => socket.end()],
  ['ends its side', false, (socket: Socket) => socket.end()],
  ['is cut off', true, (socket: Socket) => socket.resetAndDestroy()],
  ['is cut off', false, (socket: Socket) => socket.resetAndDestroy()],
  ['says more and leaves', true, (socket: Socket) => socket.end('GET /events HTTP/1.1\r\nHost: x\r\n\r\n')],
])('when a client %s, who listens is told the same (parser gone: %s)', async (_, takeSockets, leave) => {
  const { opened, client, events, clock, told, server } = await open({ takeSockets })
  await opened()
  leave(client)
  while (events.stats().connections > 0 || !told.includes('request close')) await turn()
  expect(told).toEqual(['request aborted', 'response close', 'request error', 'request close'])
  expect(events.stats()).toMatchObject({ opened: 1, closed: { left: 1 } })
  expect(clock.timers).toBe(0)
  await new Promise((resolve) => server.close(resolve))
})

it('an error of the socket is told as ever', async () => {
  const { opened, server, told } = await open()
  const socket = await opened()
  const errors: unknown[] = []
  server.on('clientError', (error, socket) => {
    errors.push(error)
    socket.destroy()
  })
  const error = new Error('broken')
  socket.destroy(error)
  while (!told.includes('request close')) await turn()
  expect(errors).toEqual([error])
})

it('one that is refused later gets the whole refusal, and then the end', async () => {
  const { reader, told, events } = await open({ authorize: async () => ({ allow: false }) })
  await reader.ended
  const [head = '', body = ''] = reader.text.split('\r\n\r\n')
  expect(head).toMatch(/^HTTP\/1\.1 403 Forbidden\r\n/)
  expect(head).toMatch(/^Connection: close\r?$/m)
  expect(body).toContain('"code":"forbidden"')
  expect(told).toContain('response finish')
  expect(events.stats()).toMatchObject({ connections: 0, refused: { forbidden: 1 } })
})

it.each<[string, Parameters<typeof open>[0]]>([
  ['that was asked to be kept whole', { takeSockets: false }],
  ['of HTTP/1.0', { lines: ['GET /events/orders/1 HTTP/1.0'] }],
  [
    'of a request with a body',
    { lines: ['GET /events/orders/1 HTTP/1.1', 'Host: x', 'Content-Length: 1', '', 'x'] },
  ],
])('a response %s keeps its parser', async (_, given) => {
  const { opened, place, reader } = await open(given)
  expect((await opened()).parser).not.toBeNull()
  await place('1', 1)
  await reader.until(() => reader.text.includes('"total":1'))
})
