import { MillraceError } from '@millrace/protocol'

const code = 'share'

/** Tabs cannot share a stream here: the client has one of its own, and works as ever. `cause` says what is missing. */
export class ShareError extends MillraceError {
  constructor(cause: unknown) {
    const { message = `${cause}` } = (cause ?? {}) as Partial<Error>
    super('ShareError', code, `No stream is shared among tabs, this one has its own: ${message}`, { cause })
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is ShareError {
    return MillraceError.isInstance(value, code)
  }
}
