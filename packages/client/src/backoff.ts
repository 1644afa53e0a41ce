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
export class Backoff {
  readonly #floor: number
  readonly #cap: number
  readonly #random: () => number
  #base: number
  #failures = 0

  constructor({ base, floor, cap }: Required<BackoffOptions>, random: () => number) {
    this.#floor = floor
    this.#cap = cap
    this.#base = base
    this.#random = random
  }

  /** The server's own reconnection time, in milliseconds. Any number is harmless. */
  set base(milliseconds: number) {
    this.#base = Math.min(Math.max(milliseconds, this.#floor), this.#cap)
  }

  /**
   * How long to wait after one more failure, in milliseconds.
   *
   * @param retryAfter the least that the server asked for; the jitter comes on top, for it asked all the same
   */
  next(retryAfter = 0): number {
    // Beyond that many it is no number any more.
    const most = Math.min(this.#base * 2 ** Math.min(this.#failures++, 30), this.#cap)
    return retryAfter + Math.max(this.#floor, this.#random() * most)
  }

  /** The failures are over: the next wait is as short as the first. */
  reset(): void {
    this.#failures = 0
  }
}
