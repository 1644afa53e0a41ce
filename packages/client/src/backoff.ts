/** How long the client waits between attempts, in milliseconds. */
export interface BackoffOptions {
  /** What doubles with each attempt, until the server tells its own (`retry:`). @default 1_000 */
  readonly base?: number
  /** The least. @default 100 */
  readonly floor?: number
  /** The most, unless the server asks for more. @default 30_000 */
  readonly cap?: number
}

/** Exponential back-off with full jitter: what cut many clients off at once does not bring them back at once. */
export interface Backoff {
  /** Takes the server's own reconnection time, in milliseconds. Any number is harmless. */
  propose(milliseconds: number): void
  /**
   * How long to wait after one more failure, in milliseconds.
   *
   * @param retryAfter the least that the server asked for; the jitter comes on top, for it asked all the same
   */
  next(retryAfter?: number): number
  /** The failures are over: the next wait is as short as the first. */
  reset(): void
}

/** @param random a number from 0 up to 1 */
export function createBackoff(
  { base = 1_000, floor = 100, cap = 30_000 }: BackoffOptions = {},
  random: () => number,
): Backoff {
  let proposed = base
  let failures = 0
  return {
    propose(milliseconds) {
      proposed = Math.min(Math.max(milliseconds, floor), cap)
    },
    next(retryAfter = 0) {
      // Beyond that many it is no number any more.
      const most = Math.min(proposed * 2 ** Math.min(failures++, 30), cap)
      return retryAfter + Math.max(floor, random() * most)
    },
    reset() {
      failures = 0
    },
  }
}
