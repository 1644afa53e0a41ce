import type { Log, LogBounds, LogRecord } from '@millrace/log'
import { controlEvent } from '@millrace/protocol'
import type { Clock } from '../clock.ts'

// Of one look: nobody waits for it, so it may hold up nobody.
const pageLength = 250

interface EndSearchOptions {
  readonly clock: Clock
  /** Whether the tail still tells of this life of the log. What a new one holds is told by the tail. */
  readonly isCurrent: (epoch: string) => boolean
  /** Told of each record that says that its topic is complete. */
  readonly found: (epoch: string, record: LogRecord) => void
  /** Told when all was searched. */
  readonly searched: () => void
  readonly onError: (error: unknown) => void
}

/**
 * Looks in what a log held before it was followed for topics that are complete: whoever comes with a cursor behind the record that says so would
 * wait for ever. Only the log remembers, and no log finds a record by its name, so each process reads it once, while streams are open already.
 */
export class EndSearch {
  readonly #log: Log
  readonly #options: EndSearchOptions
  // What is still to be searched; `undefined` once all was.
  #unsearched: LogBounds | undefined
  #searching = false
  #stopped = false

  constructor(log: Log, options: EndSearchOptions) {
    this.#log = log
    this.#options = options
  }

  /** @param bounds of the log when it began to be followed */
  begin(bounds: LogBounds): void {
    if (bounds.head < bounds.first) this.#options.searched()
    else this.#unsearched = bounds
    this.search()
  }

  /** Goes on, where something is left after a failure. */
  search(): void {
    if (this.#searching || this.#unsearched === undefined) return
    this.#searching = true
    this.#searchPages(this.#unsearched)
      // The next request tries again.
      .catch(this.#options.onError)
      .finally(() => {
        this.#searching = false
      })
  }

  stop(): void {
    this.#stopped = true
  }

  async #searchPages({ epoch, first, head }: LogBounds): Promise<void> {
    const { clock, isCurrent, found } = this.#options
    for (let after = first - 1; after < head && !this.#stopped; ) {
      const page = await this.#log.read(after, pageLength)
      if (page.epoch !== epoch || !isCurrent(epoch)) break
      for (const record of page.records) if (record.event === controlEvent.end) found(epoch, record)
      const next = page.records.at(-1)?.offset ?? page.first - 1
      if (next <= after) break
      after = next
      this.#unsearched = { epoch, first: after + 1, head }
      // Streams are not to wait for it.
      if (after < head) await new Promise<void>((resolve) => clock.after(1, resolve))
    }
    this.#unsearched = undefined
    if (!this.#stopped) this.#options.searched()
  }
}
