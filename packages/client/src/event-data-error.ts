import type { DataError, DataFault, Issue } from '@millrace/contract'
import { isErrorOf, MillraceError } from '@millrace/protocol'

const code = 'event-data'

/**
 * Why an event could not be read.
 *
 * - `invalid`, `newer-version`, `no-upgrade`: as the contract judged its data.
 * - `unknown-event`: the contract has no event of this name; the server's is newer.
 * - `address`: the address that it was published to does not fit the channel's params.
 * - `malformed`: the data is no JSON, or the version no number.
 */
export type EventDataFault = DataFault | 'unknown-event' | 'address' | 'malformed'

/** An event that does not fit the contract. It was left out, and the stream goes on after it. */
export class EventDataError extends MillraceError {
  declare readonly reason: EventDataFault
  /** What is wrong with the data, and where in it. */
  declare readonly issues: readonly Issue[]
  /** The event's name. */
  declare readonly event: string
  /** The address that it was published to. */
  declare readonly topic: string
  /** The event's place in its log. */
  declare readonly id: string

  constructor(
    reason: EventDataFault,
    place: { readonly event: string; readonly topic: string; readonly id: string },
    cause?: unknown,
  ) {
    // The contract is known by its types alone, so its error is known by what it carries.
    const { issues = [], message = reason } = (cause ?? {}) as Partial<DataError>
    super('EventDataError', code, `Event "${place.event}" of ${place.topic} left out: ${message}`, {
      cause,
      reason,
      issues,
      ...place,
    })
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override readonly isInstance = /* @__PURE__ */ isErrorOf<EventDataError>(code)
}
