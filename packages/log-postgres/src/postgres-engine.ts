import { type LogPage, type NewRecord, randomEpoch, randomTag } from '@millrace/log'
import type { AppendedRecord, Engine, EngineWatcher } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { columnsOf } from './columns.ts'
import { Database, type Row } from './database.ts'
import { isElsewhere, translate } from './errors.ts'
import { Hearing } from './hearing.ts'
import { listen } from './listener.ts'
import { pollIntervalWithoutWord, type Settings } from './options.ts'
import { jsonOf, recordOf } from './record.ts'

/** About how many characters of data a page has at most. */
const pageLength = 1_048_576

/** What tells a listener that a transaction has published: somebody has to give the events their places. */
const pending = 'pending'

/** A transaction of the application's, or whatever runs statements within it: a client of `pg` that has begun one. */
export interface PostgresTransaction {
  query(statement: string, values: unknown[]): Promise<unknown>
}

/** A log in a schema of tables and functions. */
export class PostgresEngine implements Engine {
  readonly #settings: Settings
  readonly #database: Database
  #placing: Promise<void> | undefined
  #identity: Promise<unknown> | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#database = new Database(settings)
  }

  async append(records: readonly AppendedRecord[]): Promise<readonly Position[]> {
    return this.#append(records[0]?.tag ?? randomTag(), records)
  }

  /** Has records appended when a transaction commits, and never when it does not. */
  async appendWithin(transaction: PostgresTransaction, records: readonly NewRecord[]): Promise<void> {
    const { schema } = this.#settings
    this.#identity ??= this.#database
      .run(`SELECT ${schema}.identity() AS identity`)
      .then(([row]) => row?.identity)
    try {
      const identity = await this.#identity
      await this.#writeWithin(transaction, records, identity)
    } catch (error) {
      // Another one, once the schema was made anew.
      this.#identity = undefined
      throw isElsewhere(error) ? translate(error) : error
    }
  }

  // One statement, so that a transaction has both or none. What is no transaction of this database fails by it, and so can commit nothing.
  async #writeWithin(
    transaction: PostgresTransaction,
    records: readonly NewRecord[],
    identity: unknown,
  ): Promise<void> {
    const { schema } = this.#settings
    await transaction.query(
      `WITH given AS (
        INSERT INTO ${schema}.pending (topic, event, version, time, data, key, trace)
        SELECT topic, event, version, time, data, key, trace
        FROM ROWS FROM (
          json_to_recordset($1::json) AS (topic text, event text, version integer, time bigint, data text, key text, trace text)
        ) WITH ORDINALITY AS listed (topic, event, version, time, data, key, trace, ordinality)
        WHERE (SELECT ${schema}.require_identity($2)) ORDER BY ordinality
      ) SELECT pg_notify('${schema}', '${pending}')`,
      [jsonOf(records), identity],
    )
  }

  async read(after: number, limit: number): Promise<LogPage> {
    for (;;) {
      const rows = await this.#page(after, limit)
      const [held] = rows
      if (held !== undefined) {
        return {
          epoch: held.epoch as string,
          first: Number(held.first_offset),
          head: Number(held.head),
          headTag: (held.head_tag as string | null) ?? undefined,
          afterTag: (held.after_tag as string | null) ?? undefined,
          records: rows.filter(({ offset }) => offset !== null).map(recordOf),
        }
      }
      // The life of a log begins with the first look, too.
      await this.#call('hold_log', [])
    }
  }

  async renew({ epoch, offset, tag }: Position): Promise<boolean> {
    return this.#call('renew', [epoch, offset, tag ?? null]) as Promise<boolean>
  }

  watch({ wake, failed }: EngineWatcher): () => void {
    const { listen: connection, schema: channel, timeout, pollInterval } = this.#settings
    const place = () => this.#place().then(wake, failed)
    // Word of a commit may be lost, or there is none: nothing waits for it for longer than this.
    const lookEvery = (interval: number) => setInterval(() => void place(), interval).unref()
    let timer = lookEvery(pollInterval)
    const hearing = new Hearing({
      send: (payload) => this.#database.run('SELECT pg_notify($1, $2)', [channel, payload]),
      changed(hears) {
        clearInterval(timer)
        timer = lookEvery(hears ? pollInterval : Math.min(pollInterval, pollIntervalWithoutWord))
      },
    })
    const listening = () => {
      hearing.check()
      void place()
    }
    const notified = (payload: string) => {
      if (payload === '') wake()
      else if (!hearing.isCheck(payload)) void place()
    }
    const stop = connection ? listen({ connection, channel, timeout, listening, notified, failed }) : () => {}
    return () => {
      clearInterval(timer)
      hearing.stop()
      stop()
    }
  }

  /** Forgets what lies below an offset. */
  async trim(keepFrom: number): Promise<void> {
    const { schema } = this.#settings
    await this.#database.run(`SELECT ${schema}.forget(${schema}.hold_log($1), $2)`, [randomEpoch(), keepFrom])
  }

  /** Forgets what is too much by now. */
  async sweep(): Promise<void> {
    const { maxRecords, maxAge } = this.#settings
    await this.#call('retain', [maxRecords, Number.isFinite(maxAge) ? maxAge : null])
  }

  /** Forgets everything and begins a new epoch. */
  async restart(): Promise<void> {
    await this.#call('restart', [])
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  async #append(tag: string, records: readonly NewRecord[]): Promise<readonly Position[]> {
    const { schema } = this.#settings
    const [row] = await this.#database.run(
      `SELECT * FROM ${schema}.append($1, $2, $3::text[], $4::text[], $5::integer[], $6::bigint[], $7::text[], $8::text[], $9::text[])`,
      [randomEpoch(), tag, ...columnsOf(records)],
    )
    const { epoch, first_place, places } = row as {
      readonly epoch: string
      readonly first_place: string | null
      readonly places: readonly (readonly [number, string])[] | null
    }
    if (places !== null) return places.map(([offset, tag]) => ({ epoch, offset, tag }))
    const first = Number(first_place)
    return records.map((_, index) => ({ epoch, offset: first + index, tag }))
  }

  // One statement, so that bounds and records are of one moment.
  #page(after: number, limit: number): Promise<readonly Row[]> {
    const { schema } = this.#settings
    return this.#database.run(
      `SELECT held.epoch, held.first_offset, held.head, held.head_tag,
        CASE WHEN $1 BETWEEN held.first_offset - 1 AND held.head THEN ${schema}.tag_at(held, $1) END AS after_tag, record.*
      FROM ${schema}.log AS held
      LEFT JOIN (
        SELECT * FROM (
          SELECT *, sum(length(data)) OVER (ORDER BY "offset") - length(data) AS before
          FROM (SELECT * FROM ${schema}.records WHERE "offset" > $1 ORDER BY "offset" LIMIT $2) AS next
        ) AS sized WHERE before < ${pageLength}
      ) AS record ON $1 BETWEEN held.first_offset - 1 AND held.head
      ORDER BY record."offset"`,
      [after, limit],
    )
  }

  // One at a time: what commits meanwhile comes with the next one.
  #place(): Promise<void> {
    this.#placing ??= this.#placePending()
      .catch((error: unknown) => {
        throw translate(error)
      })
      .finally(() => {
        this.#placing = undefined
      })
    return this.#placing
  }

  async #placePending(): Promise<void> {
    const { schema } = this.#settings
    const [row] = await this.#database.run(`SELECT EXISTS (SELECT FROM ${schema}.pending) AS waits`)
    if (row?.waits === true) await this.#append(randomTag(), [])
  }

  // Every function may find that the log begins, and is given the epoch for that.
  async #call(name: string, values: readonly unknown[]): Promise<unknown> {
    const all = [randomEpoch(), ...values]
    const places = all.map((_, index) => `$${index + 1}`).join(', ')
    const [row] = await this.#database.run(
      `SELECT ${this.#settings.schema}.${name}(${places}) AS answer`,
      all,
    )
    return row?.answer
  }
}
