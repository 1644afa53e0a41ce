/**
 * Lets items through, or holds them while paused. Holding is bounded as the history behind it is: what would be dropped
 * there the moment that it got through is dropped here.
 */
export class PauseGate<Item> {
  readonly #limit: number
  readonly #pass: (items: readonly Item[]) => void
  #held: Item[] = []
  #paused = false

  constructor(limit: number, pass: (items: readonly Item[]) => void) {
    this.#limit = limit
    this.#pass = pass
  }

  get paused(): boolean {
    return this.#paused
  }

  get held(): number {
    return this.#held.length
  }

  push(items: readonly Item[]): void {
    if (!this.#paused) {
      this.#pass(items)
      return
    }
    for (const item of items) this.#held.push(item)
    // Dropped a good part at a time, since moving what is left costs as much for one as for many.
    if (this.#held.length > this.#limit * 1.5) this.#held.splice(0, this.#held.length - this.#limit)
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    const held = this.#held
    this.#held = []
    if (held.length > 0) this.#pass(held)
  }
}
