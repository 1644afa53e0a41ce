import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Call } from './call.ts'
import { createNodeSink } from './node-sink.ts'
import { RefusalError } from './refusal-error.ts'
import type { EventServer } from './server.ts'

/** A request listener of `node:http`; also a handler of Connect and Express, which give `next`. */
export type NodeListener = (request: IncomingMessage, response: ServerResponse, next?: () => void) => void

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
    streams
      .answer(call)
      .then(({ status, headers, body, stream }) => {
        // Nobody is there any more, and nothing would say so again.
        if (response.destroyed || response.closed) return
        response.writeHead(status, headers)
        if (stream === undefined) response.end(body)
        else stream((observer) => createNodeSink(response, observer))
      })
      .catch((error: unknown) => {
        onError(error)
        response.destroy()
      })
  }
}

function callOf(request: IncomingMessage): Call {
  // Express takes the mount's path off `url` and keeps the whole one here.
  const target = 'originalUrl' in request ? String(request.originalUrl) : (request.url ?? '/')
  const [path = '', search = ''] = split(target, '?')
  return {
    method: request.method ?? 'GET',
    path,
    query: new URLSearchParams(search),
    length: target.length,
    header(name) {
      const value = request.headers[name]
      return Array.isArray(value) ? value.join(', ') : value
    },
    body: (maxBytes) => readBody(request, maxBytes),
  }
}

function split(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator)
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

async function readBody(request: IncomingMessage, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength
    if (bytes > maxBytes) throw new RefusalError('too-large', `The body is longer than ${maxBytes} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}
