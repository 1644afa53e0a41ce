import { ConnectionError, type ConnectionErrorData, type ConnectionFault } from '../connection-error.ts'
import type { ConnectionStatus } from '../status.ts'
import type { CarriedStatus } from './messages.ts'

/** A `ConnectionError` on its way: a copy would keep neither its class nor what it carries, and its cause may not be one that can be copied. */
export interface CarriedError extends Omit<ConnectionErrorData, 'cause'> {
  readonly reason: ConnectionFault
  readonly message: string
}

// One for each, so that it can be seen that several subscriptions are told the same.
const known = new WeakMap<ConnectionError, CarriedError>()

export function carryError(error: ConnectionError): CarriedError {
  const carried = known.get(error) ?? describe(error)
  known.set(error, carried)
  return carried
}

function describe(error: ConnectionError): CarriedError {
  // The cause is not enumerable.
  return { ...error, message: error.message }
}

export function readError({ reason, message, ...data }: CarriedError): ConnectionError {
  return new ConnectionError(reason, message, data)
}

export function carryStatus({ cause, ...status }: ConnectionStatus): CarriedStatus {
  return cause ? { ...status, cause: carryError(cause) } : status
}

export function readStatus({ cause, ...status }: CarriedStatus): ConnectionStatus {
  return cause ? { ...status, cause: readError(cause) } : status
}
