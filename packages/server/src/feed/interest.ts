import type { ChannelDefinition } from '@millrace/contract'
import { fitsPattern } from '@millrace/protocol'
import type { Entry } from './entry.ts'

/** One topic, or the topics of one pattern, that a session sends. */
export interface Interest {
  /** As it was asked for, which is how the subscriber knows it. */
  readonly requested: string
  /** The canonical address, in which `*` stands for any segment. */
  readonly address: string
  /** Whether it stands for several topics. */
  readonly pattern: boolean
  /** Names of the events that are wanted; all when absent. */
  readonly events: ReadonlySet<string> | undefined
  /** Only entries with higher offsets are wanted; infinite once the topic is complete. */
  floor: number
}

/** What can be asked for. All who ask for the same share it. */
export interface WantedTopic extends Pick<Interest, 'requested' | 'address' | 'pattern'> {
  readonly channel: ChannelDefinition
}

/** A session's interest in what it asked for. It holds only what is its own: there are as many as streams. */
export class TopicInterest implements Interest {
  readonly topic: WantedTopic
  readonly events: ReadonlySet<string> | undefined
  floor: number

  constructor(topic: WantedTopic, events: ReadonlySet<string> | undefined, floor: number) {
    this.topic = topic
    this.events = events
    this.floor = floor
  }

  get requested(): string {
    return this.topic.requested
  }

  get address(): string {
    return this.topic.address
  }

  get pattern(): boolean {
    return this.topic.pattern
  }

  get channel(): ChannelDefinition {
    return this.topic.channel
  }
}

/** Whether an entry of a topic that fits is wanted. */
export function accepts(interest: Interest, entry: Entry): boolean {
  if (entry.offset <= interest.floor || entry.late) return false
  // Whatever somebody wants of a topic, there will be no more of it.
  return interest.events === undefined || interest.events.has(entry.event) || entry.isEnd
}

/** Whether an entry is wanted. */
export function wants(interest: Interest, entry: Entry): boolean {
  const fits = interest.pattern
    ? fitsPattern(interest.address.split('/'), entry.segments)
    : interest.address === entry.topic
  return fits && accepts(interest, entry)
}
