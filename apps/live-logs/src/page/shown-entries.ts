import { type EntryFilter, isShown } from './entry-filter.ts'
import type { EntryStore } from './entry-store.ts'

const compactAt = 4096

/** Runs a function soon, letting the page answer in between. */
export type Later = (run: () => void) => void

/**
 * The numbers of the entries that a filter lets through, in order, kept up to date as entries come and go. A new filter
 * is worked out in slices, and replaces the old answer at once when it is done.
 */
export class ShownEntries {
  readonly #store: EntryStore
  readonly #later: Later
  readonly #slice: number
  #filter: EntryFilter
  #numbers: number[] = []
  #head = 0
  #seen: number
  #marks: number[] = []
  #generation = 0

  /** @param slice entries that are looked at in one go */
  constructor(store: EntryStore, filter: EntryFilter, later: Later, slice = 5000) {
    this.#store = store
    this.#filter = filter
    this.#later = later
    this.#slice = slice
    this.#seen = store.first
  }

  get length(): number {
    return this.#numbers.length - this.#head
  }

  /** Lines among them; the others are marks. */
  get lines(): number {
    return this.length - this.#marks.length
  }

  /** The number of the entry in this place. */
  at(index: number): number | undefined {
    return this.#numbers[this.#head + index]
  }

  /** The place of the first entry with this number or a higher one. */
  indexOf(number: number): number {
    let low = this.#head
    let high = this.#numbers.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#numbers[middle] as number) < number) low = middle + 1
      else high = middle
    }
    return low - this.#head
  }

  /** Takes in what the store has got since, and lets go of what it dropped: gives how many at the front. */
  update(): number {
    const dropped = this.indexOf(this.#store.first)
    this.#head += dropped
    while ((this.#marks[0] ?? this.#store.first) < this.#store.first) this.#marks.shift()
    for (
      this.#seen = Math.max(this.#seen, this.#store.first);
      this.#seen < this.#store.end;
      this.#seen += 1
    ) {
      const entry = this.#store.at(this.#seen)
      if (entry === undefined || !isShown(entry, this.#filter)) continue
      this.#numbers.push(this.#seen)
      if (entry.kind === 'mark') this.#marks.push(this.#seen)
    }
    if (this.#head >= compactAt) {
      this.#numbers.splice(0, this.#head)
      this.#head = 0
    }
    return dropped
  }

  /** Begins to work out another filter; `done` is called when it is in force, unless yet another came. */
  apply(filter: EntryFilter, done: () => void): void {
    this.#generation += 1
    const generation = this.#generation
    const numbers: number[] = []
    const marks: number[] = []
    let next = this.#store.first
    const step = () => {
      if (generation !== this.#generation) return
      const stop = Math.min(this.#store.end, next + this.#slice)
      for (next = Math.max(next, this.#store.first); next < stop; next += 1) {
        const entry = this.#store.at(next)
        if (entry === undefined || !isShown(entry, filter)) continue
        numbers.push(next)
        if (entry.kind === 'mark') marks.push(next)
      }
      if (next < this.#store.end) {
        this.#later(step)
        return
      }
      this.#filter = filter
      this.#numbers = numbers
      this.#marks = marks
      this.#head = 0
      this.#seen = next
      this.update()
      done()
    }
    step()
  }
}
