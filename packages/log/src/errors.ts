import { MillraceError } from '@millrace/protocol'

const code = 'log-closed'

/** Something was asked of a log that had been closed. The fault is the caller's: it outlived its log. */
export class LogClosedError extends MillraceError {
  constructor() {
    super('LogClosedError', code, 'The log is closed')
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is LogClosedError {
    return MillraceError.isInstance(value, code)
  }
}
