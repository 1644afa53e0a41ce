import type { Clock } from './clock.ts'

/** Of the announced heartbeat: one may be late or lost without the link being dead. */
const patience = 2.5

/** Begins to wait for bytes, and returns what ends that. In between, silence is the reader's own doing. */
export type Watchdog = () => () => void

/**
 * Notices that a stream has gone silent. A link that is half open gives no error at all; only the missing bytes tell.
 *
 * @param heartbeat the longest time between two bytes that the server announced, in milliseconds
 */
export function createWatchdog(clock: Clock, heartbeat: number, onSilent: () => void): Watchdog {
  return () => clock.after(heartbeat * patience, onSilent)
}
