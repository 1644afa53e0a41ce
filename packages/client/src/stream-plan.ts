import { isBeginner, lifeOf, parseCursor, requestFor, type StreamRequest } from '@millrace/protocol'
import type { OpenFrame } from './control.ts'
import type { Subscriber } from './subscriber.ts'

/** What a stream is to be asked for, and for whom. */
export interface StreamPlan {
  readonly subscribers: readonly Subscriber[]
  /** In which life of the log each of them stood when it was asked for. */
  readonly lives: readonly (string | undefined)[]
  /** Those of them that no stream has told a place yet. */
  readonly beginners: readonly Subscriber[]
  readonly request: StreamRequest
}

/** Plans the stream for some subscriptions. */
export function planStream(subscribers: readonly Subscriber[]): StreamPlan {
  return {
    subscribers,
    lives: subscribers.map(({ place }) => lifeOf(place)),
    beginners: subscribers.filter(isBeginner),
    request: requestFor(subscribers),
  }
}

/**
 * Whether the stream before has led somebody into another life of the log while this one was opened. This one would tell of the older
 * life once more, where nothing can be compared with what they know already.
 */
export function isOutlived({ subscribers, lives }: StreamPlan, { id, now = id }: OpenFrame): boolean {
  return subscribers.some(({ place }, index) => {
    const before = lives[index] ?? lifeOf(parseCursor(now))
    const life = lifeOf(place)
    return before && life && life !== before
  })
}
