import { isErrorOf, MillraceError, type ResetVerdict } from '@millrace/protocol'
import type { Reset } from './reset.ts'

const code = 'reset'

/** A reset of a subscription that takes none: events may be missing. The subscription goes on. */
export class ResetError extends MillraceError {
  declare readonly verdict: ResetVerdict
  /** The address that was subscribed to. */
  declare readonly topic: string
  /** The cursor from which it goes on. */
  declare readonly id: string

  constructor({ data: { verdict }, topic, id }: Reset) {
    super('ResetError', code, `${topic} could not go on (${verdict}): events may be missing`, {
      verdict,
      topic,
      id,
    })
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override readonly isInstance = /* @__PURE__ */ isErrorOf<ResetError>(code)
}
