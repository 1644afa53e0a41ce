import type { StreamEvent, Undecoded } from '@millrace/contract'
import { isErrorOf, MillraceError } from '@millrace/protocol'
import type { Reset } from './reset.ts'
import type { Snapshot } from './snapshot.ts'

const code = 'handler'

/** What a handler can be given. */
export type Delivered = StreamEvent | Undecoded<StreamEvent> | Snapshot | Omit<Snapshot, 'params'> | Reset

/** A handler threw, or its promise was rejected: see `cause`. The stream goes on after the event. */
export class HandlerError extends MillraceError {
  /** What the handler was given; `undefined` for a listener to the status. */
  declare readonly event: Delivered | undefined

  constructor(event: Delivered | undefined, cause: unknown) {
    super('HandlerError', code, `The handler of ${event?.name ?? 'the status'} failed: ${cause}`, {
      cause,
      event,
    })
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override readonly isInstance = /* @__PURE__ */ isErrorOf<HandlerError>(code)
}
