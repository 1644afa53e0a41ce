// Between two deletions of what is too much, in milliseconds, so that there is time for everything else.
const pause = 5

// How often ages are looked at, in milliseconds.
const shortest = 50
const longest = 60_000

/** Sees to it that what is forgotten leaves the file also while nothing is appended. Keeps no process alive. */
export class Sweeper {
  readonly #maxAge: number
  readonly #sweep: () => Promise<void>
  #timer: ReturnType<typeof setTimeout> | undefined
  #stopped = false

  /**
   * @param maxAge How long a record is kept, in milliseconds; infinite when ages need no looking at.
   * @param sweep Deletes some of what is too much, if there is any, and calls `soon` when there is more.
   */
  constructor(maxAge: number, sweep: () => Promise<void>) {
    this.#maxAge = maxAge
    this.#sweep = sweep
  }

  /** Sweeps in a moment. */
  soon(): void {
    this.#in(pause)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  #in(milliseconds: number): void {
    if (this.#stopped) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#run(), milliseconds)
    this.#timer.unref()
  }

  async #run(): Promise<void> {
    this.#timer = undefined
    try {
      await this.#sweep()
    } catch {
      // An append that meets the same trouble tells of it. Sweeping is tried again.
    }
    if (this.#timer !== undefined || this.#maxAge === Number.POSITIVE_INFINITY) return
    this.#in(Math.min(Math.max(this.#maxAge / 10, shortest), longest))
  }
}
