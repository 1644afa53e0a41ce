import type { Position } from '@millrace/protocol'

// Beyond it the oldest are forgotten: whoever comes for such a topic with a newer cursor is not told that it is complete.
const heldAtMost = 100_000

/** Which topics are complete, and where in the log it says so. */
export class Endings {
  readonly #offsets = new Map<string, number>()
  readonly #doubted = new Set<string>()
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
    const known = this.#doubted.delete(address) ? undefined : this.#offsets.get(address)
    this.#offsets.set(address, Math.min(offset, known ?? offset))
    if (this.#offsets.size > heldAtMost) this.#forgetOldest()
    this.#told(address)
  }

  /** Goes on with this life of the log. What was complete in another may live again. */
  begin(epoch: string): void {
    if (epoch === this.#epoch) return
    this.#epoch = epoch
    this.clear()
  }

  /** What was noted before its log was followed may be lost: of what the log says it still holds, that is to be noted once more. */
  doubt(first: number): void {
    for (const [address, offset] of this.#offsets) if (offset >= first) this.#doubted.add(address)
  }

  /** All that the log holds was noted: what else was doubted is lost. */
  settle(): void {
    for (const address of this.#doubted) this.#offsets.delete(address)
    this.#doubted.clear()
  }

  /** Forgets all that was noted. The log tells it again. */
  clear(): void {
    this.#offsets.clear()
    this.#doubted.clear()
  }

  #forgetOldest(): void {
    for (const oldest of this.#offsets.keys()) {
      this.#offsets.delete(oldest)
      return
    }
  }
}
