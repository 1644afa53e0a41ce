import type { Position } from '@millrace/protocol'

// Beyond it the oldest are forgotten: whoever comes for such a topic with a newer cursor is not told that it is complete.
const heldAtMost = 100_000

/** Which topics are complete, and where in the log it says so. */
export class Endings {
  readonly #offsets = new Map<string, number>()
  #epoch = ''
  #told: (address: string) => void = () => {}

  /** Whether no topic is known to be complete. */
  get none(): boolean {
    return this.#offsets.size === 0
  }

  /** Offset of the record that says that a topic is complete. */
  of(address: string): number | undefined {
    return this.#offsets.get(address)
  }

  /** @param told called whenever a topic is found to be complete, whoever found it and how often */
  listen(told: (address: string) => void): void {
    this.#told = told
  }

  /** Notes what a log tells, in the life of it that `begin` named. */
  note(address: string, { epoch, offset }: Position): void {
    if (this.#epoch === '') this.#epoch = epoch
    if (epoch !== this.#epoch) return
    // The first one counts.
    this.#offsets.set(address, Math.min(offset, this.#offsets.get(address) ?? offset))
    if (this.#offsets.size > heldAtMost) this.#forgetOldest()
    this.#told(address)
  }

  /** Goes on with this life of the log. What was complete in another may live again. */
  begin(epoch: string): void {
    if (epoch === this.#epoch) return
    this.#epoch = epoch
    this.clear()
  }

  /** Forgets what lies beyond the newest record: it was noted before its log was followed, which has lost it meanwhile. */
  forgetBeyond(head: number): void {
    for (const [address, offset] of this.#offsets) if (offset > head) this.#offsets.delete(address)
  }

  /** Forgets all that was noted. The log tells it again. */
  clear(): void {
    this.#offsets.clear()
  }

  #forgetOldest(): void {
    for (const oldest of this.#offsets.keys()) {
      this.#offsets.delete(oldest)
      return
    }
  }
}
