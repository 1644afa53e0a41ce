import type { Call } from '../request/call.ts'
import { readCookie } from '../request/cookie.ts'

/** A request for a stream, as `authorize` sees it: the same in every runtime. */
export interface AuthorizeRequest {
  readonly method: string
  /** The path, without the query. */
  readonly path: string
  readonly query: URLSearchParams
  /** The client's address, where the runtime or a trusted proxy tells it. */
  readonly address: string | undefined
  /** A header; several of one name are joined by commas. @param name in lower case */
  header(name: string): string | undefined
  /** A cookie's value, decoded. */
  cookie(name: string): string | undefined
  /** What the runtime gave: a `Request`, or Node's `IncomingMessage` with whatever earlier handlers put there. */
  readonly native: unknown
}

/** Shows a call without what only the server reads. */
export function describeRequest(call: Call, address: string | undefined): AuthorizeRequest {
  return {
    method: call.method,
    path: call.path,
    query: call.query,
    address,
    header: (name) => call.header(name),
    cookie: (name) => readCookie(call.header('cookie'), name),
    native: call.native,
  }
}
