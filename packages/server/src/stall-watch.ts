/** Tells a socket that takes nothing from one that is merely slow. */
export class StallWatch {
  readonly #timeout: number
  #written = 0
  #left = 0
  #since: number

  /** @param timeout how long a socket may take nothing while bytes wait, in milliseconds */
  constructor(timeout: number, now: number) {
    this.#timeout = timeout
    this.#since = now
  }

  /** Notes bytes that were handed to the socket. */
  wrote(bytes: number): void {
    this.#written += bytes
  }

  /** @param buffered bytes that wait now */
  isStalled(buffered: number, now: number): boolean {
    // What waits includes framing that nobody counted, so this may lag behind the truth, but it grows only when bytes leave.
    const left = this.#written - buffered
    if (buffered === 0 || left > this.#left) {
      this.#left = Math.max(left, this.#left)
      this.#since = now
      return false
    }
    return now - this.#since >= this.#timeout
  }
}
