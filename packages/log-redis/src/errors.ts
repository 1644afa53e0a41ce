import { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'

const engine = 'redis'

export function problemWith(problem: LogEngineProblem, message: string, cause?: unknown): LogEngineError {
  return new LogEngineError(engine, problem, `Redis: ${message}`, cause === undefined ? undefined : { cause })
}

// What Redis answers begins with a word in capitals: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors
const cures: Readonly<Record<string, string>> = {
  NOAUTH: 'it wants a password: give it in the connection options',
  WRONGPASS: 'user name or password are wrong: look at the connection options',
  NOPERM:
    'this user may not do that: allow it eval, evalsha, script, xread, xrevrange, config|get, wait and the log’s keys',
  OOM: 'there is no memory left. What was appended before is safe. Raise maxmemory, or keep less (maxRecords, maxAge)',
  READONLY: 'this is a replica: connect to the master, or by way of Sentinel',
  MISCONF: 'it cannot write to its disk: see its log',
  LOADING: 'it is still reading its data',
  CLUSTERDOWN: 'the cluster does not serve this slot',
  MOVED:
    'the log’s keys lie on another node of the cluster: give a connection that follows (see “Cluster and Sentinel” in the README)',
}

// These pass by themselves.
const passing = new Set(['LOADING', 'CLUSTERDOWN', 'READONLY', 'TRYAGAIN', 'MASTERDOWN'])

/** What the client threw, as an error of the log. Addresses and passwords do not get into it. */
export function translate(error: unknown): LogEngineError {
  if (LogEngineError.isInstance(error)) return error
  const message = error instanceof Error ? error.message : String(error)
  const [, word = ''] = /^([A-Z]{2,})\b/.exec(message) ?? []
  if (word === 'WRONGTYPE') {
    return problemWith(
      'foreign',
      'one of the log’s keys holds something else: choose another name for the log',
      error,
    )
  }
  // Errors of a script end with where in it they were raised.
  const [, said] = /millrace:([a-z]+)/.exec(message) ?? []
  if (said === 'foreign' || word === 'WRONGTYPE') {
    return problemWith(
      'foreign',
      'one of the log’s keys holds something else: choose another name for the log',
      error,
    )
  }
  if (said === 'newer') {
    return problemWith(
      'foreign',
      'a later version of @millrace/log-redis wrote this log. Upgrade, or name another one',
      error,
    )
  }
  if (word && word !== 'ECONNREFUSED') {
    const problem = passing.has(word) ? 'unavailable' : 'refused'
    return problemWith(problem, cures[word] ?? message, error)
  }
  const code = (error as { readonly code?: unknown } | null)?.code
  const detail = typeof code === 'string' ? code : error instanceof Error ? error.name : 'no connection'
  return problemWith(
    'unavailable',
    `it cannot be reached (${detail}). The log goes on by itself when it can`,
    error,
  )
}
