import { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'

const engine = 'postgres'

/** The code of what the schema raises in a transaction that is of another database. */
export const elsewhere = 'XXMR2'

export function problemWith(problem: LogEngineProblem, message: string, cause?: unknown): LogEngineError {
  return new LogEngineError(
    engine,
    problem,
    `Postgres: ${message}`,
    cause === undefined ? undefined : { cause },
  )
}

// Codes and classes of codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
const problems: readonly (readonly [code: string, problem: LogEngineProblem, message: string])[] = [
  ['28', 'refused', 'user name or password are wrong: look at the connection options'],
  ['3D000', 'refused', 'there is no such database: look at the connection options'],
  ['42501', 'refused', 'this user may not do that: give it the rights that the README names'],
  [
    '53100',
    'refused',
    'its disk is full. What was appended before is safe. Free some room, or keep less (maxRecords, maxAge)',
  ],
  ['53300', 'unavailable', 'it has no connection to spare. Raise max_connections, or have fewer processes'],
  ['53', 'refused', 'it lacks what it needs for that: see its log'],
  ['25006', 'unavailable', 'this is a replica, or reads only: connect to the primary'],
  ['57P', 'unavailable', 'it is being stopped or started'],
  ['08', 'unavailable', 'the connection broke. The log goes on by itself'],
  [
    elsewhere,
    'settings',
    'the transaction is in another database than the log that its events are for. Of a log in shards, publish to a topic with a client of the database that its shard is in (shardOf)',
  ],
  [
    'XXMR',
    'foreign',
    'a later version of @millrace/log-postgres wrote this log. Upgrade, or name another schema',
  ],
  [
    '42P01',
    'foreign',
    'the schema does not have the log’s tables. Make them (postgresSchema), or let the log do it (migrate)',
  ],
  [
    '42883',
    'foreign',
    'the schema does not have the log’s functions. Make them (postgresSchema), or let the log do it (migrate)',
  ],
  ['3F000', 'foreign', 'there is no such schema. Make it (postgresSchema), or let the log do it (migrate)'],
]

/** The code that Postgres gave an error; `undefined` where the error is not its answer. */
function codeOf(error: unknown): string | undefined {
  const { code, severity } = (error ?? {}) as { readonly code?: unknown; readonly severity?: unknown }
  return typeof code === 'string' && typeof severity === 'string' ? code : undefined
}

/** What the client threw, as an error of the log. Addresses, users and passwords do not get into its message. */
export function translate(error: unknown): LogEngineError {
  if (LogEngineError.isInstance(error)) return error
  const code = codeOf(error)
  if (isParameterRefused(error)) {
    const message =
      'the pooler takes no such parameter of a session. Leave it out of the connection options, or have the pooler ignore it (ignore_startup_parameters)'
    return problemWith('refused', message, error)
  }
  if (code !== undefined) {
    const known = problems.find(([start]) => code.startsWith(start))
    return known
      ? problemWith(known[1], known[2], error)
      : problemWith('refused', `it answered ${code}`, error)
  }
  const { code: reason } = (error ?? {}) as { readonly code?: unknown }
  const detail = typeof reason === 'string' ? reason : 'no connection'
  return problemWith(
    'unavailable',
    `it cannot be reached (${detail}). The log goes on by itself when it can`,
    error,
  )
}

/** Whether a pooler refused a connection for a parameter that a session should have had: `statement_timeout`, `options`. */
export function isParameterRefused(error: unknown): boolean {
  return codeOf(error) === '08P01' && /unsupported startup parameter/.test((error as Error).message)
}

/** Whether a transaction turned out to be of another database. */
export function isElsewhere(error: unknown): boolean {
  return codeOf(error) === elsewhere
}

/** Whether an error says that what the log has made is not there any more. */
export function isMissing(error: unknown): boolean {
  return /^(42P01|42883|3F000)$/.test(codeOf(error) ?? '')
}
