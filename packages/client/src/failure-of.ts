import { SseLimitError } from '@millrace/protocol'
import { ConnectionError } from './connection-error.ts'

/** What was thrown while a stream was asked for or read, as why it ended. */
export function failureOf(error: unknown): ConnectionError {
  if (ConnectionError.isInstance(error)) return error
  const reason = SseLimitError.isInstance(error) ? 'protocol' : 'network'
  const { message = `${error}` } = (error ?? {}) as Partial<Error>
  return new ConnectionError(reason, message, { cause: error })
}
