import { isBeginner, type Place, requestFor, type StreamRequest } from '@millrace/protocol'
import type { Subscriber } from './subscriber.ts'

/** What a stream is to be asked for, and for whom. */
export interface StreamPlan {
  readonly members: Set<Subscriber>
  /** Where they stood. */
  readonly places: ReadonlyMap<Subscriber, Place>
  /** Those of them that no stream has told a place yet. */
  readonly beginners: readonly Subscriber[]
  readonly request: StreamRequest
  /** Whether it may be given up for one that brings more while it is being opened. */
  readonly isReplaceable: boolean
}

/** Plans the stream for some subscriptions. */
export function planStream(subscribers: Iterable<Subscriber>, poll: boolean): StreamPlan {
  const all = [...subscribers]
  const beginners = all.filter(isBeginner)
  return {
    members: new Set(all),
    places: new Map(all.map((subscriber) => [subscriber, subscriber.place])),
    beginners,
    request: { ...requestFor(all), poll },
    // A poll may take long to be answered, and those who have a place lose nothing when another one is asked for.
    isReplaceable: poll && !beginners[0],
  }
}
