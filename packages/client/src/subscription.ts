/// <reference lib="esnext.disposable" />

/** A subscription with handlers. */
export interface Subscription extends AsyncDisposable {
  /** What is subscribed to: `orders/42`. */
  readonly address: string
  /**
   * Resolves when the server has confirmed where it begins: what is published from then on will come. It resolves too when
   * nothing will ever come, because the topic is complete. It rejects with what ended the subscription before, such as
   * the `ConnectionError` of a refusal, or with an `AbortError` (`code` is `closed`) when it was closed. Nobody has to look at it.
   */
  readonly ready: Promise<void>
  /**
   * Where it stands, for `from` another time: everything before it has been handled, and nothing after it. It moves on when
   * a handler has returned, when a loop asks for the next event (the one at which a loop is left is not handled), and
   * with heartbeats where nothing happens. `undefined` as long as no place is known.
   */
  readonly cursor: string | undefined
  /** Says that an event was handled, where that is done by hand (`ack: 'manual'`). In any order; the `cursor` stays before the first that was not. */
  ack(event: { readonly id: string }): void
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
  /** @param holds whether what was given before does not count as handled yet */
  next(holds?: boolean): Promise<IteratorResult<Event, undefined>>
  return(): Promise<IteratorResult<Event, undefined>>
  [Symbol.asyncIterator](): EventIterator<Event>
  /**
   * What `batches` stands on. Not for applications. Tells when all has come that there was, at once where it has, and returns what says up
   * to which event all is handled.
   */
  '~batch'(tell: () => void): (event: { readonly id: string }) => void
}
