import type { Clock } from '../clock.ts'
import type { RequestHeaders } from '../options.ts'

/** Settings of an event source; `withCredentials` is the standard's own. */
export interface EventSourceOptions {
  /** Whether cookies are sent to another origin, too. @default false */
  readonly withCredentials?: boolean
  /**
   * Headers of each request, or a function that is asked before each attempt. A `last-event-id` among the first ones is where the
   * stream begins. They do not follow a redirect to another origin, except in a browser, where that origin has to allow it.
   */
  readonly headers?: RequestHeaders | (() => RequestHeaders | Promise<RequestHeaders>)
  /** What requests are made with. @default the runtime's */
  readonly fetch?: (request: Request) => Promise<Response>
  /** Closes the source when it is aborted. */
  readonly signal?: AbortSignal
  /**
   * The longest time between two bytes that the server promises, in milliseconds. When nothing has come for two and a half
   * of it, the link is taken for dead and opened anew. @default none: a dead link may go unnoticed, as in a browser
   */
  readonly heartbeat?: number
  /** @default the runtime's clock */
  readonly clock?: Clock
  /** A number from 0 up to 1, to spread attempts by. @default Math.random */
  readonly random?: () => number
}
