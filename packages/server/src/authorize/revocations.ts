import type { Clock } from '../clock.ts'
import type { SessionDescription } from './revoke-filter.ts'

// No request takes longer to open, and more are not held: whoever began before those that were forgotten counts as concerned.
const heldFor = 60_000
const heldAtMost = 1_000

interface Revocation {
  readonly number: number
  readonly at: number
  readonly concerns: (session: SessionDescription) => boolean
}

/**
 * What was revoked of late. A request that was authorized before, and becomes a session only after, would slip through between
 * them.
 */
export class Revocations {
  readonly #clock: Clock
  #recent: Revocation[] = []
  #count = 0
  #forgotten = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Stands for all that was revoked until now. */
  get mark(): number {
    return this.#count
  }

  add(concerns: Revocation['concerns']): void {
    const now = this.#clock.now()
    this.#count += 1
    this.#recent.push({ number: this.#count, at: now, concerns })
    const kept = this.#recent.slice(-heldAtMost).filter(({ at }) => at > now - heldFor)
    this.#forgotten = (kept[0]?.number ?? this.#count + 1) - 1
    this.#recent = kept
  }

  /** Whether a session is one of those that were revoked since a mark. It is described only where it matters. */
  concern(session: { readonly description: SessionDescription }, mark: number): boolean {
    if (mark === this.#count) return false
    if (mark < this.#forgotten) return true
    const { description } = session
    return this.#recent.some(({ number, concerns }) => number > mark && isConcerned(concerns, description))
  }
}

// A function of the application's. Where it fails, it is better to let the client ask again.
function isConcerned(concerns: Revocation['concerns'], session: SessionDescription): boolean {
  try {
    return concerns(session)
  } catch {
    return true
  }
}
