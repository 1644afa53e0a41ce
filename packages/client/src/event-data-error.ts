import type { DataFault, Issue } from '@millrace/contract'
import { MillraceError } from '@millrace/protocol'

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
  readonly reason: EventDataFault
  /** What is wrong with the data, and where in it. */
  readonly issues: readonly Issue[]
  /** The event's name. */
  readonly event: string
  /** The address that it was published to. */
  readonly topic: string
  /** The event's place in its log. */
  readonly id: string

  constructor(
    reason: EventDataFault,
    problem: string,
    event: { readonly name: string; readonly topic: string; readonly id: string },
    cause?: unknown,
  ) {
    super('EventDataError', code, `Event "${event.name}" of ${event.topic} was left out: ${problem}`, {
      cause,
    })
    this.reason = reason
    // The contract is known by its types alone, so its error is known by what it carries.
    this.issues = (cause as { readonly issues?: readonly Issue[] } | undefined)?.issues ?? []
    this.event = event.name
    this.topic = event.topic
    this.id = event.id
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is EventDataError {
    return MillraceError.isInstance(value, code)
  }
}
