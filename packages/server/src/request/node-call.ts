import type { IncomingMessage } from 'node:http'
import type { Http2ServerRequest } from 'node:http2'
import type { Call } from './call.ts'
import { RefusalError } from './refusal-error.ts'

/** A request of Node. What it takes to find out is found out when somebody asks. */
export class NodeCall implements Call {
  readonly path: string
  readonly search: string
  readonly length: number
  readonly native: IncomingMessage | Http2ServerRequest
  #query: URLSearchParams | undefined

  constructor(request: IncomingMessage | Http2ServerRequest) {
    const target = targetOf(request)
    const end = target.indexOf('?')
    this.path = end === -1 ? target : target.slice(0, end)
    this.search = end === -1 ? '' : target.slice(end + 1)
    this.length = target.length
    this.native = request
  }

  get method(): string {
    return this.native.method ?? 'GET'
  }

  get query(): URLSearchParams {
    this.#query ??= new URLSearchParams(this.search)
    return this.#query
  }

  /** A system call. */
  get remoteAddress(): string | undefined {
    return this.native.socket.remoteAddress
  }

  header(name: string): string | undefined {
    const value = this.native.headers[name]
    return Array.isArray(value) ? value.join(', ') : value
  }

  body(maxBytes: number): Promise<string> {
    return readBody(this.native, maxBytes)
  }
}

function targetOf(request: IncomingMessage | Http2ServerRequest): string {
  // Express takes the mount's path off `url` and keeps the whole one here.
  const target = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '/')
  // [RFC 9112 §3.2.2] "A server MUST accept the absolute-form in requests", which begins with scheme and authority.
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
}

async function readBody(request: IncomingMessage | Http2ServerRequest, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  // To leave the loop must not destroy the request, and with it the socket that the refusal goes out on.
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  try {
    for await (const chunk of chunks) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) throw new RefusalError('too-large', `The body is longer than ${maxBytes} bytes`)
      text += decoder.decode(chunk, { stream: true })
    }
  } finally {
    // What is still to come is let go by, or the connection would stand still.
    request.resume()
  }
  return text + decoder.decode()
}
