import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { EventServer } from '../server.ts'
import { createNodeSink } from '../session/node-sink.ts'
import type { Call } from './call.ts'
import { RefusalError } from './refusal-error.ts'

/** A request listener of `node:http` and `node:http2`; also a handler of Connect and Express, which give `next`. */
export type NodeListener = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  next?: () => void,
) => void

// What both kinds of response do alike. Of their overloads TypeScript can pick none.
interface HeadWriter {
  writeHead(status: number, headers: Readonly<Record<string, string>>): unknown
  end(body: string): unknown
}

/**
 * Serves the streams from Node's own server: `http.createServer(toNodeListener(events))`. Much cheaper there than
 * `events.fetch` behind an adapter. Requests for other paths go to `next` where there is one, and else are not found.
 */
export function toNodeListener(events: EventServer): NodeListener {
  const streams = events['~streams']
  const { path, onError } = streams.settings
  return (request, response, next) => {
    const call = callOf(request)
    if (next !== undefined && call.path !== path && !call.path.startsWith(`${path}/`)) {
      next()
      return
    }
    let gone = false
    response.once('close', () => {
      gone = true
    })
    // Followed by `close`, which is enough to know.
    response.on('error', ignore)
    streams
      .answer(call)
      .then(({ status, headers, body, stream }) => {
        // Nobody is there any more, and nothing would say so again.
        if (gone) return
        const head: HeadWriter = response
        head.writeHead(status, headers)
        if (stream === undefined) head.end(body ?? '')
        else stream((observer) => createNodeSink(response, observer))
      })
      .catch((error: unknown) => {
        onError(error)
        response.destroy()
      })
      .catch(onError)
  }
}

const ignore = () => {}

function callOf(request: IncomingMessage | Http2ServerRequest): Call {
  const target = targetOf(request)
  const [path = '', search = ''] = split(target, '?')
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(search),
    length: target.length,
    remoteAddress: request.socket.remoteAddress,
    native: request,
    header(name) {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: (maxBytes) => readBody(request, maxBytes),
  }
}

function targetOf(request: IncomingMessage | Http2ServerRequest): string {
  // Express takes the mount's path off `url` and keeps the whole one here.
  const target = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '/')
  // [RFC 9112 §3.2.2] "A server MUST accept the absolute-form in requests", which begins with scheme and authority.
  return target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '')
}

function split(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator)
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
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
