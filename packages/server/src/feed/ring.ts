import type { Entry } from './entry.ts'

/** Offsets by topic and name. */
type Newest = Map<string, Map<string, number>>

/** The most recent entries, without holes, up to a number of bytes. */
export class Ring {
  readonly #maxBytes: number
  readonly #entries = new Map<number, Entry>()
  readonly #newest: Newest | undefined
  #bytes = 0
  #next: number
  // Of the record before the oldest entry, as far as it is known.
  #tagBefore: string | undefined

  /**
   * @param next offset of the first entry to come
   * @param tracksNewest whether `newest` will be asked for
   * @param tagBefore of the record before the first entry
   */
  constructor(maxBytes: number, next: number, tracksNewest = false, tagBefore?: string) {
    this.#maxBytes = maxBytes
    this.#next = next
    this.#tagBefore = tagBefore
    this.#newest = tracksNewest ? new Map() : undefined
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
    this.#track(entry)
    this.#bytes += entry.size
    while (this.#bytes > this.#maxBytes && this.#entries.size > 1) this.#forget(this.first)
  }

  /** Whether all that follows an offset is held. */
  holdsAfter(offset: number): boolean {
    return offset >= this.first - 1 && offset <= this.head
  }

  /** The tag of the record at an offset, as far as that is still known. */
  tagAt(offset: number): string | undefined {
    return offset === this.first - 1 ? this.#tagBefore : this.#entries.get(offset)?.tag
  }

  /** Up to `limit` entries above an offset that `holdsAfter`. */
  after(offset: number, limit: number): Entry[] {
    const entries: Entry[] = []
    const end = Math.min(this.head, offset + limit)
    for (let next = offset + 1; next <= end; next += 1) entries.push(this.#entries.get(next) as Entry)
    return entries
  }

  /** Offset of the newest event held of a topic with one of these names, of any when absent; 0 where there is none. */
  newest(topic: string, names: ReadonlySet<string> | undefined): number {
    let newest = 0
    for (const [name, offset] of this.#newest?.get(topic) ?? []) {
      if (offset > newest && names?.has(name) !== false) newest = offset
    }
    return newest
  }

  #forget(offset: number): void {
    const entry = this.#entries.get(offset)
    if (entry === undefined) return
    this.#bytes -= entry.size
    this.#entries.delete(offset)
    this.#tagBefore = entry.tag
    const names = this.#newest?.get(entry.topic)
    if (names?.get(entry.event) === offset) names.delete(entry.event)
    if (names?.size === 0) this.#newest?.delete(entry.topic)
  }

  // That a topic is complete is no event in whose place another could stand, nor is what came too late.
  #track({ topic, event, offset, isEnd, late }: Entry): void {
    if (this.#newest === undefined || isEnd || late) return
    const names = this.#newest.get(topic)
    if (names === undefined) this.#newest.set(topic, new Map([[event, offset]]))
    else names.set(event, offset)
  }
}
