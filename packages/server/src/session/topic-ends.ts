import type { TopicInterest } from '../feed/interest.ts'
import type { Endings } from '../publish/endings.ts'

/** Whether there may be more of an interest. */
export const isGoing = ({ floor }: TopicInterest): boolean => floor !== Number.POSITIVE_INFINITY

/** Notes that a topic is complete. */
export function complete(interests: readonly TopicInterest[], address: string): void {
  for (const interest of interests) {
    if (!interest.pattern && interest.address === address) interest.floor = Number.POSITIVE_INFINITY
  }
}

/** The topics that the log called complete before the place where they begin, so that it will not come by any more: as they were asked for. */
export function completeBefore(
  interests: readonly TopicInterest[],
  endings: Endings,
): ReadonlyMap<string, string> {
  const over = new Map<string, string>()
  const before = new Set<string>()
  for (const { address, requested, pattern, floor } of interests) {
    const offset = pattern || floor === Number.POSITIVE_INFINITY ? undefined : endings.of(address)
    if (offset === undefined) continue
    if (offset <= floor) over.set(requested, address)
    else before.add(address)
  }
  // For another interest in the same topic it is still to come, and whoever is told believes it for all.
  for (const [requested, address] of over) if (before.has(address)) over.delete(requested)
  return over
}
