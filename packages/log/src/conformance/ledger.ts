import type { Position } from '@millrace/protocol'
import { judge } from '../judge.ts'
import type { LogBounds, LogPage, LogRecord, NewRecord } from '../log.ts'
import { check, checkEqual } from './check.ts'

/** What is known of one life of a log. */
interface Life {
  /** Each record that was ever seen at an offset, wherever it was seen. */
  readonly records: Map<number, LogRecord>
  /** The offsets that were answered for a key. */
  readonly claims: { readonly key: string; readonly offset: number }[]
  /** Every offset up to here was acknowledged, so no later answer may fall short of it. */
  durable: number
  /** What was asked to be forgotten: everything below. */
  trimmed: number
  /** What has been forgotten, since a trim came to its end. */
  forgotten: number
}

/** What no answer that begins now may fall short of. */
export interface Moment {
  readonly durable: ReadonlyMap<string, number>
  readonly forgotten: ReadonlyMap<string, number>
  readonly ended: ReadonlySet<string>
}

interface Call {
  readonly records: readonly NewRecord[]
  positions?: readonly Position[]
}

/**
 * Keeps account of all that several users of one history were told while they raced each other, and fails when two of them
 * were told different histories, or one of them what cannot be. It predicts nothing, so the steps need not wait for each other.
 */
export class Ledger {
  readonly #lives = new Map<string, Life>()
  /** Of each writer, its calls in their order. */
  readonly #calls: Call[][] = []
  /** Where a record was seen, by its data, of which no two are the same. */
  readonly #places = new Map<string, string>()
  readonly #given = new Map<string, NewRecord>()
  readonly #ended = new Set<string>()

  /** The largest head that a log can have: every record that was handed to it. */
  get given(): number {
    return this.#given.size
  }

  /** A writer calls `append`; the answer is to be handed to what is returned. */
  call(writer: number, records: readonly NewRecord[]): (positions: readonly Position[]) => void {
    this.#calls[writer] ??= []
    const call: Call = { records }
    this.#calls[writer]?.push(call)
    for (const record of records) this.#given.set(record.data, record)
    return (positions) => {
      call.positions = positions
      this.#acknowledge(records, positions)
    }
  }

  /** A trim begins; what is returned says that it has come to its end. */
  trim(epoch: string, keepFrom: number): () => void {
    const life = this.#life(epoch)
    life.trimmed = Math.max(life.trimmed, keepFrom)
    return () => {
      life.forgotten = Math.max(life.forgotten, keepFrom)
    }
  }

  /** What holds from now on. */
  moment(): Moment {
    const of = (property: 'durable' | 'forgotten') =>
      new Map([...this.#lives].map(([epoch, life]) => [epoch, life[property]]))
    return { durable: of('durable'), forgotten: of('forgotten'), ended: new Set(this.#ended) }
  }

  /** Lives that were seen until now are over: no answer that begins later may speak of them. */
  endLives(epochs: Iterable<string>): void {
    for (const epoch of epochs) this.#ended.add(epoch)
  }

  /** Bounds were told, by a call that began at a moment. */
  bounds({ epoch, first, head }: LogBounds, since?: Moment): void {
    const life = this.#life(epoch)
    check(first >= 1 && first <= head + 1, `the bounds are ${first} to ${head}`)
    check(head <= this.given, `the head is ${head} after ${this.given} records in all`)
    check(
      first <= Math.max(1, life.trimmed),
      `the first is ${first} although nothing from ${life.trimmed} on was trimmed`,
    )
    if (since === undefined) return
    const durable = since.durable.get(epoch) ?? 0
    const forgotten = since.forgotten.get(epoch) ?? 1
    check(head >= durable, `the head is ${head} after ${durable} was acknowledged`)
    check(first >= forgotten, `the first is ${first} after everything below ${forgotten} was trimmed`)
    check(!since.ended.has(epoch), `the epoch is ${epoch}, which is over`)
  }

  /** A page was read, by a call that began at a moment. */
  page(page: LogPage, after: number, limit: number, since: Moment): void {
    this.bounds(page, since)
    const readable = judge({ epoch: page.epoch, offset: after }, page) === 'resumed' && after < page.head
    check(
      page.records.length <= (readable ? limit : 0) && (page.records.length > 0 || !readable),
      `${page.records.length} records after ${after}, of ${page.first} to ${page.head}, with a limit of ${limit}`,
    )
    for (const [index, record] of page.records.entries()) {
      checkEqual(record.offset, after + index + 1, 'the offset of a record that was read')
      this.record(page.epoch, record)
    }
    check((page.records.at(-1)?.offset ?? 0) <= page.head, 'a record lies beyond the head')
  }

  /** A record was seen. */
  record(epoch: string, record: LogRecord): void {
    const life = this.#life(epoch)
    const seen = life.records.get(record.offset)
    // Most are seen as one and the same object.
    if (seen === record) return
    if (seen !== undefined) checkEqual(record, seen, `the record at ${epoch}.${record.offset}`)
    else this.#see(epoch, life, record)
  }

  /** Checks what shows only when all answers are in. */
  verify(): void {
    for (const life of this.#lives.values()) {
      for (const { key, offset } of life.claims) {
        const record = life.records.get(offset)
        check(record === undefined || record.key === key, `the key ${key} was answered with another's record`)
      }
      this.#verifyKeys(life)
    }
    for (const calls of this.#calls) this.#verifyOrder(calls ?? [])
  }

  #acknowledge(records: readonly NewRecord[], positions: readonly Position[]): void {
    checkEqual(positions.length, records.length, 'the number of positions')
    for (const [index, record] of records.entries()) {
      const position = positions[index]
      if (position === undefined) continue
      const { epoch, offset } = position
      const life = this.#life(epoch)
      life.durable = Math.max(life.durable, offset)
      if (record.key === undefined) this.record(epoch, { ...record, offset })
      else life.claims.push({ key: record.key, offset })
    }
  }

  #see(epoch: string, life: Life, record: LogRecord): void {
    const { offset, ...given } = record
    const place = `${epoch}.${offset}`
    checkEqual(given, this.#given.get(record.data), `the record at ${place}`)
    const other = this.#places.get(record.data)
    check(other === undefined, `one record stands at ${other} and at ${place}`)
    this.#places.set(record.data, place)
    life.records.set(offset, record)
  }

  // A key comes a second time only when its first record could be forgotten by then.
  #verifyKeys(life: Life): void {
    const last = new Map<string, number>()
    for (const [offset, { key }] of [...life.records].sort(([one], [other]) => one - other)) {
      if (key === undefined) continue
      const earlier = last.get(key)
      check(
        earlier === undefined || earlier < life.trimmed,
        `the key ${key} stands at ${earlier} and at ${offset}`,
      )
      last.set(key, offset)
    }
  }

  // Records without a key are new for certain. What stands between two of them in a call is new or a repeat, hence their distance
  // is at most what it was in the call; and calls of one writer follow each other.
  #verifyOrder(calls: readonly Call[]): void {
    let before: Position | undefined
    for (const { records, positions } of calls) {
      let index = Number.NaN
      for (const [current, position] of (positions ?? []).entries()) {
        if (records[current]?.key !== undefined) continue
        if (before?.epoch === position.epoch) {
          const distance = position.offset - before.offset
          check(distance > 0, `${position.offset} was answered after ${before.offset}`)
          check(
            !(distance > current - index),
            `a call has ${before.offset} and ${position.offset} side by side`,
          )
        }
        index = current
        before = position
      }
    }
  }

  #life(epoch: string): Life {
    let life = this.#lives.get(epoch)
    if (life === undefined) {
      life = { records: new Map(), claims: [], durable: 0, trimmed: 1, forgotten: 1 }
      this.#lives.set(epoch, life)
    }
    return life
  }
}
