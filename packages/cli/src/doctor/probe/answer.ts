import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

/** What an address answers, as it begins. */
export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  /** `HTTP/1.1` or `HTTP/2`. */
  readonly protocol: string
  /** The bytes as they come, compressed where they are. */
  readonly body: Readable
  /** How long its head took from when it was asked for, the connection included, in milliseconds. */
  readonly took: number
  /** Ends the connection. */
  close(): void
}

/** There was no answer in time, though nothing failed. */
export class NoAnswerError extends Error {
  override readonly name = 'NoAnswerError'
}
