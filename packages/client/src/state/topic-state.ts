import type { StateOf, Topic, WireStateOf } from '@millrace/contract'
import type { Clock } from '../clock.ts'
import type { EventClient } from '../event-client.ts'

/**
 * How a state is.
 *
 * - `loading`: it has not been known yet; the value is that of `initial`, where there is one.
 * - `live`: it has all that the server had when the stream was opened, and everything since.
 * - `stale`: it was live. The link is down, or the state cannot go on and a fresh one is waited for.
 * - `ended`: nothing will come any more: the topic is complete, or it was closed.
 * - `failed`: the server refuses for good, or what was sent cannot be read; see `error`.
 */
export type StateStatus = 'loading' | 'live' | 'stale' | 'ended' | 'failed'

/** A state as it is at one moment. */
export interface StateView<State> {
  /** `undefined` before the first. */
  readonly value: State | undefined
  readonly status: StateStatus
  /** Why it is `failed`, or why it has to be asked for anew while it is `loading` or `stale`. */
  readonly error: unknown
}

/** A state that follows its topic. */
export interface TopicState<State> extends StateView<State>, AsyncDisposable {
  /** All of it at this moment: one object until something changes, so that it may be compared. */
  readonly view: StateView<State>
  /** Calls a listener after each change, once for all those of a turn. Returns what takes it away. May be passed on without its object. */
  readonly subscribe: (listener: () => void) => () => void
  /**
   * Resolves when it is live for the first time, or ended. It rejects with the `error` when it failed, and with an `AbortError`
   * (`code` is `closed`) when it was closed before. Nobody has to look at it.
   */
  readonly ready: Promise<void>
  /** Ends it. The value stays. */
  readonly close: () => void
}

/** What `events.state(topic)` of a server tells, as it comes through JSON. `snapshot` makes the first state of it. */
export interface HandedOver<T extends Topic> {
  readonly wire: WireStateOf<T>
  /** Version of the state's schema. @default 1 */
  readonly version?: number
  readonly id: string
}

/** Settings of a state. */
export interface StateOptions<T extends Topic, State> {
  /**
   * What it begins with: a state, or what a server has handed over. With an `id`, the cursor of that state, it goes on from there: as a page that was rendered by a server hands it over.
   * Without one it is what a history is folded upon, and so is needed where a channel has no snapshot.
   */
  readonly initial?: [StateOf<T>] extends [never]
    ? { readonly state: State; readonly id?: string }
    : { readonly state: State; readonly id: string } | HandedOver<T>
  /** Closes it when it is aborted. */
  readonly signal?: AbortSignal
  /** @default the runtime's clock */
  readonly clock?: Clock
  /** A number from 0 up to 1, to spread requests for fresh states by. @default Math.random */
  readonly random?: () => number
}

/** What a state needs of a client. */
export type StateClient = Pick<EventClient, 'subscribe'>
