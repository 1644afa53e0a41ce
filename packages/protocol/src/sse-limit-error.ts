import { isErrorOf, MillraceError } from './errors.ts'

/** A stream that asked its parser to hold more than it may. The sender is at fault; the parser has stopped. */
export class SseLimitError extends MillraceError {
  /** What grew too long. */
  declare readonly subject: 'line' | 'event'
  /** The most that was allowed, in UTF-16 code units. */
  declare readonly limit: number

  constructor(subject: 'line' | 'event', limit: number) {
    super('SseLimitError', 'sse-limit', `The stream holds a longer ${subject} than ${limit} code units`, {
      subject,
      limit,
    })
  }

  static override readonly isInstance = /* @__PURE__ */ isErrorOf<SseLimitError>('sse-limit')
}
