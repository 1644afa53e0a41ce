import type { EventEmitter } from 'node:events'
import { type IncomingMessage, type Server, ServerResponse } from 'node:http'
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'

// What of Node this stands on, none of it documented: when a listener has set `upgrade` on the request that is being parsed, the socket is
// handed over by the event `upgrade`, right after the listener and with the parser freed. `node-socket.test.ts` holds it against the version that
// runs, and where it does not hold the response is kept.
interface Internals {
  readonly server?: Server
  readonly parser?: { readonly incoming?: unknown } | null
  readonly _httpMessage?: unknown
  /** What `remoteAddress` was read from, held for the next time. */
  _peername?: unknown
}

/** A request and its response, as far as they are of HTTP/1.1. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/**
 * A request and its response as Node made them, if they still are that, with nothing before them and nothing to come, and nobody else looks at
 * them: then they can be done without. To be asked in the listener, before it has waited for anything.
 */
export function bareExchange(
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Exchange | undefined {
  // Those of HTTP/2, and of frameworks that have their own. To ask them for more may throw.
  if (Object.getPrototypeOf(response) !== ServerResponse.prototype) return undefined
  const exchange = { request: request as IncomingMessage, response: response as ServerResponse }
  return isAlone(exchange.request, exchange.response) && isUntouched(exchange) ? exchange : undefined
}

/** Whether nothing comes before a request on its connection, with it or after it, and only this listener answers it. */
export function isAlone(request: IncomingMessage, response: ServerResponse): boolean {
  const { headers, httpVersionMinor, socket } = request
  const { server, parser, _httpMessage } = socket as Socket & Internals
  return (
    // [RFC 9112 §7.1] "A server MUST NOT send" chunks to HTTP/1.0.
    httpVersionMinor === 1 &&
    headers['content-length'] === undefined &&
    headers['transfer-encoding'] === undefined &&
    headers.upgrade === undefined &&
    // Another request that came along has been parsed since, or nothing is being parsed.
    parser?.incoming === request &&
    // An earlier response of the same connection is still under way.
    _httpMessage === response &&
    socket.writableLength === 0 &&
    // Other listeners want to answer, too, or to know when this one was answered.
    server?.listenerCount?.('request') === 1
  )
}

function isUntouched({ request, response }: Exchange): boolean {
  return (
    eventCount(request) === 0 &&
    // Node's own.
    eventCount(response) === 1 &&
    response.listenerCount('finish') === 1 &&
    hasOwnMethods(response) &&
    // What somebody wants the answer to say.
    !response.headersSent &&
    response.statusCode === 200 &&
    response.getHeaderNames().length === 0
  )
}

// How many events somebody listens to. To name them all takes a kilobyte.
function eventCount(emitter: EventEmitter & { readonly _eventsCount?: number }): number | undefined {
  return emitter._eventsCount
}

// Middleware puts its own functions in place of these, to change or to see what is written.
function hasOwnMethods(response: ServerResponse): boolean {
  const { prototype } = ServerResponse
  return (
    response.write === prototype.write &&
    response.writeHead === prototype.writeHead &&
    response.end === prototype.end &&
    response.destroy === prototype.destroy &&
    response.emit === prototype.emit &&
    response.on === prototype.on &&
    response.once === prototype.once &&
    response.setHeader === prototype.setHeader &&
    response.flushHeaders === prototype.flushHeaders
  )
}

/**
 * Takes the socket from below a bare exchange, and lets parser, request and response go.
 *
 * @param taken called with the socket, which is nobody else's any more: before anything that it brings, and not before the listener is done
 * @param kept called in place of it where Node did not do as it should: all is as before
 */
export function takeSocket(
  { request, response }: Exchange,
  taken: (socket: Socket) => void,
  kept: () => void,
): void {
  handOver(
    request,
    (socket) => {
      response.detachSocket(socket)
      socket.setTimeout(0)
      // Asked for once, and found again by who asks.
      const own: Socket & Internals = socket
      if (own._peername !== undefined) own._peername = undefined
      // For those who look at all responses of a process, and let one go when it is over.
      response.emit('close')
      // Nobody else is left to hear it.
      response.on('error', ignore)
      taken(socket)
    },
    kept,
  )
}

/**
 * Has Node free the parser of a request that is alone on its connection, and hand over the socket without its own listeners.
 *
 * @param handed called with the socket: before anything that it brings, and not before the listener is done
 * @param kept called in place of it where Node did not do as it should: all is as before
 */
export function handOver(request: IncomingMessage, handed: (socket: Socket) => void, kept: () => void): void {
  const { server } = request.socket as Socket & { readonly server: Server }
  const flagged = request as { upgrade?: boolean }
  // Those of WebSockets would answer it.
  const others = server.listenerCount('upgrade') === 0 ? none : setAside(server)
  let over = false
  function restore(): void {
    over = true
    server.removeListener('upgrade', take)
    for (const other of others) server.on('upgrade', other)
    flagged.upgrade = false
  }
  function take(given: IncomingMessage, socket: Socket): void {
    if (given !== request) return
    restore()
    handed(socket)
  }
  server.on('upgrade', take)
  flagged.upgrade = true
  // After the parser has returned, and ahead of whatever comes next. A tick would cost five times as much.
  void returned.then(() => {
    if (over) return
    restore()
    kept()
  })
}

type UpgradeListener = (...given: unknown[]) => void

const none: readonly UpgradeListener[] = []
const returned = Promise.resolve()

function setAside(server: Server): readonly UpgradeListener[] {
  const listeners = server.rawListeners('upgrade') as UpgradeListener[]
  for (const listener of listeners) server.removeListener('upgrade', listener)
  return listeners
}

function ignore(): void {}
