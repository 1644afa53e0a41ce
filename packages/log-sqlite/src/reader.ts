import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { LogBounds, LogPage, LogRecord } from '@millrace/log'
import type { Retention } from './options.ts'
import { type Row, recordOf } from './record.ts'
import { firstKept, type Stamp } from './retention.ts'
import { type Life, selectLife } from './schema.ts'
import { Tags } from './tags.ts'

// Of one page: what takes about ten milliseconds, since nothing else runs meanwhile.
const pageRecords = 5_000
const pageCharacters = 4 * 1024 * 1024

/**
 * Reads a log over a connection of its own, so that it sees commits alone, never what a transaction has written so far. It
 * applies the retention as it reads, hence gives nothing that is too old, and writes nothing.
 */
export class Reader {
  readonly #database: DatabaseSync
  readonly #retention: Retention
  readonly #life: StatementSync
  readonly #stamp: StatementSync
  readonly #oldest: StatementSync
  readonly #page: StatementSync
  readonly #tags: Tags

  constructor(database: DatabaseSync, retention: Retention) {
    this.#database = database
    this.#retention = retention
    this.#life = database.prepare(selectLife)
    this.#stamp = database.prepare('SELECT total, appended FROM records WHERE offset = ?')
    this.#oldest = database.prepare('SELECT min(offset) AS offset FROM records')
    this.#tags = new Tags(database)
    this.#page = database.prepare(
      'SELECT offset, topic, event, version, time, data, key, trace, tag FROM records WHERE offset > ? ORDER BY offset LIMIT ?',
    )
  }

  bounds(): LogBounds {
    return this.#atOnce(() => this.#boundsOf(this.#readLife()))
  }

  /** Up to `limit` records above an offset and the bounds of the same moment; fewer, where they are many or large. */
  page(after: number, limit: number): LogPage {
    return this.#atOnce(() => {
      const life = this.#readLife()
      const bounds = this.#boundsOf(life)
      const within = after >= bounds.first - 1 && after <= bounds.head
      const afterTag = within ? this.#tags.at(life, after) : undefined
      const records = within && after < bounds.head && limit > 0 ? this.#records(after, limit) : []
      return { ...bounds, afterTag, records }
    })
  }

  /** Whether there is something that a tidying would forget or delete. */
  untidy(): boolean {
    return this.#atOnce(() => {
      const life = this.#readLife()
      const oldest = (this.#oldest.get() as { offset: number | null }).offset
      return this.#first(life) > life.first || (oldest !== null && oldest < life.first)
    })
  }

  #records(after: number, limit: number): LogRecord[] {
    const records: LogRecord[] = []
    let characters = 0
    for (const row of this.#page.iterate(after, Math.min(Math.ceil(limit), pageRecords))) {
      // The columns are those of the statement, and the tables are strict.
      const record = recordOf(row as unknown as Row)
      records.push(record)
      characters += record.data.length
      if (characters >= pageCharacters) break
    }
    return records
  }

  #boundsOf(life: Life): LogBounds {
    const { epoch, head, tag } = life
    return { epoch, first: this.#first(life), head, headTag: tag ?? undefined }
  }

  #first(life: Life): number {
    return firstKept(life, this.#retention, (offset) => this.#stamp.get(offset) as unknown as Stamp)
  }

  #readLife(): Life {
    return this.#life.get() as unknown as Life
  }

  // All statements of one transaction see one moment of the log.
  #atOnce<Value>(read: () => Value): Value {
    this.#database.exec('BEGIN')
    try {
      return read()
    } finally {
      this.#database.exec('COMMIT')
    }
  }
}
