import type { Entry } from './entry.ts'

// Below this many empty places, moving the entries costs more than the places do.
const minimumSlack = 1_024

/** Offsets by topic and name. */
type Newest = Map<string, Map<string, number>>

/** The most recent entries, without holes, up to a number of bytes. */
export class Ring {
  readonly #maxBytes: number
  // In order, from `#start` on. Those that were forgotten have left empty places.
  #entries: (Entry | undefined)[] = []
  #start = 0
  readonly #newest: Newest | undefined
  #bytes = 0
  #full = false
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
    return this.#next - this.#size
  }

  /** Offset of the newest entry that was put in. */
  get head(): number {
    return this.#next - 1
  }

  /** Whether there was ever more than it may hold. */
  get full(): boolean {
    return this.#full
  }

  /** Takes the next entry, and forgets the oldest ones beyond the limit. The newest stays, however large. */
  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#next = entry.offset + 1
    this.#track(entry)
    this.#bytes += entry.size
    while (this.#bytes > this.#maxBytes && this.#size > 1) this.#forgetOldest()
  }

  /**
   * Takes the entries before the oldest one, as many of the newest of them as there is room for.
   *
   * @param tagBefore of the record before the first of them
   */
  extend(entries: readonly Entry[], tagBefore: string | undefined): void {
    let kept = entries.length
    for (; kept > 0; kept -= 1) {
      const entry = entries[kept - 1] as Entry
      if (this.#bytes + entry.size > this.#maxBytes) break
      this.#bytes += entry.size
      this.#track(entry)
    }
    if (kept > 0) this.#full = true
    this.#tagBefore = kept > 0 ? entries[kept - 1]?.tag : tagBefore
    this.#entries = [...entries.slice(kept), ...this.#entries.slice(this.#start)]
    this.#start = 0
  }

  /** Whether all that follows an offset is held. */
  holdsAfter(offset: number): boolean {
    return offset >= this.first - 1 && offset <= this.head
  }

  /** The tag of the record at an offset, as far as that is still known. */
  tagAt(offset: number): string | undefined {
    return offset === this.first - 1 ? this.#tagBefore : this.#at(offset)?.tag
  }

  /** Up to `limit` entries above an offset that `holdsAfter`. */
  after(offset: number, limit: number): Entry[] {
    const from = this.#start + offset + 1 - this.first
    // Only places before the start are empty.
    return this.#entries.slice(from, from + limit) as Entry[]
  }

  /** Offset of the newest event held of a topic with one of these names, of any when absent; 0 where there is none. */
  newest(topic: string, names: ReadonlySet<string> | undefined): number {
    let newest = 0
    for (const [name, offset] of this.#newest?.get(topic) ?? []) {
      if (offset > newest && names?.has(name) !== false) newest = offset
    }
    return newest
  }

  get #size(): number {
    return this.#entries.length - this.#start
  }

  #at(offset: number): Entry | undefined {
    return offset < this.first ? undefined : this.#entries[this.#start + offset - this.first]
  }

  #forgetOldest(): void {
    const entry = this.#entries[this.#start] as Entry
    this.#full = true
    this.#bytes -= entry.size
    this.#tagBefore = entry.tag
    this.#entries[this.#start] = undefined
    this.#start += 1
    // Half of the places must be empty, so each entry is moved once for each one forgotten.
    if (this.#start >= minimumSlack && this.#start * 2 >= this.#entries.length) {
      this.#entries = this.#entries.slice(this.#start)
      this.#start = 0
    }
    const names = this.#newest?.get(entry.topic)
    if (names?.get(entry.event) === entry.offset) names.delete(entry.event)
    if (names?.size === 0) this.#newest?.delete(entry.topic)
  }

  // That a topic is complete is no event in whose place another could stand, nor is what came too late.
  #track({ topic, event, offset, isEnd, late }: Entry): void {
    if (this.#newest === undefined || isEnd || late) return
    const names = this.#newest.get(topic)
    if (names === undefined) this.#newest.set(topic, new Map([[event, offset]]))
    else if (!(Number(names.get(event)) > offset)) names.set(event, offset)
  }
}
