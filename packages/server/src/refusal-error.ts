import { MillraceError, type ProblemCode } from '@millrace/protocol'

/** A request that is answered with a problem in place of a stream. */
export class RefusalError extends MillraceError {
  readonly problem: ProblemCode
  /** The address that it is about, as it was asked for. */
  readonly topic: string | undefined

  constructor(problem: ProblemCode, detail: string, topic?: string) {
    super('RefusalError', 'refusal', detail)
    this.problem = problem
    this.topic = topic
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is RefusalError {
    return MillraceError.isInstance(value, 'refusal')
  }
}
