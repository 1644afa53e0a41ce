import type { EventNameOf, EventOf, StateOf, Topic } from '@millrace/contract'
import type { SnapshotOf } from '../snapshot.ts'

/**
 * What a state becomes with each event, by the event's name; only those events are sent. Each answers the new state, another object where
 * something has changed. `snapshot` makes it of what the server knows, and has to stand first for the types of the others.
 *
 * A channel without a snapshot in the contract has none: its state is folded from its whole history.
 */
export type StateReducers<T extends Topic, State> = ([StateOf<T>] extends [never]
  ? { readonly snapshot?: never }
  : { readonly snapshot: (data: StateOf<T>, snapshot: SnapshotOf<T>) => State }) & {
  readonly [Name in Exclude<EventNameOf<T>, 'snapshot'>]?: (
    state: State,
    event: EventOf<T, Name & EventNameOf<T>>,
  ) => State
}
