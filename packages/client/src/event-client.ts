/// <reference lib="esnext.disposable" />

import type { EventNameOf, EventOf, StreamEvent, Topic, TopicPattern, Undecoded } from '@millrace/contract'
import type { Reset } from './reset.ts'
import type { Snapshot, SnapshotOf, UndecodedSnapshot } from './snapshot.ts'
import type { ConnectionStatus, StatusListener } from './status.ts'
import type { Consumer } from './subscriber.ts'
import type { EventIterator, Subscription } from './subscription.ts'

/** Settings of one subscription. */
export interface SubscribeOptions {
  /**
   * Where it begins: with what is published from now on, with the oldest event that the server holds, or after an event, by its
   * `id`. @default 'now'
   */
  readonly from?: 'now' | 'earliest' | (string & {})
  /** Closes the subscription when it is aborted. */
  readonly signal?: AbortSignal
  /**
   * What becomes of the subscription when an event does not fit the contract. `onError` is told in any case: the event is left out
   * and the subscription goes on (`report`), or it is over, and an iterator throws the `EventDataError` (`end`). @default 'report'
   */
  readonly invalid?: 'report' | 'end'
  /**
   * Makes the subscription durable, under this name: it goes on where the one of this name, identity and address was when its
   * client was gone, and begins at `from` only where there was none. Needs the client's option `storage`.
   */
  readonly durable?: string
  /**
   * An event counts as handled when `subscription.ack(event)` says so, and not when its handler has returned or the next one is asked
   * for; so does a snapshot, and a reset. Of the `cursor`, and of what is kept of it; after a failure of the link the subscription goes on where it
   * was. Needs the client's option `storage`.
   */
  readonly ack?: 'manual'
  /** What `state` stands on. Not for applications. */
  readonly '~watch'?: Omit<Consumer, 'consume'>
}

/** What can be subscribed to: a topic, or every topic of a channel. */
export type Target = Topic | TopicPattern

/** The names that a subscription can be limited to. */
export type NameOf<T extends Target> = EventNameOf<T> | SnapshotOf<T>['name'] | Reset['name']

/** What a subscription with these names is given. */
export type Named<T extends Target, Name extends NameOf<T>> =
  | EventOf<T, Exclude<Name, Reset['name'] | Snapshot['name']> & EventNameOf<T>>
  | (Snapshot['name'] extends Name ? SnapshotOf<T> : never)
  | (Reset['name'] extends Name ? Reset : never)

/** A handler for each event, by its name; only the events that have one are sent. */
export type EventHandlers<T extends Target> = {
  readonly [Name in EventNameOf<T>]?: (event: EventOf<T, Name>) => unknown
} & {
  /** The state of the topic, where the subscription begins or could not go on. Without this handler, the latter is told as a reset. */
  readonly [Name in SnapshotOf<T>['name']]?: (snapshot: SnapshotOf<T>) => unknown
} & {
  /** The subscription could not go on where it was. Without this handler, `onError` is told. */
  readonly 'millrace.reset'?: (reset: Reset) => unknown
}

/**
 * Subscribes to topics, over one stream for all of them. Handlers are called in the order of the events; a promise that one
 * returns is awaited before anything else is delivered, and only then the subscription's position moves on. One that throws is
 * reported to `onError`, and the subscription goes on.
 *
 * Every form throws a `TypeError` for arguments that cannot be, and when the client is closed.
 */
export interface Subscribe {
  // The compiler tells the error of the last form that could be meant, so those where names can be mistyped come last.
  /**
   * Iterates over what comes from an address. Nothing is decoded or checked: `data` is the JSON that was sent, and that it
   * is of type `Event` is the caller's word alone.
   */
  <Event extends StreamEvent | Snapshot = StreamEvent>(
    address: string,
    options?: SubscribeOptions,
  ): EventIterator<Undecoded<Event> | UndecodedSnapshot<Event> | Reset>
  /**
   * Calls a handler with what comes from an address. Nothing is decoded or checked: `data` is the JSON that was sent, and that
   * it is of type `Event` is the caller's word alone.
   */
  <Event extends StreamEvent | Snapshot = StreamEvent>(
    address: string,
    handler: (event: Undecoded<Event> | UndecodedSnapshot<Event> | Reset) => unknown,
    options?: SubscribeOptions,
  ): Subscription
  /** Iterates over all events, snapshots, and resets. */
  <T extends Target>(topic: T, options?: SubscribeOptions): EventIterator<EventOf<T> | SnapshotOf<T> | Reset>
  /** Calls a handler with all events, snapshots, and resets. */
  <T extends Target>(
    topic: T,
    handler: (event: EventOf<T> | SnapshotOf<T> | Reset) => unknown,
    options?: SubscribeOptions,
  ): Subscription
  /** Iterates over the events of some names. Snapshots and resets come only if they are named; `onError` is told of the resets else. */
  <T extends Target, const Name extends NameOf<T>>(
    topic: T,
    names: Name | readonly Name[],
    options?: SubscribeOptions,
  ): EventIterator<Named<T, Name>>
  /** Calls the handler of each event. */
  <T extends Target>(topic: T, handlers: EventHandlers<T>, options?: SubscribeOptions): Subscription
  /** Calls a handler with the events of some names. Snapshots and resets come only if they are named; `onError` is told of the resets else. */
  <T extends Target, const Name extends NameOf<T>>(
    topic: T,
    names: Name | readonly Name[],
    handler: (event: Named<T, Name>) => unknown,
    options?: SubscribeOptions,
  ): Subscription
}

/** Subscribes to events, and goes on after every failure where it was. */
export interface EventClient extends AsyncDisposable {
  readonly subscribe: Subscribe
  /** How the connection is now. */
  readonly status: ConnectionStatus
  /** Calls a listener with each new status. Returns what takes it away. */
  onStatus(listener: StatusListener): () => void
  /**
   * Opens a new stream at once, also while the client waits for its next attempt. One that is open goes on until the new one takes its
   * place, without loss. Does nothing without subscriptions, and while a stream is being opened.
   */
  reconnect(): void
  /** Closes every subscription and the stream. Resolves when that is done; calling it again gives the same promise. */
  close(): Promise<void>
}
