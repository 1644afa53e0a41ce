import type { ResetVerdict } from '@millrace/protocol'
import type { TopicInterest } from '../feed/interest.ts'
import type { TopicState } from '../publish/snapshots.ts'
import type { Untold } from './placement.ts'

/** What a topic is told before its events go on, by the address that was asked for: that it could not, or its state in place of that. */
export interface Telling {
  readonly requested: string
  readonly told: ResetVerdict | TopicState
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
    const { requested } = interest
    // Of an address that was asked for from several places, one verdict holds for all who stand behind it unless it is another than `trimmed`.
    const known = tellings.get(requested)
    if (told !== undefined && (known === undefined || (known.told === 'trimmed' && typeof told === 'string')))
      tellings.set(requested, { requested, told })
  }
  return [...tellings.values()]
}

/** The topics that are told with their state, as they were asked for; `undefined` where there are none. */
export function statedOf(
  untold: readonly Untold[],
  hasState: (interest: TopicInterest) => boolean,
): readonly string[] | undefined {
  const stated = untold.filter(({ interest }) => hasState(interest))
  return stated.length === 0 ? undefined : [...new Set(stated.map(({ interest }) => interest.requested))]
}
