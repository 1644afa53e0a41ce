import { MillraceError, type ProblemCode } from '@millrace/protocol'
import type { RefusalCause } from '../telemetry/server-stats.ts'

/** What else there is to say of a refusal. */
export interface RefusalAbout {
  /** The address that it is about, as it was asked for. */
  readonly topic?: string | undefined
  /** All addresses that it is about, where there may be several. */
  readonly topics?: readonly string[] | undefined
  /** The `WWW-Authenticate` header. */
  readonly challenge?: string | undefined
  /** What it is counted as. @default what its code says */
  readonly cause?: RefusalCause | undefined
}

/** A request that is answered with a problem in place of a stream. */
export class RefusalError extends MillraceError {
  readonly problem: ProblemCode
  readonly about: RefusalAbout

  constructor(problem: ProblemCode, detail: string, about: RefusalAbout = {}) {
    super('RefusalError', 'refusal', detail)
    this.problem = problem
    this.about = about
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is RefusalError {
    return MillraceError.isInstance(value, 'refusal')
  }
}
