import { controlEvent, controlPrefix } from './control.ts'
import { formatCursor, nowhere } from './cursor.ts'
import type { Place } from './place.ts'
import { protocolVersion, type StreamRequest } from './stream-request.ts'

/** What a subscriber wants of a stream. */
export interface Want {
  readonly address: string
  /** The names of what it takes, resets and snapshots among them; all when absent. */
  readonly names: ReadonlySet<string> | undefined
  readonly place: Place
}

/** Whether no stream has told it a place yet, so that it begins with what comes. */
export function isBeginner({ place }: Want): boolean {
  return place === 'now' || place === nowhere
}

/**
 * The request of one stream for all of these. Those of one address that stand at the same place are one topic. Where they do not, the
 * address is asked for once for each place: one that begins at the oldest record must not hide from another that it was trimmed.
 */
export function requestFor(wants: readonly Want[]): StreamRequest {
  // Beginners last, because the server tells the first verdict that is a reset, and that of those who have no place says nothing.
  const ordered = [...wants].sort((one, other) => +isBeginner(one) - +isBeginner(other))
  const topics = gatherTopics(ordered, ({ place }) =>
    typeof place === 'string' ? place : formatCursor(place),
  )
  // Said once for all that share it.
  const lastEventId = topics.find(({ from }) => from !== 'now' && from !== 'earliest')?.from
  return {
    topics: topics.map(({ address, from, events = [] }) => ({
      address,
      ...(from !== lastEventId && { from }),
      // Who wants resets alone cannot ask for no event at all; what comes is left to the reader.
      ...(events[0] && { events }),
    })),
    ...(lastEventId && { lastEventId }),
    version: protocolVersion,
  }
}

/** What these want of a stream, wherever they stand: equal texts are equal wants. */
export function describeWants(wants: Iterable<Want>): string {
  return gatherTopics(wants, () => '')
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

function gatherTopics(wants: Iterable<Want>, startOf: (want: Want) => string): Wanted[] {
  const topics = new Map<string, Wanted>()
  for (const want of wants) {
    const { address, names } = want
    const from = startOf(want)
    const known = topics.get(`${address};${from}`)
    const all = !names || (known && !known.events)
    const events = all
      ? undefined
      : [...new Set([...(known?.events ?? []), ...names])].filter(
          (name) => name === controlEvent.snapshot || !name.startsWith(controlPrefix),
        )
    topics.set(`${address};${from}`, { address, from, events })
  }
  return [...topics.values()]
}
