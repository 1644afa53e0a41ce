import type { Entry } from './entry.ts'

/** The most recent entries, without holes, up to a number of bytes. */
export class Ring {
  readonly #maxBytes: number
  readonly #entries = new Map<number, Entry>()
  #bytes = 0
  #next: number

  /** @param next offset of the first entry to come */
  constructor(maxBytes: number, next: number) {
    this.#maxBytes = maxBytes
    this.#next = next
  }

  /** Offset of the oldest entry held; that of the next one when none is. */
  get first(): number {
    return this.#next - this.#entries.size
  }

  /** Offset of the newest entry that was put in. */
  get head(): number {
    return this.#next - 1
  }

  /** Takes the next entry, and forgets the oldest ones beyond the limit. The newest stays, however large. */
  push(entry: Entry): void {
    this.#entries.set(entry.offset, entry)
    this.#next = entry.offset + 1
    this.#bytes += entry.size
    while (this.#bytes > this.#maxBytes && this.#entries.size > 1) this.#forget(this.first)
  }

  /** Whether all that follows an offset is held. */
  holdsAfter(offset: number): boolean {
    return offset >= this.first - 1 && offset <= this.head
  }

  /** Up to `limit` entries above an offset that `holdsAfter`. */
  after(offset: number, limit: number): Entry[] {
    const entries: Entry[] = []
    const end = Math.min(this.head, offset + limit)
    for (let next = offset + 1; next <= end; next += 1) entries.push(this.#entries.get(next) as Entry)
    return entries
  }

  #forget(offset: number): void {
    this.#bytes -= this.#entries.get(offset)?.size ?? 0
    this.#entries.delete(offset)
  }
}
