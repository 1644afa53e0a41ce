import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { EventServer } from '../server.ts'
import type { Answer, Call } from './call.ts'
import { NodeCall } from './node-call.ts'
import { letParserGo } from './node-parser.ts'
import { answerByResponse } from './node-response-answer.ts'
import { bareExchange, takeSocket } from './node-socket.ts'
import { answerOnSocket } from './node-socket-answer.ts'

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
   * that an open one costs. What wraps responses, listens to them or sets headers on them before keeps them anyway, and only the parser
   * below is let go. `false` leaves all as Node made it. @default true
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
    const call = new NodeCall(request)
    if (next !== undefined && call.path !== path && !call.path.startsWith(`${path}/`)) {
      next()
      return
    }
    const answer = streams.answer(call)
    const keep = () => answerByResponse(response, answer, onError, takeSockets)
    if (!takeSockets || !isForLong(call, answer)) {
      keep()
      return
    }
    const bare = bareExchange(request, response)
    if (bare === undefined) letParserGo(request, response, keep)
    else takeSocket(bare, (socket) => answerOnSocket(socket, bare.request, answer, onError), keep)
  }
}

// Whatever is over soon lets its connection be used again. What takes time to be answered is a stream as a rule.
function isForLong(call: Call, answer: Answer | Promise<Answer>): boolean {
  if (call.method !== 'GET') return false
  if (answer instanceof Promise) return call.query.get('mode') !== 'poll'
  return answer.stream !== undefined && answer.poll !== true
}
