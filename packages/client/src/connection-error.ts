import { type ByeReason, isErrorOf, MillraceError, type Problem } from '@millrace/protocol'

const code = 'connection'

/**
 * What ended a stream, or kept it from opening.
 *
 * - `network`: the request failed or the stream was cut.
 * - `ended`: the server ended the stream without a word.
 * - `status`: the answer had another status than 200.
 * - `content-type`: the answer was no event stream.
 * - `timeout`: the stream did not open within `connectTimeout`.
 * - `silent`: no byte came for two and a half heartbeats.
 * - `protocol`: the stream is not one of this protocol.
 * - `bye`: the server said that it ends the stream, or that a topic may not be read; see `bye`.
 * - `headers`: the `headers` function failed.
 */
export type ConnectionFault =
  | 'network'
  | 'ended'
  | 'status'
  | 'content-type'
  | 'timeout'
  | 'silent'
  | 'protocol'
  | 'bye'
  | 'headers'

/** What is known of a failure beside its reason. */
export interface ConnectionErrorData {
  readonly status?: number | undefined
  readonly problem?: Problem | undefined
  readonly topics?: readonly string[] | undefined
  readonly bye?: ByeReason | 'denied' | undefined
  /** @default false */
  readonly final?: boolean
  readonly retryAfter?: number | undefined
  readonly cause?: unknown
}

/** A stream failed. Unless it is `final`, the client tries again by itself. */
export class ConnectionError extends MillraceError {
  declare readonly reason: ConnectionFault
  /** The HTTP status of an answer that was no stream. */
  declare readonly status: number | undefined
  /** What the server said in words, where it did. [RFC 9457] */
  declare readonly problem: Problem | undefined
  /** The addresses that it is about; none when it is about all. The others go on. */
  declare readonly topics: readonly string[]
  /** Why the server ended the stream, where it said so; a newer server may have other reasons. `denied`: see `topics`. */
  declare readonly bye: ByeReason | 'denied' | undefined
  /** Whether trying again is of no use, so that the subscriptions concerned were ended. */
  declare readonly final: boolean
  /** How long the server asked to be left alone, in milliseconds. */
  declare readonly retryAfter: number | undefined

  constructor(reason: ConnectionFault, message: string, data: ConnectionErrorData = {}) {
    super('ConnectionError', code, message, { reason, final: false, topics: [], ...data })
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override readonly isInstance = /* @__PURE__ */ isErrorOf<ConnectionError>(code)
}
