import type { Clock } from '../clock.ts'
import { inTime, type PlainStore } from './cursor-store.ts'

/** The shortest time between two writes, in milliseconds. */
const interval = 100
/** How long a quiet subscription's cursor may grow old in the store, in milliseconds. */
const idle = 30_000

/** Keeps one cursor in a store: not more often than needed, one write at a time. */
export class CursorKeeper {
  readonly #store: PlainStore
  readonly #key: string
  readonly #clock: Clock
  readonly #timeout: number
  readonly #read: () => string | undefined
  readonly #onError: (error: unknown) => void
  #kept: string | undefined
  #keptAt = Number.NEGATIVE_INFINITY
  #cancel: (() => void) | undefined
  // Whether the timer is only there for what moves without an event.
  #isIdle = false
  #writing: Promise<void> | undefined
  #turning = false
  // Whether it may have moved since the last turn began.
  #noted = false
  #over = false

  /**
   * @param timeout how long the store may take to answer, in milliseconds
   * @param read where the subscription stands
   */
  constructor(
    store: PlainStore,
    key: string,
    clock: Clock,
    timeout: number,
    read: () => string | undefined,
    onError: (error: unknown) => void,
  ) {
    this.#store = store
    this.#key = key
    this.#clock = clock
    this.#timeout = timeout
    this.#read = read
    this.#onError = onError
  }

  /** @param kept what the store holds: it is not written back, for another one may have come further by then */
  begin(kept: string | null | undefined): void {
    this.#kept = kept ?? undefined
  }

  /** The cursor may have moved. */
  note(): void {
    this.#noted = true
    if (this.#over || this.#turning || (this.#cancel && !this.#isIdle)) return
    this.#wait(Math.max(this.#keptAt + interval - this.#clock.now(), 0), false)
  }

  /** Writes what is to be written now. Resolves when it is there or has failed. */
  async flush(): Promise<void> {
    void this.write()
    // Somebody may wait for it, and a process is to live until then.
    const release = this.#clock.after(this.#timeout, () => {}, true)
    await this.#writing
    release()
  }

  /** Begins to write at once, where nobody can wait. */
  write(): Promise<void> {
    const cursor = this.#read()
    if (cursor === undefined || cursor === this.#kept) return Promise.resolve()
    this.#kept = cursor
    this.#keptAt = this.#clock.now()
    const before = this.#writing
    const written = (async () => {
      try {
        await inTime(this.#store.set(this.#key, cursor), this.#clock, this.#timeout).answer
      } catch (error) {
        if (this.#kept === cursor) this.#kept = undefined
        this.#onError(error)
      }
      await before
    })()
    this.#writing = written
    void written.then(() => {
      if (this.#writing === written) this.#writing = undefined
    })
    return written
  }

  /** The subscription is over. What it has handled is still written. */
  close(): Promise<void> {
    this.#over = true
    this.#cancel?.()
    return this.flush()
  }

  #wait(milliseconds: number, isIdle: boolean): void {
    this.#cancel?.()
    this.#isIdle = isIdle
    this.#cancel = this.#clock.after(milliseconds, () => {
      this.#cancel = undefined
      void this.#turn()
    })
  }

  async #turn(): Promise<void> {
    // The next one waits for a slow store, and then stands for all that came meanwhile.
    this.#turning = true
    this.#noted = false
    await this.write()
    this.#turning = false
    if (this.#over) return
    if (this.#noted) this.note()
    else this.#wait(idle, true)
  }
}
