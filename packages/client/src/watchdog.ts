import type { Clock } from './clock.ts'

/** Of the announced heartbeat: one may be late or lost without the link being dead. */
const patience = 2.5

/** Notices that a stream has gone silent. A link that is half open gives no error at all; only the missing bytes tell. */
export interface Watchdog {
  /** From now on bytes are waited for. */
  wait(): void
  /** They have come: until the next wait, silence is the reader's own doing. */
  rest(): void
  /** Lets go of its timer. */
  stop(): void
}

/**
 * Makes a watchdog, which waits for nothing yet.
 *
 * @param heartbeat the longest time between two bytes that the server announced, in milliseconds
 */
export function createWatchdog(clock: Clock, heartbeat: number, onSilent: () => void): Watchdog {
  const limit = heartbeat * patience
  let since: number | undefined
  let cancel: (() => void) | undefined

  // One timer for many waits, because to set one and to clear it takes longer than to read a chunk.
  function look(): void {
    cancel = undefined
    if (since === undefined) return
    const now = clock.now()
    // A clock may also be put back.
    since = Math.min(since, now)
    const left = since + limit - now
    if (left > 0) cancel = clock.after(left, look)
    else onSilent()
  }

  return {
    wait() {
      since = clock.now()
      cancel ??= clock.after(limit, look)
    },
    rest() {
      since = undefined
    },
    stop() {
      cancel?.()
      cancel = undefined
    },
  }
}
