import { fitsPattern } from '@millrace/protocol'
import type { Entry } from './entry.ts'

/** One topic, or the topics of one pattern, that a session sends. */
export interface Interest {
  /** As it was asked for, which is how the subscriber knows it. */
  readonly requested: string
  /** Its canonical address, taken apart; `*` stands for any segment. */
  readonly segments: readonly string[]
  /** Names of the events that are wanted; all when absent. */
  readonly events: ReadonlySet<string> | undefined
  /** Only entries with higher offsets are wanted. */
  floor: number
}

/** Whether an entry of a topic that fits is wanted. */
export function accepts(interest: Interest, entry: Entry): boolean {
  return entry.offset > interest.floor && (interest.events === undefined || interest.events.has(entry.event))
}

/** Whether an entry is wanted. */
export function wants(interest: Interest, entry: Entry): boolean {
  return accepts(interest, entry) && fitsPattern(interest.segments, entry.segments)
}
