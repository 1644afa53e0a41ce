import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { type NewRecord, positionOf, randomEpoch, randomTag } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { rollback } from './database.ts'
import type { Retention } from './options.ts'
import { sizeOf } from './record.ts'
import { firstKept, type Stamp } from './retention.ts'
import { type Life, selectLife, updateLife } from './schema.ts'
import { Tags } from './tags.ts'
import type { Witness } from './witness.ts'

// Of one transaction, beside twice as many as it appends: about two milliseconds' worth of deleting.
const tidiedRecords = 500
const tidiedBytes = 4 * 1024 * 1024

/**
 * Writes a log, one transaction at a time: `begin`, then anything, then `commit` or `rollback`. Transactions of several
 * processes exclude each other, so offsets stay dense whoever appends.
 */
export class Writer {
  readonly #database: DatabaseSync
  readonly #retention: Retention
  readonly #witness: Witness
  readonly #selectLife: StatementSync
  readonly #updateLife: StatementSync
  readonly #stamp: StatementSync
  readonly #insert: StatementSync
  readonly #keyed: StatementSync
  readonly #delete: StatementSync
  readonly #forgotten: StatementSync
  readonly #deleteUpTo: StatementSync
  readonly #deleteAll: StatementSync
  readonly #tags: Tags
  #before: Life = noLife
  #life: Life = noLife
  #inserted = 0
  #appended = 0
  // Of all that this transaction appends.
  #tag = ''

  constructor(database: DatabaseSync, retention: Retention, witness: Witness) {
    this.#database = database
    this.#retention = retention
    this.#witness = witness
    this.#selectLife = database.prepare(selectLife)
    this.#updateLife = database.prepare(updateLife)
    this.#stamp = database.prepare('SELECT total, appended FROM records WHERE offset = ?')
    this.#insert = database.prepare(
      `INSERT INTO records (offset, total, appended, version, time, topic, event, key, data, trace, tag)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) WHERE key IS NOT NULL DO NOTHING`,
    )
    this.#keyed = database.prepare('SELECT offset, tag FROM records WHERE key = ?')
    this.#delete = database.prepare('DELETE FROM records WHERE offset = ?')
    this.#forgotten = database.prepare(
      'SELECT offset, total FROM records WHERE offset < ? ORDER BY offset LIMIT ?',
    )
    this.#deleteUpTo = database.prepare('DELETE FROM records WHERE offset <= ?')
    // Without a condition SQLite drops the pages instead of looking at each row.
    this.#deleteAll = database.prepare('DELETE FROM records')
    this.#tags = new Tags(database)
  }

  /** The log's newest place, as far as this transaction has come. */
  get position(): Position {
    return positionOf(this.#life.epoch, { offset: this.#life.head, tag: this.#life.tag ?? undefined })
  }

  /** Whether this transaction has brought records, or another epoch. */
  get hasNews(): boolean {
    return this.#life.head !== this.#before.head || this.#life.epoch !== this.#before.epoch
  }

  begin(): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      this.#before = this.#selectLife.get() as unknown as Life
      this.#life = this.#before
      this.#inserted = 0
      this.#appended = this.#retention.now()
      this.#tag = randomTag()
      if (this.#isPutBack()) this.renew(randomEpoch())
      // Before anything is appended, because what is too old keeps no key.
      this.#retain()
    } catch (error) {
      this.rollback()
      throw error
    }
  }

  /** Appends a record and returns its place, or that of the record that has its key. */
  insert(record: NewRecord): Position {
    if (this.#tryInsert(record)) return this.position
    const known = this.#keyed.get(record.key ?? null) as { offset: number; tag: string | null }
    const { epoch, first } = this.#life
    if (known.offset >= first) return positionOf(epoch, { offset: known.offset, tag: known.tag ?? undefined })
    // Forgotten, and only not deleted yet.
    this.#delete.run(known.offset)
    this.#tryInsert(record)
    return this.position
  }

  /** Forgets every record below an offset; all of them when it lies beyond the head. */
  forget(below: number): void {
    const life = this.#life
    const first = Math.min(Math.ceil(below), life.head + 1)
    if (!(first > life.first)) return
    const forgotten = first > life.head ? life.total : this.#stampOf(first - 1).total
    const forgottenTag = this.#tags.at(life, first - 1) ?? null
    this.#life = { ...life, first, forgotten, forgottenTag }
  }

  /** Goes on as another life of the log, with the same records. */
  renew(epoch: string): void {
    this.#life = { ...this.#life, epoch }
  }

  /** Loses everything and begins another life of the log. */
  restart(epoch: string): void {
    this.#deleteAll.run()
    this.#life = { ...noLife, epoch }
  }

  /**
   * Forgets what exceeds the limits, and deletes some of what is forgotten: so much that it takes about as long as what
   * was appended. Freed pages are used again by later records.
   *
   * @returns whether more is left to delete.
   */
  tidy(): boolean {
    this.#retain()
    const limit = Math.max(tidiedRecords, 2 * this.#inserted)
    const rows = this.#forgotten.all(this.#life.first, limit) as unknown as {
      offset: number
      total: number
    }[]
    const oldest = rows[0]
    if (oldest === undefined) return false
    const within = rows.findLast(({ total }) => total - oldest.total <= tidiedBytes) ?? oldest
    this.#deleteUpTo.run(within.offset)
    return rows.length === limit || within !== rows.at(-1)
  }

  commit(): void {
    const { epoch, first, head, total, forgotten, tag, forgottenTag } = this.#life
    if (this.#life !== this.#before) {
      this.#updateLife.run(epoch, first, head, total, forgotten, tag, forgottenTag)
    }
    this.#database.exec('COMMIT')
    this.#witness.saw(this.position)
  }

  rollback(): void {
    rollback(this.#database)
  }

  #tryInsert(record: NewRecord): boolean {
    const offset = this.#life.head + 1
    const total = this.#life.total + sizeOf(record)
    const { topic, event, version, time, data, key = null, trace = null } = record
    const { changes } = this.#insert.run(
      offset,
      total,
      this.#appended,
      version,
      time,
      topic,
      event,
      key,
      data,
      trace,
      this.#tag,
    )
    if (changes === 0) return false
    this.#life = { ...this.#life, head: offset, total, tag: this.#tag }
    this.#inserted += 1
    return true
  }

  #isPutBack(): boolean {
    const { epoch, first, head } = this.#life
    return this.#witness.contradicts({ epoch, first, head }, (offset) => this.#tags.at(this.#life, offset))
  }

  #retain(): void {
    this.forget(firstKept(this.#life, this.#retention, (offset) => this.#stampOf(offset)))
  }

  #stampOf(offset: number): Stamp {
    return this.#stamp.get(offset) as unknown as Stamp
  }
}

const noLife: Life = {
  epoch: '',
  first: 1,
  head: 0,
  total: 0,
  forgotten: 0,
  tag: null,
  forgottenTag: null,
}
