import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import {
  encodeFrame,
  type Frame,
  parseStreamRequest,
  parseStreamRequestBody,
  type StreamRequest,
} from '@millrace/protocol'

/** One request, to be answered by hand. */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** What was asked for. */
  readonly asked: StreamRequest
  /** Resolves when the client is gone, or the response was ended. */
  readonly closed: Promise<void>
  gone = false

  constructor(request: IncomingMessage, response: ServerResponse, asked: StreamRequest) {
    this.request = request
    this.response = response
    this.asked = asked
    this.closed = new Promise((resolve) => {
      response.on('close', () => {
        this.gone = true
        resolve()
      })
    })
  }

  /** The addresses that were asked for, with their options. */
  get topics(): string[] {
    return this.asked.topics.map(({ address, from, events }) => {
      const start = from === undefined ? '' : `;from=${from}`
      return `${address}${start}${events === undefined ? '' : `;events=${events}`}`
    })
  }

  head(contentType = 'text/event-stream; charset=utf-8'): this {
    this.response.writeHead(200, { 'content-type': contentType })
    this.response.flushHeaders()
    return this
  }

  /** The head and the first frame. */
  open(id: string, data: Readonly<Record<string, unknown>> = {}): this {
    return this.head().frame({
      retry: 2000,
      id,
      event: 'millrace.open',
      data: JSON.stringify({ verdict: 'fresh', heartbeat: 15_000, ...data }),
    })
  }

  frame(frame: Frame): this {
    return this.write(encodeFrame(frame))
  }

  /** An event whose data tells its number. */
  event(
    id: string,
    topic = 'orders/42',
    event = 'placed',
    data: unknown = { total: Number(id.split('.')[1]) },
  ): this {
    return this.frame({ id, event, topic, time: 1_763_683_200_000, data: JSON.stringify(data) })
  }

  reset(topic: string, verdict: string, id?: string, at?: string): this {
    return this.frame({
      ...(id === undefined ? {} : { id }),
      event: 'millrace.reset',
      topic,
      ...(at === undefined ? {} : { at }),
      data: JSON.stringify({ verdict }),
    })
  }

  /** Writes bytes, which are lost where the stream is over already: the client may leave at any time. */
  write(bytes: string | Uint8Array): this {
    if (!this.response.writableEnded && !this.response.destroyed) this.response.write(bytes)
    return this
  }

  /** A refusal, or any other answer that is no stream. */
  answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): void {
    this.response.writeHead(status, headers)
    this.response.end(body)
  }

  end(): void {
    this.response.end()
  }

  /** Cuts the connection without a word. */
  cut(): void {
    this.response.destroy()
  }
}

/** A server on a real socket whose requests are taken one by one. */
export class StreamServer {
  readonly #server: Server
  readonly #arrived: Exchange[] = []
  readonly #takers: ((exchange: Exchange) => void)[] = []
  /** Every request so far. */
  readonly exchanges: Exchange[] = []

  private constructor(server: Server) {
    this.#server = server
    server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
      const asked =
        request.method === 'POST'
          ? parseStreamRequestBody(await text(request))
          : parseStreamRequest(new URL(request.url ?? '', 'http://server.test').searchParams)
      const exchange = new Exchange(request, response, asked)
      this.exchanges.push(exchange)
      const taker = this.#takers.shift()
      if (taker === undefined) this.#arrived.push(exchange)
      else taker(exchange)
    })
  }

  static async start(): Promise<StreamServer> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new StreamServer(server)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`
  }

  /** The next request that nobody has taken. */
  next(): Promise<Exchange> {
    const exchange = this.#arrived.shift()
    if (exchange !== undefined) return Promise.resolve(exchange)
    return new Promise((resolve) => this.#takers.push(resolve))
  }

  /** Answers every request from now on by itself. */
  async serve(answer: (exchange: Exchange) => void): Promise<never> {
    for (;;) answer(await this.next())
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
