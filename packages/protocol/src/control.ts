import type { ResetVerdict, Verdict } from './verdict.ts'

/** Prefix of the event names that are the wire's own. No contract may use it. */
export const controlPrefix = 'millrace.'

/** Names of the control events. */
export const controlEvent = {
  /** First event of every stream; its `id` is the position that the stream goes on from. */
  open: 'millrace.open',
  /** A topic could not go on where its cursor stood. */
  reset: 'millrace.reset',
  /** The state of a topic at a position; its events follow from there. */
  snapshot: 'millrace.snapshot',
  /** A topic is complete: nothing will ever follow. */
  end: 'millrace.end',
  /** A topic may not be read by whoever asked for it. */
  denied: 'millrace.denied',
  /** The server is about to end the stream. */
  bye: 'millrace.bye',
} as const

/** Data of `millrace.open`. */
export interface OpenData {
  /** How the resume from the connection's cursor ended. */
  readonly verdict: Verdict
  /** Longest time between two bytes on this stream, in milliseconds. */
  readonly heartbeat: number
  /**
   * The newest record that there is, where that is not the `id` of this very frame: topics asked for `from=now` begin there, and
   * for the others it is the end of what there was before.
   */
  readonly now?: string
  /**
   * The topics, as they were asked for, whose state comes next. Until it has come, or an id without it, they have no place that they could
   * be resumed from.
   */
  readonly snapshots?: readonly string[]
}

/** Data of `millrace.reset`. */
export interface ResetData {
  readonly verdict: ResetVerdict
}

/** Why a server ends a stream. */
export type ByeReason = 'drain' | 'overload' | 'poll' | 'failure' | 'expired' | 'revoked' | 'age' | 'end'

/** Data of `millrace.bye`. */
export interface ByeData {
  readonly reason: ByeReason
  /** Whether the same request may be tried again. */
  readonly retryable: boolean
}
