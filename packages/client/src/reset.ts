import type { ResetVerdict } from '@millrace/protocol'

/** The name of a {@link Reset}, as it stands among the names of events. */
export const resetName = 'millrace.reset'

/**
 * A subscription could not go on where it was: events may be missing here. It stands in the order of the events, in its place
 * among them, and the subscription goes on after it.
 */
export interface Reset {
  readonly name: typeof resetName
  /** Why it could not. */
  readonly data: { readonly verdict: ResetVerdict }
  /** The address that was subscribed to, which may be a pattern. */
  readonly topic: string
  /** The cursor from which it goes on. Opaque. */
  readonly id: string
}

/** Whether what is delivered is a reset, and not an event. No contract can have an event of this name. */
export function isReset(event: { readonly name: string }): event is Reset {
  return event.name === resetName
}
