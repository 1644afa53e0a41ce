import type { Entry } from './entry.ts'
import { type Interest, wants } from './interest.ts'
import { InterestIndex } from './interest-index.ts'

// With more than these, asking each of them about every entry of a replay costs more than an index.
const few = 4

const never = () => false

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

  /** @param spares asked about those that want it: whether they can do without */
  wants(entry: Entry, spares: (interest: I, entry: Entry) => boolean = never): boolean {
    if (this.#index === undefined) {
      return this.#interests.some((interest) => wants(interest, entry) && !spares(interest, entry))
    }
    let wanted = false
    this.#index.find(entry, (interest) => {
      wanted ||= !spares(interest, entry)
    })
    return wanted
  }
}
