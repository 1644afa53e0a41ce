import { MillraceError } from '@millrace/protocol'

/**
 * What is wrong with a log's engine.
 *
 * - `unavailable`: it cannot be reached, or the connection broke. Whether what was under way was done is not known.
 * - `timeout`: it did not answer in time. Whether what was under way was done is not known.
 * - `refused`: it answered that it will not: no rights, no room, a limit of its own.
 * - `settings`: it is set up in a way in which it would lose events.
 * - `foreign`: what stands there is no log of Millrace, or one of a later version.
 * - `record`: a record cannot be kept unchanged; the engine is sound.
 */
export type LogEngineProblem = 'unavailable' | 'timeout' | 'refused' | 'settings' | 'foreign' | 'record'

const code = 'log-engine'

/** A log's engine could not do what was asked. `message` says what to do about it, and never holds a password. */
export class LogEngineError extends MillraceError {
  /** Which engine: `redis`. */
  readonly engine: string
  /** What is wrong, to branch on. */
  readonly problem: LogEngineProblem

  constructor(engine: string, problem: LogEngineProblem, message: string, options?: ErrorOptions) {
    super('LogEngineError', code, message, options)
    this.engine = engine
    this.problem = problem
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is LogEngineError {
    return MillraceError.isInstance(value, code)
  }
}
