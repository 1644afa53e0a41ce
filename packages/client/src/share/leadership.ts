import type { ShareLocks } from './environment.ts'

/** What becomes of a claim. */
export interface LeadershipEvents {
  /** It leads from now on: also once more, where it has not yet been heard that another one has taken it away. */
  begin(): void
  /** Another one has taken it away, if it led at all. */
  lose(): void
  /** There is none to be had here. */
  fail(error: unknown): void
}

/** The right to stream for a group of tabs: a lock that one of them holds, and the others wait for. */
export class Leadership {
  readonly #locks: ShareLocks
  readonly #name: string
  readonly #events: LeadershipEvents
  #waiting: AbortController | undefined
  #letGo: (() => void) | undefined
  #over = false

  constructor(locks: ShareLocks, name: string, events: LeadershipEvents) {
    this.#locks = locks
    this.#name = name
    this.#events = events
  }

  /** Waits until it is free. A tab that is closed or has crashed sets it free at once. */
  claim(): void {
    const waiting = new AbortController()
    this.#waiting = waiting
    void this.#request({ signal: waiting.signal }, waiting.signal)
  }

  /** Takes it from one that does not answer. */
  steal(): void {
    this.#waiting?.abort()
    void this.#request({ steal: true })
  }

  release(): void {
    this.#over = true
    this.#waiting?.abort()
    this.#letGo?.()
  }

  async #request(options: Parameters<ShareLocks['request']>[1], waiting?: AbortSignal): Promise<void> {
    let letGo: (() => void) | undefined
    let isOver = false
    try {
      await this.#locks.request(this.#name, options, () => {
        // It may be stolen again before it is known here that it was given.
        if (this.#over || isOver || waiting?.aborted) return undefined
        return new Promise<void>((resolve) => {
          letGo = resolve
          this.#letGo = resolve
          this.#events.begin()
        })
      })
    } catch (error) {
      isOver = true
      if (this.#over || waiting?.aborted) return
      // It may have been given once more meanwhile.
      if (letGo === this.#letGo) this.#events.lose()
      if ((error as Partial<Error> | undefined)?.name === 'AbortError') this.claim()
      else this.#events.fail(error)
    }
  }
}
