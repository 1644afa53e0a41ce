import { LogEngineError, type LogEngineProblem } from '@millrace/log/engine'
import { findErrorBy } from '@platformatic/kafka'

const engine = 'kafka'

export function problemWith(problem: LogEngineProblem, message: string, cause?: unknown): LogEngineError {
  return new LogEngineError(engine, problem, `Kafka: ${message}`, cause === undefined ? undefined : { cause })
}

// https://kafka.apache.org/protocol#protocol_error_codes
const cures: Readonly<Record<string, readonly [LogEngineProblem, string]>> = {
  REQUEST_TIMED_OUT: ['timeout', 'the replicas did not answer in time'],
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: ['timeout', 'too few replicas have the events (min.insync.replicas)'],
  NOT_ENOUGH_REPLICAS: [
    'refused',
    'too few replicas are in sync (min.insync.replicas). Nothing was appended; see to the brokers',
  ],
  MESSAGE_TOO_LARGE: [
    'refused',
    'the events of one call are larger than the topic’s max.message.bytes: raise it',
  ],
  RECORD_LIST_TOO_LARGE: [
    'refused',
    'the events of one call are larger than a segment (segment.bytes): raise it',
  ],
  TOPIC_AUTHORIZATION_FAILED: [
    'refused',
    'this user may not do that with the topic: allow it Read, Write, Describe and DescribeConfigs, Create where there is none, and Delete for trim, restart, maxRecords and maxAge',
  ],
  CLUSTER_AUTHORIZATION_FAILED: ['refused', 'this user may not do that in the cluster'],
  POLICY_VIOLATION: ['refused', 'a policy of the cluster forbids it'],
  INVALID_REPLICATION_FACTOR: [
    'refused',
    'the topic cannot be made with so many copies: there are fewer brokers (create.replicas)',
  ],
  UNSUPPORTED_VERSION: ['refused', 'it is too old. Version 3.1 or later is needed'],
}

/** What passes by itself, and means that the leader has to be looked for again. */
const passing = new Set([
  'BROKER_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'FENCED_LEADER_EPOCH',
  'INCONSISTENT_TOPIC_ID',
  'KAFKA_STORAGE_ERROR',
  'LEADER_NOT_AVAILABLE',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PARTITION',
])

/** The name of what a broker answered (`NOT_LEADER_OR_FOLLOWER`), where it was an answer. */
export function answerOf(error: unknown): string | undefined {
  if (LogEngineError.isInstance(error)) return answerOf(error.cause)
  if (!(error instanceof Error)) return undefined
  const found = findErrorBy(error, 'code', 'PLT_KFK_PROTOCOL')
  const name: unknown = found?.apiId
  return typeof name === 'string' ? name : undefined
}

/** Whether a broker answered that it is not the one to be asked now, and did nothing. */
export function isPassing(error: unknown): boolean {
  const answer = answerOf(error)
  return answer !== undefined && passing.has(answer)
}

/** What the client threw, as an error of the log. Addresses and passwords do not get into its message. */
export function translate(error: unknown): LogEngineError {
  if (LogEngineError.isInstance(error)) return error
  const answer = answerOf(error)
  const cause = error instanceof Error ? error : undefined
  if (has(cause, 'PLT_KFK_AUTHENTICATION') || answer === 'SASL_AUTHENTICATION_FAILED') {
    return problemWith('refused', 'it does not accept this user and password: look at connection.sasl', error)
  }
  if (answer !== undefined) {
    const [problem, cure] = cures[answer] ?? []
    if (problem && cure) return problemWith(problem, cure, error)
    return passing.has(answer)
      ? problemWith(
          'unavailable',
          `the topic has no leader yet (${answer}). The log goes on when it has`,
          error,
        )
      : problemWith('refused', `it answered ${answer}`, error)
  }
  if (has(cause, 'PLT_KFK_TIMEOUT') && !/^Connection/.test(cause?.message ?? '')) {
    return problemWith(
      'timeout',
      'it has not answered in time. It is asked anew on another connection',
      error,
    )
  }
  const code = cause && reasonOf(cause)
  return problemWith(
    'unavailable',
    `it cannot be reached (${code ?? 'no connection'}). The log goes on by itself when it can`,
    error,
  )
}

const has = (error: Error | undefined, code: string) =>
  error !== undefined && (findErrorBy(error, 'code', code) !== null || isCode(error.cause, code))
const isCode = (error: unknown, code: string) => (error as { readonly code?: unknown } | null)?.code === code

// The innermost code: ECONNREFUSED, ENOTFOUND.
function reasonOf(error: unknown): string | undefined {
  const { code, cause } = (error ?? {}) as { readonly code?: unknown; readonly cause?: unknown }
  return (cause === undefined ? undefined : reasonOf(cause)) ?? (typeof code === 'string' ? code : undefined)
}
