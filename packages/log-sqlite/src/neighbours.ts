import { type FSWatcher, watch } from 'node:fs'

// Of the polls that come while nothing can be watched, how many are made until it is tried again.
const pollsPerTry = 20

/** What is to be done when other processes may have appended. */
export interface Neighbourhood {
  /** The file that every process writes after each of its commits. */
  readonly path: string
  /** In milliseconds. */
  readonly pollInterval: number
  /** Somebody has written, perhaps this process itself. */
  readonly written: () => void
  /** Time has passed: look, whether or not anything was heard. */
  readonly polled: () => void
}

/**
 * Hears of what other processes append: from the file system, which tells within a millisecond, and by looking now and
 * then, for file systems and moments in which it does not. Neither keeps the process alive.
 */
export class Neighbours {
  readonly #of: Neighbourhood
  #timer: ReturnType<typeof setInterval> | undefined
  #watcher: FSWatcher | undefined
  #polls = 0

  constructor(neighbourhood: Neighbourhood) {
    this.#of = neighbourhood
  }

  /** Begins to listen. Does nothing while it listens already. */
  start(): void {
    if (this.#timer !== undefined) return
    this.#timer = setInterval(() => this.#poll(), this.#of.pollInterval)
    this.#timer.unref()
    this.#watch()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#unwatch()
  }

  #poll(): void {
    this.#polls += 1
    if (this.#watcher === undefined && this.#polls % pollsPerTry === 1) this.#watch()
    this.#of.polled()
  }

  #watch(): void {
    try {
      const watcher = watch(this.#of.path, { persistent: false }, (event) => {
        // The file is gone, or another one by now; the next poll watches that.
        if (event === 'rename') this.#unwatch()
        this.#of.written()
      })
      watcher.on('error', () => this.#unwatch())
      this.#watcher = watcher
    } catch {
      // There is no such file, or no more watches are to be had. Polling goes on.
    }
  }

  #unwatch(): void {
    this.#watcher?.close()
    this.#watcher = undefined
    this.#polls = 0
  }
}
