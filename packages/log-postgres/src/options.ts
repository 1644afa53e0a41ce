/** Options of a connection, as `pg` has them: `connectionString`, `host`, `port`, `user`, `password`, `database`, `ssl`, … */
export interface PostgresConnectionOptions {
  readonly connectionString?: string
  readonly [option: string]: unknown
}

/** How often tails look where no word of events comes, in milliseconds. */
export const pollIntervalWithoutWord = 100

/** Settings of a Postgres log. What exceeds a limit is forgotten, oldest first, in all processes. */
export interface PostgresLogOptions {
  /**
   * How Postgres is reached: a URL (`postgres://user:password@host:5432/database`) or the options of `pg`, which also reads the usual
   * variables (`PGHOST`, …).
   */
  readonly connection: string | PostgresConnectionOptions
  /**
   * Another way to it for the connection that listens, where the first leads through a pooler that forbids `LISTEN` (PgBouncer in
   * transaction mode, RDS Proxy). `false` where there is none: then tails look every `pollInterval`. They find out by themselves that no word
   * comes, and look every 100 ms.
   *
   * @default as `connection`
   */
  readonly listen?: string | PostgresConnectionOptions | false
  /**
   * The schema that holds the log: small letters, digits and `_`.
   *
   * @default 'millrace'
   */
  readonly schema?: string
  /**
   * Whether the schema is made, and brought to the present format, when the log is first used. With `false` that is yours to do, with
   * what `postgresSchema` gives; the log's user then needs no right to create anything but tables in that schema.
   *
   * @default true
   */
  readonly migrate?: boolean
  /**
   * How many records are kept, at least 1. What is more is forgotten within a second or two.
   *
   * @default 1_000_000
   */
  readonly maxRecords?: number
  /**
   * How long a record is kept after its append, in milliseconds, above 0, by the clock of Postgres.
   *
   * @default Infinity
   */
  readonly maxAge?: number
  /**
   * How long Postgres may take to answer, in milliseconds, above 0. Then the connection is given up and made anew.
   *
   * @default 5_000
   */
  readonly timeout?: number
  /**
   * How often tails look without having been woken, in milliseconds. Where a pooler swallows all word of events, they look every 100 ms at
   * least.
   *
   * @default 1_000; 100 without a connection that listens
   */
  readonly pollInterval?: number
  /** Schedules a tail's look, for tests. @default immediately */
  readonly wake?: (look: () => void) => void
}

/** Settings with every default filled in. */
export interface Settings {
  readonly connection: PostgresConnectionOptions
  readonly listen: PostgresConnectionOptions | undefined
  readonly schema: string
  readonly migrate: boolean
  readonly maxRecords: number
  readonly maxAge: number
  readonly timeout: number
  readonly pollInterval: number
}

/** @throws TypeError for a schema's name that is none. @throws RangeError for a limit that is out of range */
export function settingsOf(options: PostgresLogOptions): Settings {
  const { connection, listen = connection, schema = 'millrace', migrate = true } = options
  const { maxRecords = 1_000_000, maxAge = Number.POSITIVE_INFINITY, timeout = 5_000 } = options
  const { pollInterval = listen === false ? pollIntervalWithoutWord : 1_000 } = options
  requireSchemaName(schema)
  requireRange('maxRecords', Number.isSafeInteger(maxRecords) && maxRecords >= 1, 'a whole number from 1')
  requireRange('maxAge', maxAge > 0, 'above 0')
  requireRange('timeout', timeout > 0 && timeout < 2 ** 31, 'from above 0 to 2^31 - 1')
  return {
    connection: connectionOf(connection),
    listen: listen === false ? undefined : connectionOf(listen),
    schema,
    migrate,
    maxRecords,
    maxAge,
    timeout,
    pollInterval,
  }
}

/** @throws TypeError for what is no name of a schema that needs no quotes */
export function requireSchemaName(schema: string): void {
  if (/^[a-z_][a-z0-9_]{0,40}$/.test(schema)) return
  throw new TypeError('schema must be a name of small letters, digits and _, of at most 41 characters')
}

function connectionOf(given: string | PostgresConnectionOptions): PostgresConnectionOptions {
  return typeof given === 'string' ? { connectionString: given } : given
}

function requireRange(name: string, holds: boolean, wanted: string): void {
  if (!holds) throw new RangeError(`${name} must be ${wanted}`)
}
