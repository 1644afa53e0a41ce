import {
  controlPrefix,
  formatCursor,
  nowhere,
  type Place,
  type Position,
  parseCursor,
  protocolVersion,
  type StreamRequest,
} from '@millrace/protocol'
import type { OpenFrame } from './control.ts'
import { snapshotName } from './snapshot.ts'
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

/**
 * Plans the stream for some subscriptions. Those of one address that stand at the same place are one topic. Where they do not, the
 * address is asked for once for each place: one that begins at the oldest record must not hide from another that it was trimmed.
 */
export function planStream(subscribers: readonly Subscriber[]): StreamPlan {
  const beginners = subscribers.filter(({ place }) => place === 'now' || place === nowhere)
  // Last, because the server tells the first verdict that is a reset, and that of those who have no place says nothing.
  const ordered = subscribers.filter((subscriber) => !beginners.includes(subscriber)).concat(beginners)
  const topics = gatherTopics(ordered, ({ place }) =>
    typeof place === 'string' ? place : formatCursor(place),
  )
  // Said once for all that share it.
  const lastEventId = topics.find(({ from }) => from !== 'now' && from !== 'earliest')?.from
  return {
    subscribers,
    lives: subscribers.map(lifeOf),
    beginners,
    request: {
      topics: topics.map(({ address, from, events = [] }) => ({
        address,
        ...(from !== lastEventId && { from }),
        // Who wants resets alone cannot ask for no event at all; what comes is left to the router.
        ...(events[0] && { events }),
      })),
      ...(lastEventId && { lastEventId }),
      version: protocolVersion,
    },
  }
}

/**
 * Whether the stream before has led somebody into another life of the log while this one was opened. This one would tell of the older
 * life once more, where nothing can be compared with what they know already.
 */
export function isOutlived({ subscribers, lives }: StreamPlan, { id, now = id }: OpenFrame): boolean {
  return subscribers.some((subscriber, index) => {
    const before = lives[index] ?? lifeOf({ place: parseCursor(now) })
    const life = lifeOf(subscriber)
    return before && life && life !== before
  })
}

// Of who has no place, or begins nowhere, it is not known.
function lifeOf({ place }: { readonly place: Place | undefined }): string | undefined {
  const { epoch } = (place ?? nowhere) as Partial<Position>
  return epoch === nowhere.epoch ? undefined : epoch
}

/** What subscriptions want of the server, wherever they stand: equal texts are equal wants. */
export function describeWants(subscribers: Iterable<Subscriber>): string {
  return gatherTopics(subscribers, () => '')
    .map(({ address, events }) => `${address};${events?.sort()}`)
    .sort()
    .join()
}

interface Wanted {
  readonly address: string
  readonly from: string
  /** All when absent. */
  readonly events: string[] | undefined
}

function gatherTopics(
  subscribers: Iterable<Subscriber>,
  startOf: (subscriber: Subscriber) => string,
): Wanted[] {
  const topics = new Map<string, Wanted>()
  for (const subscriber of subscribers) {
    const { address, names } = subscriber
    const from = startOf(subscriber)
    const known = topics.get(`${address};${from}`)
    const all = !names || (known && !known.events)
    const events = all
      ? undefined
      : [...new Set([...(known?.events ?? []), ...names])].filter(
          (name) => name === snapshotName || !name.startsWith(controlPrefix),
        )
    topics.set(`${address};${from}`, { address, from, events })
  }
  return [...topics.values()]
}
