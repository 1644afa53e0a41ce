import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSecureServer } from 'node:http2'
import type { AddressInfo, Server, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as wait } from 'node:timers/promises'
import { type Log, memoryLog } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { toNodeListener } from '@millrace/server/node'
import type { Certificate } from '../../frameworks/src/certificate.fixture.ts'
import { shop } from './shop.ts'
import type { Addresses } from './suite.ts'

type Values = Readonly<Record<string, unknown>>
type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A file that the lab serves to pages. */
export interface LabFile {
  readonly type: string
  readonly text: string
}

/** An event server on real sockets, and a second one that takes the suite's commands, so that the first can be cut. */
export class Lab {
  readonly addresses: Addresses
  /** The body of the first `POST /outcome`: how a page tells what it found. */
  readonly outcome: Promise<string>
  readonly #servers: readonly Server[]
  readonly #sockets: ReadonlySet<Socket>
  #log = memoryLog()
  #events = createEvents(this.#log)

  private constructor(streams: Listening, control: Listening, files: ReadonlyMap<string, LabFile>) {
    this.addresses = { streams: streams.origin, control: control.origin }
    this.#servers = [streams.server, control.server]
    this.#sockets = streams.sockets
    let silenced = false
    streams.answer = (request, response) => {
      const { pathname } = new URL(request.url ?? '/', streams.origin)
      const file = files.get(pathname)
      if (file !== undefined) {
        response.writeHead(200, { 'content-type': file.type }).end(file.text)
        return
      }
      // Once: it opens, says how often something will come, and nothing comes.
      if (pathname.startsWith('/silent') && !silenced) {
        silenced = true
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('event: millrace.open\ndata: {"verdict":"fresh","heartbeat":100}\n\n')
        return
      }
      if (pathname.startsWith('/moved')) {
        this.#note('moved', request)
        const location = request.url?.replace('/moved', `${control.origin}/events`)
        response.writeHead(307, { location }).end()
        return
      }
      request.url = request.url?.replace('/silent', '/events') ?? ''
      toNodeListener(this.#events)(request, response)
    }
    let tell: (body: string) => void
    this.outcome = new Promise((resolve) => {
      tell = resolve
    })
    control.answer = async (request, response) => {
      if (request.url?.startsWith('/events')) {
        this.#note('landed', request)
        toNodeListener(this.#events)(request, response)
        return
      }
      const headers = { 'access-control-allow-origin': '*', 'content-type': 'application/json' }
      const body = await text(request)
      if (request.url === '/outcome') tell(body)
      try {
        const answer = request.url === '/outcome' ? null : await this.#command(JSON.parse(body))
        response.writeHead(200, headers).end(JSON.stringify(answer ?? null))
      } catch (error) {
        response.writeHead(500, headers).end(String(error))
      }
    }
  }

  /** @param certificate serves over TLS, with HTTP/2 for those who speak it; plain HTTP/1.1 when absent */
  static async start(
    certificate: Certificate | undefined,
    files: ReadonlyMap<string, LabFile>,
  ): Promise<Lab> {
    return new Lab(await listen(certificate), await listen(certificate), files)
  }

  async stop(): Promise<void> {
    await this.#events.close({ drain: 0 })
    this.#cut()
    for (const server of this.#servers) {
      server.close()
      if ('closeAllConnections' in server) (server as { closeAllConnections(): void }).closeAllConnections()
    }
  }

  async #command({ command, orderId, count, interval }: Values): Promise<unknown> {
    if (command === 'connections') return this.#events.stats().connections
    if (command === 'cut') return this.#cut()
    // A page may be sent there twice: first to find out that it is sent somewhere.
    if (command === 'credentials') {
      const { moved, landed } = this.#credentials
      return { moved: [...new Set(moved)], landed: [...new Set(landed)] }
    }
    if (command === 'restart' || command === 'forget') {
      if (command === 'forget') this.#log = memoryLog()
      const before = this.#events
      this.#events = createEvents(this.#log)
      return before.close({ drain: 0 })
    }
    const topic = shop.orders({ orderId: String(orderId) })
    const first = this.#published.get(topic.address) ?? 0
    this.#published.set(topic.address, first + Number(count))
    for (let index = 1; index <= Number(count); index += 1) {
      const event = { number: first + index, at: new Date(), note: 'ø€😀' }
      const publishing = this.#events.publish(topic, 'placed', event)
      if (interval !== undefined) await wait(Number(interval))
      if (index === count) await publishing
    }
    return undefined
  }

  readonly #published = new Map<string, number>()

  /** The credentials that came with requests that are sent on, and with those that were. */
  readonly #credentials: Record<'moved' | 'landed', (string | null)[]> = { moved: [], landed: [] }

  #note(where: 'moved' | 'landed', { method, headers }: IncomingMessage): void {
    if (method !== 'OPTIONS') this.#credentials[where].push(headers.authorization ?? null)
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}

function createEvents(log: Log) {
  const events = createEventServer({
    contract: shop,
    log,
    heartbeat: 500,
    retry: 100,
    cors: { origins: '*' },
    authorize: () => ({ allow: ({ channel }) => channel !== 'secrets' }),
  })
  events.snapshot(shop.carts, () => ({ total: 3 }))
  return events
}

interface Listening {
  readonly server: Server
  readonly origin: string
  readonly sockets: Set<Socket>
  answer: Answer
}

async function listen(certificate: Certificate | undefined): Promise<Listening> {
  const sockets = new Set<Socket>()
  const answer: Answer = (request, response) => listening.answer(request, response)
  const server = (
    certificate === undefined
      ? createHttpServer(answer)
      : // What it hands over is close enough to what HTTP/1.1 does.
        createSecureServer({ ...certificate, allowHTTP1: true }, answer as never)
  ) as Server
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const origin = `${certificate === undefined ? 'http' : 'https'}://localhost:${port}`
  const listening: Listening = { server, origin, sockets, answer() {} }
  return listening
}
