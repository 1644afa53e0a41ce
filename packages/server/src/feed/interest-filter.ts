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

  constructor(interests: readonly I[]) {
    this.#interests = interests
    if (interests.length <= few) return
    this.#index = new InterestIndex()
    for (const interest of interests) this.#index.add(interest, interest)
  }

  /** @param sparing asked about those that want it; nothing is spared when absent */
  wants(entry: Entry, sparing?: Sparing<I>): boolean {
    let wanted = false
    let spared = false
    const ask = (interest: I) => {
      if (wanted) return
      if (sparing?.isSuperseded(interest, entry) === true) spared = true
      else wanted = true
    }
    if (this.#index !== undefined) this.#index.find(entry, ask)
    else for (const interest of this.#interests) if (wants(interest, entry)) ask(interest)
    if (spared && !wanted) sparing?.countConflated()
    return wanted
  }
}
