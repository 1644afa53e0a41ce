import type { Position } from '@millrace/protocol'
import { Deque } from './deque.ts'
import type { LogBounds, LogRecord, NewRecord } from './log.ts'

/** How much a history keeps. What exceeds any of them is forgotten, oldest first. */
export interface Retention {
  readonly maxRecords: number
  /** In milliseconds since the append. */
  readonly maxAge: number
  /** See `sizeOf`. */
  readonly maxBytes: number
  /** Milliseconds on any scale; asked only when `maxAge` is finite. */
  readonly now: () => number
}

// What a record costs beside its text: the object, its places in the lists and in the map of keys. Measured on Node 24.
const fixedBytes = 160

/**
 * The memory that a record takes, as an upper estimate: an engine keeps a text in one or two bytes a character, and
 * which of the two cannot be asked.
 */
export function sizeOf(record: NewRecord): number {
  const { topic, event, data, key = '', trace = '' } = record
  return fixedBytes + 2 * (topic.length + event.length + data.length + key.length + trace.length)
}

/** One life of a memory log: its records, their keys and what is kept of them. All of it is synchronous. */
export class History {
  readonly epoch: string
  readonly #retention: Retention
  readonly #records = new Deque<LogRecord>()
  // When each record was appended, beside its record. Not the record's own `time`: that is the publisher's clock, and
  // one record dated into the future would keep everything behind it.
  readonly #times = new Deque<number>()
  readonly #offsets = new Map<string, number>()
  #head = 0
  #bytes = 0

  constructor(epoch: string, retention: Retention) {
    this.epoch = epoch
    this.#retention = retention
  }

  /** Appends all or, when it throws, none, and returns the position of each: for a key still held, its first record's. */
  append(records: readonly NewRecord[]): readonly Position[] {
    const now = this.#forgetAged()
    // Of their length from the beginning: a list that grows takes room for many more at once.
    const fresh = new Array<LogRecord>(records.length)
    const positions = new Array<Position>(records.length)
    let head = this.#head
    // Most records have no key.
    let freshOffsets: Map<string, number> | undefined
    for (let index = 0; index < records.length; index += 1) {
      const record = records[index] as NewRecord
      const { key } = record
      let offset = key === undefined ? undefined : (this.#offsets.get(key) ?? freshOffsets?.get(key))
      if (offset === undefined) {
        head += 1
        offset = head
        fresh[offset - this.#head - 1] = keep(record, offset)
        if (key !== undefined) {
          freshOffsets ??= new Map()
          freshOffsets.set(key, offset)
        }
      }
      positions[index] = { epoch: this.epoch, offset }
    }
    for (let index = 0; index < head - this.#head; index += 1) {
      const record = fresh[index] as LogRecord
      this.#records.push(record)
      this.#times.push(now)
      this.#bytes += sizeOf(record)
    }
    if (freshOffsets !== undefined) for (const [key, offset] of freshOffsets) this.#offsets.set(key, offset)
    this.#head = head
    this.#forgetExcess()
    return positions
  }

  /** What is held now. */
  bounds(): LogBounds {
    this.#forgetAged()
    return { epoch: this.epoch, first: this.#first, head: this.#head }
  }

  /** Up to `limit` records above an offset; none when that is not a place within what is held. */
  after(offset: number, limit: number): LogRecord[] {
    const index = offset + 1 - this.#first
    const holds = index >= 0 && index < this.#records.length
    return holds && limit > 0 ? this.#records.slice(index, limit) : []
  }

  /** Forgets every record below an offset. */
  trim(keepFrom: number): void {
    while (this.#records.length > 0 && this.#first < keepFrom) this.#forgetOldest()
  }

  // Derived, so that it cannot disagree with what is there: offsets are dense.
  get #first(): number {
    return this.#head - this.#records.length + 1
  }

  #forgetAged(): number {
    const { maxAge, now } = this.#retention
    if (maxAge === Number.POSITIVE_INFINITY) return 0
    const time = now()
    for (let oldest = this.#times.at(0); oldest !== undefined; oldest = this.#times.at(0)) {
      if (time - oldest <= maxAge) break
      this.#forgetOldest()
    }
    return time
  }

  #forgetExcess(): void {
    const { maxRecords, maxBytes } = this.#retention
    while (this.#records.length > maxRecords) this.#forgetOldest()
    // The newest record stays however large it is, or no tail would ever see it.
    while (this.#bytes > maxBytes && this.#records.length > 1) this.#forgetOldest()
  }

  #forgetOldest(): void {
    const record = this.#records.shift()
    this.#times.shift()
    if (record === undefined) return
    this.#bytes -= sizeOf(record)
    if (record.key !== undefined) this.#offsets.delete(record.key)
  }
}

// A frozen copy: neither who appended it nor who reads it can change history. Property by property, so that a caller's
// extra ones do not stay in memory.
function keep(record: NewRecord, offset: number): LogRecord {
  const { topic, event, version, time, data, key, trace } = record
  const kept: { -readonly [Name in keyof LogRecord]: LogRecord[Name] } = {
    offset,
    topic,
    event,
    version,
    time,
    data,
  }
  if (key !== undefined) kept.key = key
  if (trace !== undefined) kept.trace = trace
  return Object.freeze(kept)
}
