import type { ResetVerdict } from '@millrace/protocol'
import type { TopicInterest } from '../feed/interest.ts'
import type { TopicState } from '../publish/snapshots.ts'
import type { Untold } from './placement.ts'

/** What a topic is told before its events go on, by the address that was asked for: that it could not, or its state in place of that. */
export interface Telling {
  readonly requested: string
  readonly told: ResetVerdict | TopicState
  /** The offset of the place after which its events go on. */
  readonly floor: number
}

/** What to tell of topics, each once, given the states of those that have one. Their events go on after the state. */
export function tellingsOf(
  untold: readonly Untold[],
  states: readonly (TopicState | undefined)[],
): readonly Telling[] {
  const tellings = new Map<string, Telling>()
  // Asked for by one of those who have the same address, it is told to all of them.
  const stateOf = new Map<string, TopicState>()
  for (const [index, { interest }] of untold.entries()) {
    const state = states[index]
    if (state !== undefined) stateOf.set(interest.requested, state)
  }
  for (const { interest, verdict } of untold) {
    const state = stateOf.get(interest.requested)
    if (state !== undefined) interest.floor = state.position.offset
    const told = state ?? (verdict === 'fresh' ? undefined : verdict)
    const { requested, floor } = interest
    // Of an address that was asked for from several places, one verdict is told to all: that after which the least may be relied upon.
    const known = tellings.get(requested)
    if (told !== undefined && (known === undefined || weightOf(told) > weightOf(known.told)))
      tellings.set(requested, { requested, told, floor })
  }
  return [...tellings.values()]
}

// Who has lost what lay behind its place is told so, whatever others have lost before theirs. A state is for all of an address.
function weightOf(told: ResetVerdict | TopicState): number {
  return told === 'trimmed' ? 0 : told === 'epoch' ? 1 : 2
}

/** The topics that are told with their state, as they were asked for; `undefined` where there are none. */
export function statedOf(
  untold: readonly Untold[],
  hasState: (interest: TopicInterest) => boolean,
): readonly string[] | undefined {
  const stated = untold.filter(({ interest }) => hasState(interest))
  return stated.length === 0 ? undefined : [...new Set(stated.map(({ interest }) => interest.requested))]
}
