import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { EventServer } from '../server.ts'
import type { Answer, Call } from './call.ts'
import { answerByResponse } from './node-response-answer.ts'
import { bareExchange, takeSocket } from './node-socket.ts'
import { answerOnSocket } from './node-socket-answer.ts'
import { RefusalError } from './refusal-error.ts'

/** A request listener of `node:http` and `node:http2`; also a handler of Connect and Express, which give `next`. */
export type NodeListener = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  next?: () => void,
) => void

/** Settings of a listener. */
export interface NodeListenerOptions {
  /**
   * Whether a stream over HTTP/1.1 takes its socket over from `node:http`, and one over HTTP/2 its stream, which saves most of the memory
   * that an open one costs. What wraps responses, listens to them or sets headers on them before keeps them anyway. `false` keeps all of
   * them. @default true
   */
  readonly takeSockets?: boolean
}

/**
 * Serves the streams from Node's own server: `http.createServer(toNodeListener(events))`. Much cheaper there than
 * `events.fetch` behind an adapter. Requests for other paths go to `next` where there is one, and else are not found.
 */
export function toNodeListener(
  events: EventServer,
  { takeSockets = true }: NodeListenerOptions = {},
): NodeListener {
  const streams = events['~streams']
  const { path, onError } = streams.settings
  return (request, response, next) => {
    const call = callOf(request)
    if (next !== undefined && call.path !== path && !call.path.startsWith(`${path}/`)) {
      next()
      return
    }
    const answer = streams.answer(call)
    const keep = () => answerByResponse(response, answer, onError, takeSockets)
    const bare = takeSockets && isForLong(call, answer) ? bareExchange(request, response) : undefined
    if (bare === undefined) keep()
    else takeSocket(bare, (socket) => answerOnSocket(socket, bare.request, answer, onError), keep)
  }
}

// Whatever is over soon lets its connection be used again. What takes time to be answered is a stream as a rule.
function isForLong({ method, query }: Call, answer: Answer | Promise<Answer>): boolean {
  if (method !== 'GET' || query.get('mode') === 'poll') return false
  return answer instanceof Promise || answer.stream !== undefined
}
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
