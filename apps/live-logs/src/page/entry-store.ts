import type { Level } from '@millrace/sample-contracts'
import type { Entry } from './entry.ts'

/** The entries of the page, each under a number that it keeps. Beyond the limit the oldest are dropped. */
export class EntryStore {
  readonly limit: number
  readonly #ring: Entry[] = []
  readonly #levelCounts = new Map<Level, number>()
  readonly #fileCounts = new Map<string, number>()
  #first = 0
  #end = 0
  #lines = 0
  #droppedLines = 0

  constructor(limit: number) {
    this.limit = limit
  }

  /** Number of the oldest entry. */
  get first(): number {
    return this.#first
  }

  /** The number that the next entry will get. */
  get end(): number {
    return this.#end
  }

  /** Lines that are held. */
  get lines(): number {
    return this.#lines
  }

  /** Lines that were dropped, ever. */
  get droppedLines(): number {
    return this.#droppedLines
  }

  countOfLevel(level: Level): number {
    return this.#levelCounts.get(level) ?? 0
  }

  countOfFile(file: string): number {
    return this.#fileCounts.get(file) ?? 0
  }

  at(number: number): Entry | undefined {
    return number >= this.#first && number < this.#end ? this.#ring[number % this.limit] : undefined
  }

  append(entries: readonly Entry[]): void {
    for (const entry of entries) {
      if (this.#end - this.#first === this.limit) this.#dropOldest()
      this.#ring[this.#end % this.limit] = entry
      this.#end += 1
      this.#count(entry, 1)
    }
  }

  /** Drops all. Numbers go on. */
  clear(): void {
    this.#first = this.#end
    this.#ring.length = 0
    this.#lines = 0
    this.#levelCounts.clear()
    this.#fileCounts.clear()
  }

  #dropOldest(): void {
    const oldest = this.at(this.#first)
    this.#first += 1
    if (oldest === undefined) return
    this.#count(oldest, -1)
    if (oldest.kind === 'line') this.#droppedLines += 1
  }

  #count(entry: Entry, by: 1 | -1): void {
    if (entry.kind !== 'line') return
    this.#lines += by
    this.#levelCounts.set(entry.level, this.countOfLevel(entry.level) + by)
    this.#fileCounts.set(entry.file, this.countOfFile(entry.file) + by)
  }
}
