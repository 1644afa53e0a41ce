import type { Log, ShardedLog } from '@millrace/log'
import { joinPlaces, nowhere } from '@millrace/protocol'
import { Endings } from '../publish/endings.ts'
import { Feed, type FeedOptions, type Held, type Start } from './feed.ts'
import type { TopicInterest } from './interest.ts'

/** A log, or one in shards. */
export type AnyLog = Log | ShardedLog

/** The logs that a log consists of: itself, or its shards. */
export function logsOf(log: AnyLog): readonly Log[] {
  return 'shards' in log ? log.shards : [log]
}

/** A topic that was asked for, as far as its log is concerned. */
export interface StartingTopic {
  readonly topic: { readonly address: string; readonly pattern: boolean }
  readonly start: Start
}

/** Those of some topics that are read from one feed, and what their starts are judged by. */
export interface FeedPart<Topic extends StartingTopic> {
  readonly feed: Feed
  readonly topics: readonly Topic[]
  /** Their places among all that were asked for. */
  readonly indexes: readonly number[]
}

/** A part, and what its starts are judged by. */
export interface HeldPart<Topic extends StartingTopic> extends FeedPart<Topic> {
  readonly held: Held
}

/** A process's windows on its log: one, or one on each shard. */
export class Feeds {
  readonly all: readonly Feed[]
  readonly #log: AnyLog

  constructor(log: AnyLog, options: Omit<FeedOptions, 'endings' | 'owns'>) {
    const logs = logsOf(log)
    this.#log = log
    const ringBytes = Math.ceil(options.ringBytes / logs.length)
    this.all = logs.map((shard, index) => {
      const owns = 'shards' in log ? (address: string) => log.shardOf(address) === index : undefined
      return new Feed(shard, { ...options, ringBytes, endings: new Endings(), owns })
    })
  }

  /** The one that a topic is told by. */
  of(address: string): Feed {
    return this.all['shards' in this.#log ? this.#log.shardOf(address) : 0] as Feed
  }

  /** What each is to be asked for, in the order of the shards. A pattern is in all of them. */
  split<Topic extends StartingTopic>(topics: readonly Topic[]): readonly FeedPart<Topic>[] {
    const log = this.#log
    if (!('shards' in log)) {
      const own = topics.some(({ start }) => typeof start === 'object' && start.others !== undefined)
      return [{ feed: this.of(''), topics: own ? topics.map(alone) : topics, indexes: [] }]
    }
    const parts = new Map<number, { feed: Feed; topics: Topic[]; indexes: number[] }>()
    for (const [index, topic] of topics.entries()) {
      const { address, pattern } = topic.topic
      const shards = pattern ? log.shards.keys() : [log.shardOf(address)]
      for (const shard of shards) {
        let part = parts.get(shard)
        if (part === undefined) {
          part = { feed: this.all[shard] as Feed, topics: [], indexes: [] }
          parts.set(shard, part)
        }
        const { start } = topic
        // Who names no place in it has not been there, or in another life of it alone.
        part.topics.push(
          typeof start === 'object' ? { ...topic, start: log.placeIn(shard, start) ?? nowhere } : topic,
        )
        part.indexes.push(index)
      }
    }
    return [...parts].sort(([one], [other]) => one - other).map(([, part]) => part)
  }

  /** What the starts of all topics are judged by, where that is in memory. */
  heldNow<Topic extends StartingTopic>(topics: readonly Topic[]): readonly HeldPart<Topic>[] | undefined {
    const parts: HeldPart<Topic>[] = []
    for (const part of this.split(topics)) {
      const held = part.feed.heldNow(part.topics)
      if (held === undefined) return undefined
      parts.push({ ...part, held })
    }
    return parts
  }

  /** What the starts of all topics are judged by, as the log has it. Rejects where a shard of these topics cannot be read. */
  held<Topic extends StartingTopic>(topics: readonly Topic[]): Promise<readonly HeldPart<Topic>[]> {
    return Promise.all(
      this.split(topics).map(async (part) => ({ ...part, held: await part.feed.held(part.topics) })),
    )
  }

  /** What is wanted by somebody, each as often as it is. */
  *interests(): Iterable<TopicInterest> {
    for (const feed of this.all) yield* feed.interests()
  }

  /** Follows the log from its head on. Rejects when a part of it cannot be read; the next call tries again. */
  async start(): Promise<void> {
    await Promise.all(this.all.map((feed) => feed.start()))
  }
}

// A log that is not split has one place, whatever else is named.
function alone<Topic extends StartingTopic>(topic: Topic): Topic {
  const { start } = topic
  if (typeof start !== 'object') return topic
  return { ...topic, start: joinPlaces([start]) }
}
