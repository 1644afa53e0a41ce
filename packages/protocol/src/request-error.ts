import { isErrorOf, MillraceError } from './errors.ts'

const code = 'request'

/** A stream request that cannot be understood. The fault is the caller's. */
export class RequestError extends MillraceError {
  /** The parameter that is wrong. */
  declare readonly parameter: string

  constructor(parameter: string, problem: string) {
    super('RequestError', code, `"${parameter}" ${problem}`, { parameter })
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override readonly isInstance = /* @__PURE__ */ isErrorOf<RequestError>(code)
}
