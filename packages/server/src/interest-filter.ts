import type { Entry } from './entry.ts'
import { type Interest, wants } from './interest.ts'
import { InterestIndex } from './interest-index.ts'

// With more than these, asking each of them about every entry of a replay costs more than an index.
const few = 4

/** Says which entries at least one of some interests wants. Their floors may move. */
export class InterestFilter {
  readonly #interests: readonly Interest[]
  readonly #index: InterestIndex<true> | undefined

  constructor(interests: readonly Interest[]) {
    this.#interests = interests
    if (interests.length <= few) return
    this.#index = new InterestIndex()
    for (const interest of interests) this.#index.add(interest, true)
  }

  wants(entry: Entry): boolean {
    if (this.#index === undefined) return this.#interests.some((interest) => wants(interest, entry))
    let wanted = false
    this.#index.find(entry, () => {
      wanted = true
    })
    return wanted
  }
}
