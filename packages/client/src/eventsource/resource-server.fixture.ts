import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import type { Answer, Part, Resource } from './resource.fixture.ts'

/** What a request's head said. Header values are bytes, one character for each. */
export interface SeenRequest {
  readonly method: string
  readonly target: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * A server that writes what the address of a request tells it to, byte by byte on a raw socket: see `Resource`. It also serves
 * files that a test hands it.
 */
export class ResourceServer {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #seen = new Map<string, SeenRequest[]>()
  readonly #open = new Map<string, Set<Socket>>()
  readonly files = new Map<string, { readonly type: string; readonly text: string }>()

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => this.#serve(socket))
  }

  static async start(): Promise<ResourceServer> {
    const server = createServer()
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new ResourceServer(server)
  }

  get port(): number {
    return (this.#server.address() as { readonly port: number }).port
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** The requests for a resource so far. */
  requests(key: string): readonly SeenRequest[] {
    return this.#seen.get(key) ?? []
  }

  /** How many connections to a resource are open now. */
  open(key: string): number {
    return this.#open.get(key)?.size ?? 0
  }

  /** Cuts every connection to a resource without a word. */
  cut(key: string): void {
    for (const socket of this.#open.get(key) ?? []) socket.resetAndDestroy()
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  #serve(socket: Socket): void {
    this.#sockets.add(socket)
    // Whoever leaves in the middle is no fault.
    socket.on('error', () => {})
    socket.once('close', () => this.#sockets.delete(socket))
    socket.setNoDelay(true)
    let head = ''
    socket.on('data', (bytes) => {
      const complete = head.includes('\r\n\r\n')
      head += bytes.toString('latin1')
      const request = complete ? undefined : parseHead(head)
      if (request !== undefined) void this.#answer(request, socket)
    })
  }

  async #answer(request: SeenRequest, socket: Socket): Promise<void> {
    const { pathname, search } = new URL(request.target, 'http://server.test')
    const file = this.files.get(pathname)
    if (file !== undefined) return respond(socket, request, { type: file.type, body: [file.text] })
    if (pathname === '/requests') {
      const key = search.slice(1)
      const body = [JSON.stringify(this.requests(key))]
      return respond(socket, request, { type: 'application/json', headers: { ...anyOrigin }, body })
    }
    if (pathname !== '/resource') return respond(socket, request, { status: 404 })
    const { key, answers, preflight }: Resource = JSON.parse(decodeURIComponent(search.slice(1)))
    const seen = this.#seen.get(key) ?? []
    this.#seen.set(key, [...seen, request])
    const open = this.#open.get(key) ?? new Set()
    this.#open.set(key, open.add(socket))
    socket.once('close', () => open.delete(socket))
    if (request.method === 'OPTIONS') {
      return respond(socket, request, { status: preflight ? 204 : 404, headers: { ...preflight } })
    }
    const count = seen.filter(({ method }) => method !== 'OPTIONS').length
    return respond(socket, request, answers[Math.min(count, answers.length - 1)] ?? {})
  }
}

const anyOrigin = { 'access-control-allow-origin': '*' }

function parseHead(head: string): SeenRequest | undefined {
  if (!head.includes('\r\n\r\n')) return undefined
  const [line = '', ...lines] = head.slice(0, head.indexOf('\r\n\r\n')).split('\r\n')
  const [method, target] = line.split(' ')
  if (method === undefined || target === undefined) return undefined
  const headers = lines.map((text) => {
    const colon = text.indexOf(':')
    return [text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim()]
  })
  return { method, target, headers: Object.fromEntries(headers) }
}

async function respond(socket: Socket, request: SeenRequest, answer: Answer): Promise<void> {
  const { status = 200, type = 'text/event-stream', headers = {}, body = [], end = 'end' } = answer
  const all = { ...(type !== null && { 'content-type': type }), connection: 'close', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  socket.write(`HTTP/1.1 ${status} Said\r\n${lines.join('')}\r\n`, 'latin1')
  for (const part of body) {
    if (typeof part === 'object' && 'pause' in part) await pause(part.pause)
    else if (!socket.destroyed) socket.write(bytesOf(part, request))
  }
  if (end === 'end') socket.end()
  if (end === 'cut') socket.resetAndDestroy()
}

function bytesOf(part: Exclude<Part, { readonly pause: number }>, request: SeenRequest): Uint8Array {
  if (typeof part === 'string') return Buffer.from(part)
  if ('bytes' in part) return Uint8Array.from(part.bytes)
  return Buffer.from(request.headers[part.header] ?? part.otherwise, 'latin1')
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))
