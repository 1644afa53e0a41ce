import { once } from 'node:events'
import {
  connect,
  createServer,
  type Http2ServerRequest,
  Http2ServerResponse,
  type ServerHttp2Stream,
} from 'node:http2'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { collectGarbage } from '../fixtures/collect-garbage.fixture.ts'
import { prepare } from '../fixtures/serve.fixture.ts'
import { StreamReader } from '../fixtures/stream-reader.fixture.ts'
import { type NodeListenerOptions, toNodeListener } from './node-listener.ts'

type Around = (request: Http2ServerRequest, response: Http2ServerResponse) => void

/** An event server over HTTP/2 that shows each request to others first, and remembers it without keeping it. */
async function serve({
  around,
  server: given = {},
  listener: options,
}: {
  readonly around?: Around
  readonly server?: object
  readonly listener?: NodeListenerOptions
} = {}) {
  const prepared = prepare()
  const listener = toNodeListener(prepared.events, options)
  const seen: WeakRef<object>[] = []
  const streams: ServerHttp2Stream[] = []
  const server = createServer(given)
  server.on('stream', (stream) => streams.push(stream))
  server.on('request', (request, response) => {
    seen.push(new WeakRef(request), new WeakRef(response))
    around?.(request, response)
    listener(request, response)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  onTestFinished(() => {
    session.destroy()
    server.close()
  })
  async function open() {
    const stream = session.request({ ':path': '/events/orders/1' })
    const reader = new StreamReader()
    const [head] = (await once(stream, 'response')) as [Record<string, string | number>]
    stream.on('data', (chunk) => reader.push(chunk))
    stream.on('close', () => reader.end())
    await reader.next()
    return Object.assign(reader, { head, stream })
  }
  /** How many requests and responses are still there once all garbage is collected. */
  async function left() {
    await collectGarbage()
    return seen.filter((reference) => reference.deref() !== undefined).length
  }
  return { ...prepared, open, left, streams }
}

describe('request and response of a stream', () => {
  it('are let go, and the stream goes on and ends as ever', async () => {
    const { open, left, place, streams, events, errors } = await serve()
    const [one, other] = [await open(), await open()]
    expect(await left()).toBe(0)
    await place('1', 7)
    for (const reader of [one, other]) {
      expect(reader.head).toMatchObject({ ':status': 200, 'x-accel-buffering': 'no' })
      expect(reader.head).toHaveProperty('date')
      expect(await reader.next()).toMatchObject({ data: { total: 7 } })
    }
    expect(streams[0]?.sentHeaders).toMatchObject({ 'x-accel-buffering': 'no' })
    // Of time and of trailers, which their listeners would hand on to who is no longer there.
    for (const name of ['timeout', 'wantTrailers', 'aborted']) streams[0]?.emit(name)
    one.stream.close()
    await one.ended
    while (events.stats().connections > 1) await turn()
    await events.close({ drain: 0 })
    await other.ended
    expect(errors).toEqual([])
  })

  it.each<[string, Parameters<typeof serve>[0]]>([
    ['somebody listens to the response', { around: (_, response) => response.on('finish', () => {}) }],
    ['somebody listens to the request', { around: (request) => request.on('close', () => {}) }],
    ['a header was set', { around: (_, response) => response.setHeader('x-served-by', 'test') }],
    [
      'a method was put in place of another',
      { around: (_, response) => void Object.assign(response, { write: response.write }) },
    ],
    [
      'the response is of another class',
      { server: { Http2ServerResponse: class extends Http2ServerResponse {} } },
    ],
    ['it was asked for', { listener: { takeSockets: false } }],
  ])('are kept where %s', async (_, given) => {
    const { open, left, place } = await serve(given)
    const reader = await open()
    expect(await left()).toBe(2)
    await place('1', 7)
    expect(await reader.next()).toMatchObject({ data: { total: 7 } })
  })

  it('say what was set on them before', async () => {
    const { open } = await serve({ around: (_, response) => response.setHeader('x-served-by', 'test') })
    expect((await open()).head).toMatchObject({ 'x-served-by': 'test' })
  })
})
