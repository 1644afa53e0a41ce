import type { Entry } from './entry.ts'
import { type Interest, wants } from './interest.ts'
import { InterestIndex } from './interest-index.ts'

// With more than these, asking each of them about every entry of a replay costs more than an index.
const few = 4

/** Says what may be left out although it is wanted. */
export interface Sparing<I> {
  /** Whether an interest can do without an entry that it wants. */
  isSuperseded(interest: I, entry: Entry): boolean
  /** An entry that was wanted is left out. */
  countConflated(): void
}

/** Says which entries at least one of some interests wants. Their floors may move. */
export class InterestFilter<I extends Interest = Interest> {
  readonly #interests: readonly I[]
  readonly #index: InterestIndex<I> | undefined
  // Of the entry that is being asked about.
  #wanted = false
  #spared = false
  #sparing: Sparing<I> | undefined

  constructor(interests: readonly I[]) {
    this.#interests = interests
    if (interests.length <= few) return
    this.#index = new InterestIndex()
    for (const interest of interests) this.#index.add(interest, interest)
  }

  /** @param sparing asked about those that want it; nothing is spared when absent */
  wants(entry: Entry, sparing?: Sparing<I>): boolean {
    this.#wanted = false
    this.#spared = false
    this.#sparing = sparing
    const interests = this.#interests
    if (this.#index !== undefined) this.#index.find(entry, this.#ask)
    else {
      // Not with an iterator, nor with a function made here: a hundred entries of a resume would make kilobytes of garbage.
      for (let index = 0; index < interests.length; index += 1) {
        const interest = interests[index] as I
        if (wants(interest, entry)) this.#ask(interest, entry)
      }
    }
    if (this.#spared && !this.#wanted) sparing?.countConflated()
    return this.#wanted
  }

  readonly #ask = (interest: I, entry: Entry): void => {
    if (this.#wanted) return
    if (this.#sparing?.isSuperseded(interest, entry) === true) this.#spared = true
    else this.#wanted = true
  }
}
