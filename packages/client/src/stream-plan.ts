import { isBeginner, requestFor, type StreamRequest } from '@millrace/protocol'
import type { Subscriber } from './subscriber.ts'

/** What a stream is to be asked for, and for whom. */
export interface StreamPlan {
  readonly members: Set<Subscriber>
  /** Those of them that no stream has told a place yet. */
  readonly beginners: readonly Subscriber[]
  readonly request: StreamRequest
}

/** Plans the stream for some subscriptions. */
export function planStream(subscribers: Iterable<Subscriber>, poll: boolean): StreamPlan {
  const all = [...subscribers]
  return { members: new Set(all), beginners: all.filter(isBeginner), request: { ...requestFor(all), poll } }
}
