import type { Position } from '@millrace/protocol'
import type { Entry } from '../feed/entry.ts'
import type { Feed } from '../feed/feed.ts'
import type { TopicInterest } from '../feed/interest.ts'
import { isGoing } from './topic-ends.ts'

/**
 * Places further on than a stream has come, where topics of it begin, as the log had them. It may lose them before the stream is there, and come as far
 * again: only the tags of their records tell.
 */
export type Marks = readonly Position[]

export const noMarks: Marks = []

/** The places where topics begin that lie beyond an offset, as far as they have tags, besides those that are known. */
export function marksBeyond(
  beyond: number,
  interests: Iterable<TopicInterest>,
  placeAt: (offset: number) => Position,
  known: Marks = noMarks,
): Marks {
  const marks = [...leftBeyond(beyond, known)]
  for (const interest of interests) {
    const place = interest.floor > beyond && isGoing(interest) ? placeAt(interest.floor) : undefined
    if (place?.tag !== undefined) marks.push(place)
  }
  return marks.length === 0 ? noMarks : marks
}

/** Those that lie beyond an offset, as far as they have tags. */
export function leftBeyond(beyond: number, marks: Marks): Marks {
  if (marks.length === 0) return noMarks
  const left = marks.filter(({ offset, tag }) => offset > beyond && tag !== undefined)
  return left.length === 0 ? noMarks : left
}

/** The offset up to which these entries, which have no holes, are surely what was there; `undefined` where no mark says otherwise. */
export function intactUpTo(entries: readonly Entry[], marks: Marks): number | undefined {
  const first = entries[0]?.offset ?? 0
  let lost = Number.POSITIVE_INFINITY
  for (const { epoch, offset, tag } of marks) {
    const entry = entries[offset - first]
    if (entry !== undefined && entry.epoch === epoch && entry.tag !== tag) lost = Math.min(lost, offset)
  }
  return lost === Number.POSITIVE_INFINITY ? undefined : lost - 1
}

/** Whether the feed has come by a mark, and may hold another record there. */
export function mayBeLost(feed: Pick<Feed, 'position' | 'at'>, marks: Marks): boolean {
  const { position } = feed
  return marks.some(
    ({ epoch, offset, tag }) =>
      epoch === position.epoch && offset <= position.offset && feed.at(epoch, offset).tag !== tag,
  )
}
