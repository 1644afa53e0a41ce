import type { ConnectionError } from '../connection-error.ts'
import type { EventSourceOptions } from './options.ts'

// Written down here because not every runtime's declarations have an `EventSource`, and those that do differ. What
// `event-source.test-d.ts` holds is that this one can stand for the DOM's wherever that is asked for.

/** The event `error`. */
export interface EventSourceErrorEvent extends Event {
  /** Why the stream failed. `final` says whether that was the end of it. */
  readonly error?: ConnectionError
}

/** The events that every source has, by name. Those that a server names are each a `MessageEvent`. */
export interface EventSourceEventMap {
  readonly open: Event
  readonly message: MessageEvent
  readonly error: EventSourceErrorEvent
}

/** What `addEventListener` takes beside the listener, as any `EventTarget` does. */
export interface EventSourceListenerOptions {
  readonly capture?: boolean
  readonly once?: boolean
  readonly passive?: boolean
  readonly signal?: AbortSignal
}

type Listener<E> = (this: EventSource, event: E) => unknown
interface ListenerObject {
  handleEvent(event: Event): void
}

/** A stream of server-sent events that is opened again whenever it is cut. [HTML standard, section 9.2] */
export interface EventSource extends EventTarget {
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSED: 2
  /** The address, absolute. */
  readonly url: string
  readonly withCredentials: boolean
  /** `CONNECTING`, also while the next attempt is waited for, `OPEN`, or `CLOSED` for good. */
  readonly readyState: number
  onopen: Listener<Event> | null
  onmessage: Listener<MessageEvent> | null
  onerror: Listener<EventSourceErrorEvent> | null
  /** Ends the stream, or the wait for it. No event is fired after it. */
  close(): void
  addEventListener<Name extends keyof EventSourceEventMap>(
    type: Name,
    listener: Listener<EventSourceEventMap[Name]>,
    options?: boolean | EventSourceListenerOptions,
  ): void
  addEventListener(
    type: string,
    listener: Listener<MessageEvent>,
    options?: boolean | EventSourceListenerOptions,
  ): void
  addEventListener(
    type: string,
    listener: Listener<Event> | ListenerObject | null,
    options?: boolean | EventSourceListenerOptions,
  ): void
  removeEventListener<Name extends keyof EventSourceEventMap>(
    type: Name,
    listener: Listener<EventSourceEventMap[Name]>,
    options?: boolean | EventListenerOptions,
  ): void
  removeEventListener(
    type: string,
    listener: Listener<MessageEvent>,
    options?: boolean | EventListenerOptions,
  ): void
  removeEventListener(
    type: string,
    listener: Listener<Event> | ListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void
}

export interface EventSourceConstructor {
  readonly prototype: EventSource
  /**
   * @param url relative where there is a document or a location
   * @throws DOMException of the name `SyntaxError` for a URL that cannot be
   * @throws TypeError for headers that cannot be
   */
  new (url: string | URL, options?: EventSourceOptions): EventSource
  readonly CONNECTING: 0
  readonly OPEN: 1
  readonly CLOSED: 2
}
