import { MillraceError } from '@millrace/protocol'

const code = 'storage'

/**
 * A cursor could not be kept or read: see `cause`. When it was being kept, the subscription goes on, and the next attempt is made with the next
 * event. When it was being read, the subscription is over: to begin anywhere else would skip events.
 */
export class StorageError extends MillraceError {
  declare readonly operation: 'get' | 'set'
  /** The name of the durable subscription. */
  declare readonly durable: string
  /** The address that was subscribed to. */
  declare readonly topic: string

  constructor(operation: 'get' | 'set', durable: string, topic: string, cause: unknown) {
    const what = operation === 'get' ? 'read' : 'kept'
    super('StorageError', code, `The cursor of "${durable}" (${topic}) could not be ${what}: ${cause}`, {
      cause,
    })
    Object.assign(this, { operation, durable, topic })
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is StorageError {
    return MillraceError.isInstance(value, code)
  }
}
