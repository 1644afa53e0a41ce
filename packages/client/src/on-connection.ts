import type { ConnectionError } from './connection-error.ts'
import type { EventClient } from './event-client.ts'

/** What a loss is like. */
export interface ConnectionLoss {
  /** Why the last stream or attempt failed. */
  readonly cause: ConnectionError
  /** When the next attempt will be made, in milliseconds since 1970. */
  readonly nextAttemptAt: number
  /** How often it has failed since a stream was last open: 1 when that one has just ended. */
  readonly failures: number
}

/** What a user of an app is to know of the connection. */
export interface ConnectionListeners {
  /** There is no stream any more, or again none: called for each attempt that fails. */
  readonly lost?: (loss: ConnectionLoss) => void
  /** A stream is open again, after `lost` or `failed`. Nothing was missed that no reset has told. */
  readonly restored?: () => void
  /** The server refused for good, and the subscriptions are over. */
  readonly failed?: (cause: ConnectionError) => void
}

/**
 * Tells what a user should see of a client's connection, and nothing of what passes by itself: not the first connecting, no successor of
 * an open stream, no stream that is renewed. What is lost already is told at once.
 *
 * @returns what ends it
 */
export function onConnection(
  client: Pick<EventClient, 'status' | 'onStatus'>,
  { lost, restored, failed }: ConnectionListeners,
): () => void {
  let failures = 0
  function look({ state, cause, nextAttemptAt = 0 }: EventClient['status']): void {
    if (state === 'waiting' && cause) lost?.({ cause, nextAttemptAt, failures: ++failures })
    else if (state === 'closed' && cause) {
      failures++
      failed?.(cause)
    } else if (state === 'open' && failures > 0) {
      failures = 0
      restored?.()
    }
  }
  const stop = client.onStatus(look)
  look(client.status)
  return stop
}
