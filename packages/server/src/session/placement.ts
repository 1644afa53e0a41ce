import { beforeFirst, headOf, judge, type LogBounds, positionOf, resumeAfter } from '@millrace/log'
import { formatCursor, nowhere, type Position, type ResetVerdict, type Verdict } from '@millrace/protocol'
import type { Held } from '../feed/feed.ts'
import { TopicInterest } from '../feed/interest.ts'
import type { RequestedTopic } from '../request/requested-topic.ts'
import { type Marks, marksBeyond, noMarks } from './marks.ts'

/** What placing depends on beside the log. */
export interface PlacementOptions {
  readonly replayRecords?: number
  readonly hasState?: (interest: TopicInterest) => boolean
}

/** Where a stream begins, and what its subscriber has to be told about it. */
export interface Placement {
  readonly verdict: Verdict
  /** The lowest place of all topics: reading begins after it. */
  readonly position: Position
  /** The open frame's id: the position, or where there are resets the cursor from before. */
  readonly openId: string
  /** The newest record that the log held, as text, where it is not the open frame's id. */
  readonly now: string | undefined
  readonly interests: readonly TopicInterest[]
  /** Where those begin that begin further on. */
  readonly marks: Marks
  /** Those that are told something before their events go on. */
  readonly untold: readonly Untold[]
  /** The newest record that the log held, which is a place for snapshots. */
  readonly head: Position
  /** Whether a topic would have begun further back, and only a limit kept it from it. */
  readonly limited: boolean
  /** What the open frame's id says: `nowhere` where the stream has no place before something was told. */
  readonly before: Position
  /** Which topic of those that were given was the first that is a reset; -1 where none is. */
  readonly firstReset: number
}

/** A topic that cannot just go on: it could not where it was, or begins with its state. */
export interface Untold {
  readonly interest: TopicInterest
  readonly verdict: Exclude<Verdict, 'resumed'>
}

/**
 * Decides for each topic where it goes on, given what the log holds.
 *
 * @param replayRecords how far back a stream may begin; what lies further back is as good as trimmed
 * @param hasState whether there is a snapshot of a topic
 */
export function placeTopics(
  topics: readonly RequestedTopic[],
  { bounds: held, tags }: Held,
  { replayRecords = Number.POSITIVE_INFINITY, hasState = () => false }: PlacementOptions = {},
): Placement {
  const first = Math.max(held.first, held.head - replayRecords + 1)
  const limited = first > held.first
  const bounds = limited ? { ...held, first } : held
  const head = headOf(bounds)
  // As long as it will be: one that grows takes room for more than a dozen, and holds it as long as the stream.
  const interests = new Array<TopicInterest>(topics.length)
  let placed = 0
  const untold: Untold[] = []
  let told: ResetVerdict | undefined
  let reset:
    | { readonly topic: RequestedTopic; readonly verdict: ResetVerdict; readonly index: number }
    | undefined
  let resumed = false
  let spared = false
  let position = head
  let apart = false
  // A loop, because each stream that opens comes by here, and closures are most of what it would cost.
  for (const topic of topics) {
    const { start } = topic
    let verdict: Verdict = 'fresh'
    let at = head
    if (start !== 'now') ({ verdict, at } = placeStart(start, bounds, tags, { head, limited }))
    const interest = new TopicInterest(topic.topic, topic.events, at.offset)
    interests[placed] = interest
    if (verdict === 'resumed') resumed = true
    else if (verdict !== 'fresh') {
      reset ??= { topic, verdict, index: placed }
      // Who is in this life already and has lost something must not be taken for one who comes from another.
      if (told === undefined || told === 'epoch') told = verdict
      untold.push({ interest, verdict })
      if (limited && verdict === 'trimmed' && isHeld(start, held)) spared = true
      // Who asks for the oldest record wants to see how the state came about.
    } else if (start === 'now' && hasState(interest)) untold.push({ interest, verdict })
    if (placed > 0 && at.offset !== position.offset) apart = true
    if (at.offset < position.offset) position = at
    placed += 1
  }
  const now = formatCursor(head)
  // Cut before it is told, a stream must be told again when it comes back.
  const before = reset ? cursorBefore(reset.topic) : untold.length > 0 && !resumed ? nowhere : position
  const openId = before === head ? now : formatCursor(before)
  return {
    verdict: told ?? (resumed ? 'resumed' : 'fresh'),
    position,
    openId,
    now: now === openId ? undefined : now,
    interests,
    marks: apart ? marksBeyond(position.offset, interests, (offset) => placeIn(head, tags, offset)) : noMarks,
    untold,
    head,
    limited: spared,
    before,
    firstReset: reset?.index ?? -1,
  }
}

function placeStart(
  start: Exclude<RequestedTopic['start'], 'now'>,
  bounds: LogBounds,
  tags: Held['tags'],
  { head, limited }: { readonly head: Position; readonly limited: boolean },
): { verdict: Verdict; at: Position } {
  // The oldest record that is held is not where this one begins, and it has to be told.
  if (start === 'earliest') return { verdict: limited ? 'trimmed' : 'fresh', at: beforeFirst(bounds) }
  if (start === 'invalid') return { verdict: 'invalid', at: head }
  const verdict = judge(start, bounds, tags.get(start.offset))
  return { verdict, at: resumeAfter(verdict, start, bounds) }
}

// Whether a start that is as good as trimmed is not trimmed in truth.
function isHeld(start: RequestedTopic['start'], { first }: LogBounds): boolean {
  return typeof start === 'object' ? start.offset >= first - 1 : start === 'earliest'
}

function placeIn(head: Position, tags: Held['tags'], offset: number): Position {
  return offset === head.offset ? head : positionOf(head.epoch, { offset, tag: tags.get(offset) })
}

function cursorBefore({ start }: RequestedTopic): Position {
  return typeof start === 'object' ? start : nowhere
}
