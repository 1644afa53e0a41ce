import type { ConnectionError } from './connection-error.ts'

/** How the connection is. */
export interface ConnectionStatus {
  /**
   * - `idle`: there are no subscriptions.
   * - `connecting`: a stream is being opened, and none is open.
   * - `open`: a stream is open.
   * - `waiting`: the last stream failed, and the next attempt's time has not come.
   * - `paused`: the page is hidden or put aside, and has no stream for that reason.
   * - `closed`: the server refused for good, or the client was closed.
   */
  readonly state: 'idle' | 'connecting' | 'open' | 'waiting' | 'paused' | 'closed'
  /** Why it is `waiting`, or `closed` by the server. */
  readonly cause?: ConnectionError
  /** When the next attempt will be made, in milliseconds since 1970; only while `waiting`. */
  readonly nextAttemptAt?: number
}

export type StatusListener = (status: ConnectionStatus) => void

/** The status, and those who want to know of its changes. */
export interface StatusBoard {
  readonly current: ConnectionStatus
  /** Tells the listeners of a status that is another than before. */
  show(status: ConnectionStatus): void
  /** Adds a listener, and returns what takes it away. One that is added twice is told twice. */
  listen(tell: StatusListener): () => void
}

export function createStatusBoard(onThrown: (error: unknown) => void): StatusBoard {
  const listeners = new Set<StatusListener>()
  let current: ConnectionStatus = { state: 'idle' }
  return {
    get current() {
      return current
    },
    show(status) {
      if (status.state === current.state && status.cause === current.cause) return
      current = status
      for (const tell of [...listeners]) {
        try {
          tell(status)
        } catch (error) {
          onThrown(error)
        }
      }
    },
    listen(tell) {
      const listener: StatusListener = (status) => tell(status)
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
