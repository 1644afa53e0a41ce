import { type ClientConfig, Pool, type PoolClient } from 'pg'
import { isMissing, isParameterRefused, problemWith, translate } from './errors.ts'
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
  #pool: Pool
  #isPooled = false
  #prepared: Promise<void> | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#pool = poolOf(connectionOf(settings))
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

  async #connect(): Promise<PoolClient> {
    const pool = this.#pool
    try {
      return await pool.connect()
    } catch (error) {
      if (!isParameterRefused(error) || (this.#isPooled && pool === this.#pool)) throw error
    }
    // Whoever else found that out meanwhile has made the other pool already. The first one holds nothing open.
    if (!this.#isPooled) {
      this.#isPooled = true
      this.#pool = poolOf(connectionOf(this.#settings, true))
    }
    return this.#pool.connect()
  }

  async #query(statement: string, values: readonly unknown[]): Promise<readonly Row[]> {
    const client = await this.#connect()
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

/** How the connections for statements are made. @param pooled whether by way of a pooler that takes no parameters of a session */
export function connectionOf({ connection, timeout }: Settings, pooled = false): ClientConfig {
  return {
    connectionTimeoutMillis: connectTimeout,
    keepAlive: true,
    // Ends there as well what nobody waits for here any more.
    ...(!pooled && { statement_timeout: timeout }),
    application_name: 'millrace',
    ...connection,
  }
}

function poolOf(connection: ClientConfig): Pool {
  const pool = new Pool({ ...connection, max: poolSize, allowExitOnIdle: true })
  // Of a connection that nobody uses just now, or that breaks between two statements. Whoever uses it next is told.
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
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
