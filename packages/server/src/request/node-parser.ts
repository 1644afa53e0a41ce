import { IncomingMessage, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import { handOver, isAlone } from './node-socket.ts'

// What Node takes from a socket together with the parser, and a response that stays needs as before. How the client's end is heard
// is the parser's own, and done by the socket itself from then on.
const kept = ['close', 'drain', 'error', 'timeout'] as const

/**
 * Lets the parser of a request go that is answered for long, which takes ten kilobytes, and keeps request and response for who has
 * them: as they do after they were answered, they live by the socket alone. What the connection carries after this request nobody reads,
 * so the response closes it. Where somebody is waited for, or Node does not do as it should, all is as before.
 *
 * @param answer called once the parser is gone or stays, at the latest when the listener is done
 */
export function letParserGo(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
  answer: () => void,
): void {
  if (
    !(request instanceof IncomingMessage && response instanceof ServerResponse) ||
    !isOurs(request, response)
  ) {
    answer()
    return
  }
  const before = kept.map((event) => ({ event, listeners: listenersOf(request.socket, event) }))
  handOver(
    request,
    (socket) => {
      for (const { event, listeners } of before) restore(socket, event, listeners)
      // Where the parser was stopped in the middle of it.
      if (!request.complete) {
        request.complete = true
        request.push(null)
      }
      closeAfter(response)
      // As `node:http` does: who has ended one side is not waited for.
      socket.allowHalfOpen = false
      socket.resume()
      answer()
    },
    answer,
  )
}

function isOurs(request: IncomingMessage, response: ServerResponse): boolean {
  return !response.headersSent && !response.writableEnded && isAlone(request, response)
}

type Listener = (...given: unknown[]) => void

// The types know the listeners of each event by themselves only.
const listenersOf = (socket: Socket, event: string) => socket.rawListeners(event) as Listener[]

// First, as they were.
function restore(socket: Socket, event: string, listeners: readonly Listener[]): void {
  const left = listenersOf(socket, event)
  for (const listener of listeners.toReversed()) {
    if (!left.includes(listener)) socket.prependListener(event, listener)
  }
}

function closeAfter(response: ServerResponse): void {
  response.shouldKeepAlive = false
  // It would say what somebody has set.
  if (response.hasHeader('connection')) response.setHeader('connection', 'close')
}
