import type { SubscribeOptions } from './event-client.ts'
import type { Settings } from './options.ts'
import type { Consumer, Interest, Subscriber } from './subscriber.ts'
import type { Subscription } from './subscription.ts'

/** What remembers where durable subscriptions stand: `cursorStorage` of `@millrace/client/storage` makes it. */
export interface CursorStorage {
  /** What a client stands on, as the next. Not for applications. */
  readonly '~keep': (seat: DurableSeat) => Subscription
  /** Resolves when everything is kept that was handled. */
  readonly '~flush': () => Promise<unknown>
}

/** A subscription that is to be durable, or acknowledged by hand. */
export interface DurableSeat {
  readonly settings: Settings
  readonly call: Interest & Pick<SubscribeOptions, 'durable' | 'ack'>
  /** Makes it of what opens it with what takes its events: a handler's, or that of an iterator. */
  readonly make: (start: (consumer: Consumer) => Subscription) => Subscription
  readonly open: (interest: Interest, consumer: Consumer, begin: Begin) => Subscription
}

/** Is to call `start` once the subscriber has its place. */
export type Begin = (subscriber: Subscriber, start: () => void) => void
