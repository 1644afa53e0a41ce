import type { LogBounds, LogRecord } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { type Entry, type Standing, standingAfter } from './entry.ts'

/** How many of the newest records are kept at hand, and how much data of theirs, in characters. Twice as much at times. */
const recentLength = 2_000
const recentSize = 2_097_152

/** How many places of offsets are remembered. */
const knownPlaces = 200

/** An offset, and a place from which on its record is found. */
interface Landmark {
  readonly offset: number
  readonly place: number
}

/** The partition does not go on as it was known: it was truncated, put back or written anew. */
export class BrokenHistoryError extends Error {
  override readonly name = 'BrokenHistoryError'
}

/** What this process knows of the log: how it stands, its newest records, and where some others lie. It asks nobody. */
export class History {
  #standing: Standing
  #end: number
  #first: LogBounds['first']
  #firstTag: string | undefined
  #firstFrom: number
  #newest: { place: number; time: number }
  #recent: LogRecord[] = []
  #recentSize = 0
  #landmarks: Landmark[] = []
  #keys: Map<string, Pick<LogRecord, 'offset' | 'tag'>> | undefined

  /** @param newest the last entry before the end @param end the place after the last one that was looked at */
  constructor(newest: Entry, end: number, time: number) {
    this.#standing = standingAfter(newest)
    this.#end = end
    this.#newest = { place: newest.place, time }
    // Unknown until it is looked for.
    this.#first = this.#standing.head + 1
    this.#firstTag = undefined
    this.#firstFrom = -1
  }

  get standing(): Standing {
    return this.#standing
  }

  /** The next place to look at, which is where the next entry has to stand. */
  get end(): number {
    return this.#end
  }

  /** The newest entry: where, and when it was written. */
  get newest(): { readonly place: number; readonly time: number } {
    return this.#newest
  }

  /** Whether the oldest record was looked for from this place on. */
  hasFirst(from: number): boolean {
    return this.#firstFrom === from
  }

  /** The oldest entry from a place on; `undefined` for none. */
  setFirst(from: number, oldest: Entry | undefined): void {
    const { head, headTag, place } = oldest ?? { ...this.#standing, place: this.#end }
    this.#first = head + 1
    this.#firstTag = headTag
    this.#firstFrom = from
    this.#landmarks = [
      { offset: this.#first, place },
      ...this.#landmarks.filter(({ offset }) => offset > head),
    ]
    for (const [key, { offset }] of this.#keys ?? []) {
      if (offset >= this.#first) break
      this.#keys?.delete(key)
    }
  }

  /** What is held. The tag is that of the record before the first one. */
  get bounds(): LogBounds & { readonly firstTag: string | undefined } {
    const { epoch, head, headTag } = this.#standing
    return { epoch, first: this.#first, head, headTag, firstTag: this.#firstTag }
  }

  /**
   * Takes what was read from a place on, or written there. What is known already is passed over.
   *
   * @throws BrokenHistoryError when it does not follow what is known
   */
  take(entries: readonly Entry[], from: number, next: number, time: number): void {
    if (from > this.#end) return
    for (const entry of entries) {
      if (entry.place < this.#end) continue
      if (!this.#isFollowedBy(entry)) throw new BrokenHistoryError('The partition is not what it was')
      this.#add(entry)
      this.#newest = { place: entry.place, time }
    }
    this.#end = Math.max(this.#end, next)
  }

  /** The newest records from an offset on, if that one is at hand, at most so many. */
  recent(offset: number, limit: number): readonly LogRecord[] {
    const oldest = this.#recent[0]?.offset
    if (oldest === undefined || offset < oldest) return []
    return this.#recent.slice(offset - oldest, offset - oldest + limit)
  }

  /** The last landmark at or before an offset that is held. */
  landmark(offset: number): Landmark {
    const found = this.#landmarks.findLast((known) => known.offset <= offset)
    return found ?? { offset: this.#first, place: Math.max(0, this.#firstFrom) }
  }

  /** Remembers that the record of an offset is found from a place on. */
  addLandmark(landmark: Landmark): void {
    const after = this.#landmarks.findIndex(({ offset }) => offset >= landmark.offset)
    if (after >= 0 && this.#landmarks[after]?.offset === landmark.offset) return
    this.#landmarks.splice(after < 0 ? this.#landmarks.length : after, 0, landmark)
    // The second, for the first one is where the log begins.
    if (this.#landmarks.length > knownPlaces) this.#landmarks.splice(1, 1)
  }

  /** Whether every key that is held is known. */
  get hasKeys(): boolean {
    return this.#keys !== undefined
  }

  /** Given the keys of all records that are held, in their order. */
  setKeys(keys: Map<string, Pick<LogRecord, 'offset' | 'tag'>>): void {
    this.#keys = keys
  }

  /** The place of the record that has a key. */
  positionOf(key: string): Position | undefined {
    const known = this.#keys?.get(key)
    if (known === undefined || known.offset < this.#first) return undefined
    const { epoch } = this.#standing
    return known.tag === undefined
      ? { epoch, offset: known.offset }
      : { epoch, offset: known.offset, tag: known.tag }
  }

  #isFollowedBy({ epoch, start, head, headTag, place, record }: Entry): boolean {
    const isBeginning = record === undefined && head === 0 && start === place
    const standing = this.#standing
    const isNext = head === standing.head && headTag === standing.headTag && start === standing.start
    return isBeginning || (isNext && (record === undefined || epoch === standing.epoch))
  }

  #add(entry: Entry): void {
    const { record, start, place } = entry
    if (start !== this.#standing.start) {
      this.#recent = []
      this.#recentSize = 0
      this.#landmarks = []
      this.#keys?.clear()
      this.#standing = standingAfter(entry)
      this.setFirst(place, entry)
      return
    }
    this.#standing = standingAfter(entry)
    if (record === undefined) return
    this.#recent.push(record)
    this.#recentSize += record.data.length
    if (this.#recent.length > 2 * recentLength || this.#recentSize > 2 * recentSize) this.#shorten()
    if (this.#keys === undefined || record.key === undefined) return
    // Deleted first, so that the order of the keys stays that of the offsets.
    this.#keys.delete(record.key)
    this.#keys.set(record.key, {
      offset: record.offset,
      ...(record.tag !== undefined && { tag: record.tag }),
    })
  }

  #shorten(): void {
    let kept = 0
    let size = 0
    while (kept < recentLength && kept < this.#recent.length) {
      size += this.#recent[this.#recent.length - kept - 1]?.data.length ?? 0
      if (size > recentSize && kept > 0) break
      kept += 1
    }
    this.#recent = this.#recent.slice(this.#recent.length - kept)
    this.#recentSize = this.#recent.reduce((sum, { data }) => sum + data.length, 0)
  }
}
