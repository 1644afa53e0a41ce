/// <reference lib="esnext.disposable" />

/** A subscription with handlers. */
export interface Subscription extends AsyncDisposable {
  /** What is subscribed to: `orders/42`. */
  readonly address: string
  /** Ends it: no handler is called any more, not even for an event that has arrived. Calling it again does nothing. */
  close(): void
}

/**
 * A subscription whose events are iterated over. It is open from the moment it was made and holds at most 256 events; then the
 * client reads no further until there is room, for none of its subscriptions. Leaving the loop closes it.
 *
 * It ends when it is closed, when its signal is aborted, when its topic is complete or when the server says that there is
 * nothing more (204). When the server refuses it, it throws the `ConnectionError`.
 */
export interface EventIterator<Event> extends AsyncIterableIterator<Event, undefined>, Subscription {
  next(): Promise<IteratorResult<Event, undefined>>
  return(): Promise<IteratorResult<Event, undefined>>
  [Symbol.asyncIterator](): EventIterator<Event>
}
