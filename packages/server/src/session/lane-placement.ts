import { formatCursor, joinPlaces, nowhere, type Position, type Verdict } from '@millrace/protocol'
import type { HeldPart } from '../feed/feeds.ts'
import type { TopicInterest } from '../feed/interest.ts'
import type { RequestedTopic } from '../request/requested-topic.ts'
import { type Placement, type PlacementOptions, placeTopics } from './placement.ts'

/** Where a stream begins in one shard. */
export interface PlacedPart extends HeldPart<RequestedTopic> {
  readonly placement: Placement
}

/** Where a stream begins, in one shard or in several, and what its subscriber has to be told about the whole. */
export interface StreamPlacement {
  readonly verdict: Verdict
  readonly openId: string
  readonly now: string | undefined
  /** One for each topic or pattern that was asked for. */
  readonly interests: readonly TopicInterest[]
  readonly limited: boolean
  /** At least one. */
  readonly parts: readonly PlacedPart[]
}

/** Decides for each topic where it goes on, in each shard that it is in. */
export function placeParts(
  parts: readonly HeldPart<RequestedTopic>[],
  options: PlacementOptions,
): StreamPlacement {
  const placed: PlacedPart[] = []
  for (const part of parts) placed.push({ ...part, placement: placeTopics(part.topics, part.held, options) })
  const [only] = placed
  if (only !== undefined && placed.length === 1) {
    const { verdict, openId, now, interests, limited } = only.placement
    return { verdict, openId, now, interests, limited, parts: placed }
  }
  const placements = placed.map(({ placement }) => placement)
  const now = formatCursor(joinPlaces(placements.map(({ head }) => head)))
  // Where something is told first there is no place in that shard: who is cut off before comes back without one, and is told again.
  const before = placements.map(({ before }) => before).filter((place) => place !== nowhere)
  const openId = cursorOf(before)
  return {
    verdict: verdictOf(placed),
    openId,
    now: now === openId ? undefined : now,
    interests: interestsOf(placed),
    limited: placements.some(({ limited }) => limited),
    parts: placed,
  }
}

function cursorOf(places: readonly Position[]): string {
  return formatCursor(places.length === 0 ? nowhere : joinPlaces(places))
}

// That of the first topic that is a reset, as they were asked for. Who is in this life of one shard already and has lost something must not be
// taken for one who comes from another life in all of them.
function verdictOf(parts: readonly PlacedPart[]): Verdict {
  const firstOf = ({ placement, indexes }: PlacedPart) => indexes[placement.firstReset] ?? -1
  const resets = parts
    .filter((part) => firstOf(part) >= 0)
    .sort((one, other) => firstOf(one) - firstOf(other))
  const reset = resets.find(({ placement }) => placement.verdict !== 'epoch') ?? resets[0]
  if (reset !== undefined) return reset.placement.verdict
  return parts.some(({ placement }) => placement.verdict === 'resumed') ? 'resumed' : 'fresh'
}

// A pattern has an interest in each shard, of which one stands for it.
function interestsOf(parts: readonly PlacedPart[]): readonly TopicInterest[] {
  const interests = new Map<number, TopicInterest>()
  for (const { placement, indexes } of parts) {
    for (const [place, interest] of placement.interests.entries())
      interests.set(indexes[place] as number, interest)
  }
  return [...interests.values()]
}
