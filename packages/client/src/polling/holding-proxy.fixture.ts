import { once } from 'node:events'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A proxy on a real socket that passes bytes on, or holds each answer back until it is complete. */
export class HoldingProxy {
  readonly #server: Server
  readonly #target: string
  /** What was asked for, with whether it was a poll. */
  readonly asked: string[] = []
  holds: boolean
  /** Answers that are on their way. */
  open = 0
  mostOpen = 0

  private constructor(server: Server, target: string, holds: boolean) {
    this.#server = server
    this.#target = target
    this.holds = holds
    server.on('request', (asked, answer) => this.#pass(asked, answer))
  }

  static async start(target: string, holds: boolean): Promise<HoldingProxy> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HoldingProxy(server, target, holds)
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #pass({ url = '', method, headers }: IncomingMessage, answer: ServerResponse): void {
    const { holds } = this
    this.asked.push(url.includes('mode=poll') ? 'poll' : 'stream')
    this.open++
    this.mostOpen = Math.max(this.mostOpen, this.open)
    const upstream = request(new URL(url, this.#target), {
      method,
      headers: { ...headers, connection: 'close' },
    })
    answer.on('close', () => {
      this.open--
      upstream.destroy()
    })
    upstream.on('error', () => answer.destroy())
    upstream.on('response', (response) => {
      const held: Buffer[] = []
      const head = () =>
        answer.writeHead(response.statusCode ?? 502, { 'content-type': response.headers['content-type'] })
      if (!holds) head().flushHeaders()
      response.on('data', (chunk: Buffer) => (holds ? held.push(chunk) : answer.write(chunk)))
      response.on('error', () => answer.destroy())
      response.on('end', () => {
        if (holds) head()
        answer.end(Buffer.concat(held))
      })
    })
    upstream.end()
  }
}
