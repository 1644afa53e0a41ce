import type { Carried, StateOf, TopicPattern, WireStateOf } from '@millrace/contract'

/** The name of a {@link Snapshot}, as it stands among the names of events. */
export const snapshotName = 'millrace.snapshot'

declare const wire: unique symbol

/**
 * The state of a topic, in the place of all events up to there; its events follow, of which a few may be in the state already. It comes
 * when a subscription begins at `now`, and where it could not go on: then the events before it are not to be had.
 */
export interface Snapshot<State = unknown, Params = unknown, Wire = unknown> {
  readonly name: typeof snapshotName
  readonly data: State
  /** The params of the topic. */
  readonly params: Params
  /** Its address: `orders/42`. */
  readonly topic: string
  /** The cursor of the state: what was published after it follows. Opaque. */
  readonly id: string
  /** Carries the type of `data` as JSON; no value at run time. */
  readonly [wire]?: Wire
}

/** The snapshot of a channel's topics, or of one: `SnapshotOf<typeof shop.orders>`. `never` where it has none, and of patterns. */
export type SnapshotOf<Source> = Source extends TopicPattern
  ? never
  : [StateOf<Source>] extends [never]
    ? never
    : Snapshot<StateOf<Source>, ParamsOf<Source>, WireStateOf<Source>>

type ParamsOf<Source> = Source extends Carried<infer Params, infer _Events, infer _State> ? Params : unknown

/** A snapshot of which nothing is decoded: of any JSON, unless a type says of which. */
export type UndecodedSnapshot<Event> = [Extract<Event, Snapshot>] extends [never]
  ? Omit<Snapshot, 'params'>
  : Event extends Snapshot<infer _State, infer _Params, infer Wire>
    ? Omit<Snapshot<Wire>, 'params'>
    : never

/** Whether what is delivered is a snapshot, and not an event. No contract can have an event of this name. */
export function isSnapshot(event: { readonly name: string }): event is Snapshot {
  return event.name === snapshotName
}
