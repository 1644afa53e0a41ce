import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import { type ClientHttp2Session, connect, createSecureServer, type ServerHttp2Session } from 'node:http2'
import { get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { memoryLog } from '@millrace/log'
import { type ByeData, controlEvent, type OpenData, type SseItem, SseParser } from '@millrace/protocol'
import { createEventServer, type EventServerOptions } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import { expect, it, onTestFinished } from 'vitest'
import { certificate } from './examples.fixture.ts'
import { shop } from './shop.ts'

// Hundreds of streams that share a connection under TLS, beside a client of HTTP/1.1 on the same port.

const count = 300
const ca = certificate.cert

async function serve(options: Partial<EventServerOptions> = {}) {
  const events = createEventServer({ contract: shop, log: memoryLog(), ...options })
  const server = createSecureServer({ ...certificate, allowHTTP1: true }, toNodeListener(events))
  const connections = new Set<ServerHttp2Session>()
  server.on('session', (connection) => {
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  onTestFinished(async () => {
    await events.close({ drain: 0 })
    for (const connection of connections) connection.destroy()
    server.close()
  })
  const totals: number[] = []
  return {
    events,
    server,
    url: `https://localhost:${port}`,
    connections,
    totals,
    async place(howMany: number) {
      for (let placed = 0; placed < howMany; placed += 1) {
        totals.push(totals.length + 1)
        await events.publish(shop.orders({ orderId: '1' }), 'placed', { total: totals.length })
      }
    },
  }
}

/** A stream of a connection, and what it has brought. */
class Reader {
  readonly totals: number[] = []
  readonly verdicts: string[] = []
  readonly byes: string[] = []
  lastEventId = ''
  /** Resolves with the code of HTTP/2 that ended the present stream. */
  ended: Promise<number> = Promise.resolve(-1)
  #tell = () => {}

  open(connection: ClientHttp2Session): void {
    const headers = this.lastEventId === '' ? {} : { 'last-event-id': this.lastEventId }
    const stream = connection.request({ ':path': '/events/orders/1', ...headers })
    const parser = new SseParser({ lastEventId: this.lastEventId })
    stream.on('error', () => {})
    stream.on('data', (chunk: Uint8Array) => {
      parser.push(chunk)
      for (let item = parser.next(); item; item = parser.next()) this.#take(item)
      this.#tell()
    })
    this.ended = once(stream, 'close').then(() => stream.rstCode ?? -1)
  }

  #take(item: SseItem): void {
    if (!('event' in item)) return
    const { event, data, lastEventId } = item
    this.lastEventId = lastEventId
    if (event === controlEvent.open) this.verdicts.push((JSON.parse(data) as OpenData).verdict)
    else if (event === controlEvent.bye) this.byes.push((JSON.parse(data) as ByeData).reason)
    else this.totals.push((JSON.parse(data) as { total: number }).total)
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) {
      await new Promise<void>((resolve) => {
        this.#tell = resolve
      })
    }
  }
}

async function connectTo(url: string): Promise<ClientHttp2Session> {
  const connection = connect(url, { ca })
  connection.on('error', () => {})
  onTestFinished(() => connection.destroy())
  await once(connection, 'connect')
  return connection
}

it(`${count} streams of one connection are live, cut with it, resumed, and drained`, async () => {
  const { events, server, url, connections, totals, place } = await serve()
  const readers = Array.from({ length: count }, () => new Reader())
  const haveAll = () =>
    Promise.all(readers.map((reader) => reader.until(() => reader.totals.length >= totals.length)))

  const first = await connectTo(url)
  for (const reader of readers) reader.open(first)
  await Promise.all(readers.map((reader) => reader.until(() => reader.verdicts.length === 1)))
  await place(20)
  await haveAll()
  expect(events.stats()).toMatchObject({ connections: count, encoded: 20 })
  expect(connections.size).toBe(1)

  first.destroy()
  while (events.stats().connections > 0) await new Promise(setImmediate)
  await place(20)
  const second = await connectTo(url)
  for (const reader of readers) reader.open(second)
  await haveAll()
  await place(5)
  await haveAll()
  expect(events.stats().resumes).toMatchObject({ fresh: count, resumed: count })

  // A client that has never heard of HTTP/2 is served at the same port.
  const plain = await openPlain(`${url}/events/orders/1?from=earliest`)
  expect(plain.version).toBe('1.1')
  await plain.until('"total":45')

  const ends = readers.map(({ ended }) => ended)
  const closing = events.close({ drain: 1_000 })
  await plain.until('"reason":"drain"')
  await closing
  // Each by itself and after its last frame, while their connection lives.
  expect(new Set(await Promise.all(ends))).toEqual(new Set([0]))
  expect(second.destroyed).toBe(false)
  for (const connection of connections) connection.close()
  await new Promise((resolve) => server.close(resolve))
  for (const { totals: seen, verdicts, byes } of readers) {
    expect({ seen, verdicts, byes }).toEqual({
      seen: totals,
      verdicts: ['fresh', 'resumed'],
      byes: ['drain'],
    })
  }
})

async function openPlain(url: string) {
  const asked = get(url, { ca, agent: false })
  onTestFinished(() => void asked.destroy())
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  let text = ''
  let tell = () => {}
  response.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk
    tell()
  })
  return {
    version: response.httpVersion,
    async until(part: string) {
      while (!text.includes(part)) {
        await new Promise<void>((resolve) => {
          tell = resolve
        })
      }
    },
  }
}
