import type { EventEmitter } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Http2ServerResponse, OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'

// What of Node this stands on, none of it documented: a stream of HTTP/2 knows its compatible request and response by two symbols, and they hear
// it by listeners that are named like these, most of which do nothing without them. Where it does not hold, they are kept.
// `node-http2-stream.test.ts` holds it against the version that runs.
const heard = ['trailers', 'end', 'aborted', 'close', 'timeout', 'drain', 'wantTrailers'] as const
const isOwn = ({ name }: { readonly name: string }) => name.startsWith('onStream')

interface Internals {
  readonly request: symbol
  readonly response: symbol
  /** Made anew when it is asked for. */
  readonly proxySocket: symbol | undefined
}

type Slots = Record<symbol, unknown>

/**
 * Answers by the stream below a response of HTTP/2, and lets request and response go, which take more memory than all the rest. Only where nobody has
 * done anything with them: else, and for every other response, `undefined`, and all is as before.
 */
export function respondBare(
  response: ServerResponse | Http2ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
): ServerHttp2Stream | undefined {
  if (!isHttp2(response) || !isUntouched(response)) return undefined
  const { stream, sendDate } = response
  const internals = internalsOf(stream)
  if (internals === undefined) return undefined
  stream.respond({ ':status': status, ...headers }, { sendDate } as object)
  for (const event of heard) {
    for (const listener of stream.listeners(event)) {
      if (isOwn(listener)) stream.removeListener(event, listener as () => void)
    }
  }
  const slots = stream as unknown as Slots
  slots[internals.request] = undefined
  slots[internals.response] = undefined
  if (internals.proxySocket !== undefined) slots[internals.proxySocket] = null
  shareHead(stream, headers)
  return stream
}

// Node's own class, and not one that extends it.
function isHttp2(response: ServerResponse | Http2ServerResponse): response is Http2ServerResponse {
  return Object.hasOwn(Object.getPrototypeOf(response), 'createPushResponse')
}

function isUntouched(response: Http2ServerResponse): boolean {
  const { req: request, stream } = response
  return (
    // Node's own, and the one for errors of who answers by it.
    eventCount(request) === request.listenerCount('pause') + request.listenerCount('resume') &&
    eventCount(response) === response.listenerCount('error') &&
    response.listenerCount('error') <= 1 &&
    // What middleware puts in place of a method.
    !Object.values(response).some((value) => typeof value === 'function') &&
    // What somebody wants the answer to say.
    !response.headersSent &&
    response.statusCode === 200 &&
    response.getHeaderNames().length === 0 &&
    // No body is under way.
    stream.endAfterHeaders &&
    !stream.destroyed &&
    !stream.closed
  )
}

// How many events somebody listens to. To name them all takes a kilobyte.
function eventCount(emitter: EventEmitter & { readonly _eventsCount?: number }): number | undefined {
  return emitter._eventsCount
}

let found: Internals | undefined

function internalsOf(stream: ServerHttp2Stream): Internals | undefined {
  // Those of time call what would no longer be there, so they must be known.
  if (stream.listeners('timeout').filter(isOwn).length !== 2) return undefined
  const request = found?.request ?? symbolOf(stream, 'request')
  const response = found?.response ?? symbolOf(stream, 'response')
  if (request === undefined || response === undefined) return undefined
  found ??= { request, response, proxySocket: symbolOf(stream, 'proxySocket') }
  const slots = stream as unknown as Slots
  return slots[request] === undefined || slots[response] === undefined ? undefined : found
}

function symbolOf(stream: ServerHttp2Stream, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(stream).find(({ description }) => description === name)
}

let sentHeaders: symbol | undefined
let shared: { readonly headers: object; readonly sent: OutgoingHttpHeaders } | undefined

// Each stream keeps what it has sent, and nearly all have sent the very same.
function shareHead(stream: ServerHttp2Stream, headers: object): void {
  const sent = stream.sentHeaders
  sentHeaders ??= symbolOf(stream, 'sent-headers')
  if (sent === undefined || sentHeaders === undefined) return
  if (shared?.headers === headers && shared.sent.date === sent.date) {
    ;(stream as unknown as Slots)[sentHeaders] = shared.sent
  } else shared = { headers, sent }
}
