import { Pool, type PoolConfig } from 'pg'
import { isMissing, problemWith, translate } from './errors.ts'
import type { Settings } from './options.ts'
import { format, postgresSchema } from './schema.ts'

/** Connections for statements, besides the one that listens. Appends take one and tails another. */
const poolSize = 2

/** How long a connection may take to open unless the options say otherwise, in milliseconds. */
const connectTimeout = 2_000

/** What a statement may need beyond its own rows. */
export type Row = Readonly<Record<string, unknown>>

/** Runs statements on a few connections, each in a bounded time, in a schema that is there. Nothing is tried twice but what found no schema. */
export class Database {
  readonly #settings: Settings
  readonly #pool: Pool
  #prepared: Promise<void> | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#pool = new Pool(poolConfigOf(settings))
    // Of a connection that nobody uses just now, or that breaks between two statements. Whoever uses it next is told.
    this.#pool.on('error', () => {})
    this.#pool.on('connect', (client) => client.on('error', () => {}))
  }

  /** @throws LogEngineError */
  async run(statement: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
    try {
      await this.#prepare()
      return await this.#query(statement, values)
    } catch (error) {
      if (!isMissing(error) || !this.#settings.migrate) throw translate(error)
    }
    // Somebody has dropped the schema. A log that is made anew is another one, and everybody is told so by its epoch.
    this.#prepared = undefined
    try {
      await this.#prepare()
      return await this.#query(statement, values)
    } catch (error) {
      throw translate(error)
    }
  }

  async close(): Promise<void> {
    await this.#pool.end().catch(() => {})
  }

  #prepare(): Promise<void> {
    this.#prepared ??= this.#makeSchema().catch((error: unknown) => {
      this.#prepared = undefined
      throw error
    })
    return this.#prepared
  }

  async #makeSchema(): Promise<void> {
    const { schema, migrate } = this.#settings
    if (await this.#isCurrent()) return
    if (migrate) {
      await this.#query(postgresSchema({ schema }), [])
      return
    }
    throw problemWith(
      'foreign',
      `the schema ${schema} is of an earlier format. Run what postgresSchema gives, or let the log do it (migrate)`,
    )
  }

  async #isCurrent(): Promise<boolean> {
    const { schema, migrate } = this.#settings
    try {
      const [row] = await this.#query(`SELECT max(number) AS format FROM ${schema}.migrations`, [])
      const found = Number(row?.format ?? 0)
      if (found > format) {
        throw problemWith(
          'foreign',
          'a later version of @millrace/log-postgres wrote this log. Upgrade, or name another schema',
        )
      }
      return found === format
    } catch (error) {
      if (isMissing(error) && migrate) return false
      throw error
    }
  }

  async #query(statement: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const client = await this.#pool.connect()
    let failed = true
    try {
      const { rows } = await inTime(client.query(statement, [...values]), this.#settings.timeout)
      failed = false
      return rows as Row[]
    } catch (error) {
      // One that has answered, if only that it will not, may go on.
      failed = typeof (error as { readonly severity?: unknown } | null)?.severity !== 'string'
      throw error
    } finally {
      client.release(failed)
    }
  }
}

/** How the connections for statements are made. */
export function poolConfigOf({ connection, timeout }: Settings): PoolConfig {
  return {
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    // Ends there as well what nobody waits for here any more.
    statement_timeout: timeout,
    application_name: 'millrace',
    ...connection,
    max: poolSize,
    allowExitOnIdle: true,
  }
}

/** Rejects where something takes longer than it may. */
export function inTime<Value>(answer: Promise<Value>, timeout: number): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () =>
        reject(
          problemWith(
            'timeout',
            `it has not answered for ${timeout} ms. It is asked anew on another connection`,
          ),
        ),
      timeout,
    )
    answer.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}
