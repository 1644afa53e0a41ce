import type { Subscriber } from './subscriber.ts'

/** What serves the subscriptions of a client. */
export interface Link {
  add(subscriber: Subscriber): void
  /** May be passed on without its object. */
  readonly remove: (subscriber: Subscriber) => void
  /** Writes down where a subscription stands. */
  settle(subscriber: Subscriber): void
  /** Opens a stream now: in the place of the one that is open, or of the wait for one. */
  reconnect(): void
  /** Ends all. Resolves when nothing is open any more. */
  close(): Promise<void>
}
