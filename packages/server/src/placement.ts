import { judge, type LogBounds, resumeAfter } from '@millrace/log'
import { formatCursor, nowhere, type Position, type Verdict } from '@millrace/protocol'
import type { TopicReset } from './control-frame.ts'
import type { Interest } from './interest.ts'
import type { RequestedTopic } from './requested-topic.ts'

/** Where a stream begins, and what its subscriber has to be told about it. */
export interface Placement {
  readonly verdict: Verdict
  /** The lowest place of all topics: reading begins after it. */
  readonly position: Position
  /** The open frame's id: the position, or where there are resets the cursor from before. */
  readonly openId: string
  /** The cursor that `now` meant, where it is not the open frame's id. */
  readonly now: string | undefined
  readonly interests: readonly Interest[]
  /** The topics that could not go on. */
  readonly resets: readonly TopicReset[]
}

interface PlacedTopic {
  readonly topic: RequestedTopic
  readonly verdict: Verdict
  readonly floor: number
}

/** Decides for each topic where it goes on, given what the log holds. */
export function placeTopics(topics: readonly RequestedTopic[], bounds: LogBounds): Placement {
  const placed = topics.map((topic) => ({ topic, ...placeTopic(topic, bounds) }))
  const resets = placed.flatMap(({ topic, verdict }) =>
    verdict === 'fresh' || verdict === 'resumed' ? [] : [{ requested: topic.requested, verdict }],
  )
  const position = { epoch: bounds.epoch, offset: Math.min(...placed.map(({ floor }) => floor)) }
  const openId = resets.length > 0 ? cursorBeforeReset(placed) : formatCursor(position)
  const now = formatCursor({ epoch: bounds.epoch, offset: bounds.head })
  return {
    verdict:
      resets[0]?.verdict ?? (placed.some(({ verdict }) => verdict === 'resumed') ? 'resumed' : 'fresh'),
    position,
    openId,
    now: now !== openId && topics.some(({ start }) => start === 'now') ? now : undefined,
    interests: placed.map(({ topic, floor }) => ({
      requested: topic.requested,
      segments: topic.address.split('/'),
      events: topic.events,
      floor,
    })),
    resets,
  }
}

function placeTopic({ start }: RequestedTopic, bounds: LogBounds): { verdict: Verdict; floor: number } {
  if (start === 'now') return { verdict: 'fresh', floor: bounds.head }
  if (start === 'earliest') return { verdict: 'fresh', floor: bounds.first - 1 }
  if (start === 'invalid') return { verdict: 'invalid', floor: bounds.head }
  const verdict = judge(start, bounds)
  return { verdict, floor: resumeAfter(verdict, start, bounds) }
}

function cursorBeforeReset(placed: readonly PlacedTopic[]): string {
  const reset = placed.find(({ verdict }) => verdict !== 'fresh' && verdict !== 'resumed')
  const start = reset?.topic.start
  return formatCursor(typeof start === 'object' ? start : nowhere)
}
