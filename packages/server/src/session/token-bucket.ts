/** Lets so many through in a second, and some more at once where few came before. */
export class TokenBucket {
  readonly #perSecond: number
  readonly #burst: number
  #tokens: number
  #filledAt: number

  /** @param perSecond infinite to let everything through @param now milliseconds */
  constructor(perSecond: number, burst: number, now: number) {
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#filledAt = now
  }

  /** Whether one more may pass now. */
  take(now: number): boolean {
    if (this.#perSecond === Number.POSITIVE_INFINITY) return true
    // A clock that was put back takes nothing away.
    const since = Math.max(0, now - this.#filledAt)
    this.#filledAt = now
    this.#tokens = Math.min(this.#burst, this.#tokens + (since / 1000) * this.#perSecond)
    if (this.#tokens < 1) return false
    this.#tokens -= 1
    return true
  }
}
