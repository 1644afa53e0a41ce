// After the process itself stood still, every socket seems to have: it takes this many looks to say so, with turns between them
// in which sockets are heard.
const leastLooks = 4

/** Tells a socket that takes nothing from one that is merely slow. */
export class StallWatch {
  readonly #timeout: number
  #written = 0
  #left: number
  #looked: number
  #waited = 0

  /**
   * @param timeout how long a socket may take nothing while bytes wait, in milliseconds
   * @param buffered bytes that wait already
   */
  constructor(timeout: number, now: number, buffered = 0) {
    this.#timeout = timeout
    this.#left = -buffered
    this.#looked = now
  }

  /** Notes bytes that were handed to the socket. */
  wrote(bytes: number): void {
    this.#written += bytes
  }

  /** To be asked every now and then. @param buffered bytes that wait now */
  isStalled(buffered: number, now: number): boolean {
    const since = now - this.#looked
    this.#looked = now
    // What waits includes framing that nobody counted, so this may lag behind the truth, but it grows only when bytes leave.
    const left = this.#written - buffered
    if (buffered === 0 || left > this.#left) {
      this.#left = Math.max(left, this.#left)
      this.#waited = 0
      return false
    }
    this.#waited += Math.min(since, this.#timeout / leastLooks)
    return this.#waited >= this.#timeout
  }
}
