import type { EventTypes, Topic } from '@millrace/contract'

/** Settings of one publication. */
export interface PublishOptions {
  /** Idempotency key: publishing it again, as long as the log holds the first, changes nothing and gives the first id. */
  readonly key?: string
  /**
   * The trace that it belongs to, as a `traceparent` of W3C Trace Context, such as the header of the request that led to it. It goes with the
   * event to its subscribers. What is no such text is left out. @default that of the instrumentation, where there is one
   */
  readonly trace?: string | undefined
}

/** Settings of a publication within a transaction of the application. */
export interface TransactionOptions {
  /**
   * The transaction, as the log takes it: for `@millrace/log-postgres`, what runs statements within it (`query(text, values)`). The event is
   * published when it commits, and never when it is rolled back.
   */
  readonly transaction: object
}

/** An event that is in the log. */
export interface Published {
  /** Its place, which is the cursor to resume from after it. Opaque. */
  readonly id: string
}

/** An event of a channel, on its way: `{ name: 'placed', data: { total: 10 } }`. */
export type NewEvent<Events extends EventTypes = EventTypes> = {
  readonly [Name in keyof Events & string]: PublishOptions & {
    readonly name: Name
    readonly data: Events[Name]['data']
  }
}[keyof Events & string]

/** One of several publications: a topic, and an event of its channel. */
export type PublishItem<T extends Topic = Topic> = { readonly topic: T } & (T extends Topic<
  infer _Params,
  infer Events
>
  ? NewEvent<Events>
  : never)

/** What `publishMany` takes: each item's data is that of its own topic. */
export type PublishItems<Topics extends readonly Topic[]> = readonly [
  ...{ [Index in keyof Topics]: PublishItem<Topics[Index]> },
]
