import { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'
import { JetStreamApiError } from '@nats-io/jetstream'

const engine = 'nats'

export function problemWith(problem: LogEngineProblem, message: string, cause?: unknown): LogEngineError {
  return new LogEngineError(engine, problem, `NATS: ${message}`, cause === undefined ? undefined : { cause })
}

/** What JetStream answers with, by number: https://github.com/nats-io/nats-server/blob/main/server/errors.json */
export const apiCode = {
  streamNotFound: 10059,
  streamExists: 10058,
  wrongLastSequence: 10071,
  wrongLastSequenceUnknown: 10164,
  keyUnderWay: 10158,
} as const

const cures: Readonly<Record<number, string>> = {
  10023:
    'it has no room left. What was appended before is safe. Give JetStream more, or keep less (maxRecords, maxAge, maxBytes)',
  10026: 'the account may have no more streams: raise its limit',
  10027: 'the account may have no more consumers: raise its limit',
  10028: 'it has no memory left for JetStream. What was appended before is safe',
  10039: 'JetStream is not enabled for this account',
  10047:
    'it has no room left. What was appended before is safe. Give JetStream more, or keep less (maxRecords, maxAge, maxBytes)',
  10054: 'an event is larger than the stream takes (max_msg_size)',
  10065: 'another stream takes the subjects of the log: choose another name for the log',
  10074: 'this server keeps no replicas: it takes a cluster of as many (replicas)',
  10077: 'the stream is full and refuses what is new: let it discard what is old, or keep less',
  10118:
    'it has no room left. What was appended before is safe. Give JetStream more, or keep less (maxRecords, maxAge, maxBytes)',
}

// These pass by themselves.
const passing = new Set([10008, 10009, 10036, 10076, 10118, 10157, 10167])

/** What the client threw, as an error of the log. Addresses, users and passwords do not get into it. */
export function translate(error: unknown): LogEngineError {
  if (LogEngineError.isInstance(error)) return error
  if (error instanceof JetStreamApiError) return refusal(error.code, error.message, error)
  const name = error instanceof Error ? error.name : 'no connection'
  if (name === 'JetStreamNotEnabled') {
    return problemWith(
      'unavailable',
      'JetStream does not answer: it is not enabled (jetstream {}), or has no leader just now',
      error,
    )
  }
  if (name === 'AuthorizationError' || name === 'UserAuthenticationExpiredError') {
    return problemWith('refused', 'user, password or token are wrong: look at the connection options', error)
  }
  if (name === 'PermissionViolationError') {
    return problemWith('refused', 'this user may not do that: see “Permissions” in the README', error)
  }
  if (name === 'TimeoutError') return slow(error)
  const code = (error as { readonly code?: unknown } | null)?.code
  const detail = typeof code === 'string' ? code : name
  return problemWith(
    'unavailable',
    `it cannot be reached (${detail}). The log goes on by itself when it can`,
    error,
  )
}

/** What JetStream said no with. */
export function refusal(code: number, message: string, cause?: unknown): LogEngineError {
  return problemWith(
    passing.has(code) ? 'unavailable' : 'refused',
    cures[code] ?? `${message} (${code})`,
    cause,
  )
}

export function slow(cause?: unknown): LogEngineError {
  return problemWith('timeout', 'it has not answered in time. It is asked anew on another connection', cause)
}

/** Whether JetStream said that there is no such stream. */
export function isNoStream(error: unknown): boolean {
  return error instanceof JetStreamApiError && error.code === apiCode.streamNotFound
}
