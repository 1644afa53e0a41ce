import { formatCursor, type Position } from '@millrace/protocol'
import type { Feed } from '../feed/feed.ts'
import type { TopicInterest } from '../feed/interest.ts'
import type { Untold } from './placement.ts'
import { isGoing } from './topic-ends.ts'

/** For which place in the log states are asked. */
export interface StatePlace {
  readonly position: Position
  /** What it has in common with others who may share an answer. */
  readonly history: number | string
}

/**
 * The newest place that is known: the newer it is, the fewer events a state has in it already.
 *
 * @param head where the log was when the topics became what they are
 * @param feed of another life, perhaps, than what was read
 */
export function statePlace(
  untold: readonly Untold[],
  head: Position,
  { position, resets }: Pick<Feed, 'position' | 'resets'>,
): StatePlace {
  // The feed may hear of what the log has lost only later, and its place may be among that.
  if (untold.some(({ verdict }) => verdict === 'ahead' || verdict === 'diverged'))
    return { position: head, history: formatCursor(head) }
  const isNewer = position.epoch === head.epoch && position.offset > head.offset
  return { position: isNewer ? position : head, history: resets }
}

/**
 * The offset of the oldest place of which a state is of use. Whoever had a place would be led back by one from before what the log still holds,
 * and by one from before where they stand others who have lost nothing of the topic.
 *
 * @param interests all of the stream
 */
export function leastOf(
  { interest, verdict }: Untold,
  untold: readonly Untold[],
  interests: readonly TopicInterest[],
): number {
  let least = verdict === 'fresh' || verdict === 'invalid' ? 0 : interest.floor
  for (const other of interests) {
    const isOfTopic = !other.pattern && other.address === interest.address && isGoing(other)
    if (isOfTopic && !untold.some((one) => one.interest === other)) least = Math.max(least, other.floor)
  }
  return least
}

/**
 * Whether the log has lost meanwhile what a state was asked for, as far as is known, so that it has to be asked for anew.
 *
 * @param head as for `statePlace`
 */
export function isOutlived(
  { epoch, offset, tag }: Position,
  head: Position,
  feed: Pick<Feed, 'position' | 'at'>,
): boolean {
  // The head was read from the log itself, and of another life the feed tells later on.
  if (epoch !== head.epoch || offset === head.offset) return false
  const { position } = feed
  if (position.epoch !== epoch) return false
  if (offset > Math.max(position.offset, head.offset)) return true
  const known = feed.at(epoch, offset).tag
  return known !== undefined && known !== tag
}
