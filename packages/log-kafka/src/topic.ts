import {
  type Connection,
  createTopicsV7,
  deleteRecordsV2,
  fetchV13,
  ListOffsetTimestamps,
  listOffsetsV7,
} from '@platformatic/kafka'
import { type Piece, pieceOf } from './entry.ts'
import { answerOf, problemWith } from './errors.ts'
import { type Leader, Link } from './link.ts'
import { inPartitions } from './metadata.ts'
import type { Settings } from './options.ts'
import { produce } from './produce.ts'
import { type Message, recordsBatch } from './records-batch.ts'
import { readTopicSettings } from './topic-settings.ts'

/** A piece of the partition, and its bounds when it was read. */
export interface Fetched extends Piece {
  readonly from: number
  /** The oldest place that is held. */
  readonly logStart: number
  /** The place after the last one that all replicas have. */
  readonly highWatermark: number
}

/** Settings of the topic that the log goes by. */
export interface TopicSettings {
  /** How long Kafka keeps what is in it, in milliseconds; `Infinity` for ever. */
  readonly retention: number
}

/** About how much is read at once, in bytes: a whole batch in any case. */
const pieceBytes = 1_048_576

// What a topic is made with: one call of events may be 8 MiB, and ages are by the clock of the broker.
const ownSettings = {
  'cleanup.policy': 'delete',
  'max.message.bytes': '8388608',
  'message.timestamp.type': 'LogAppendTime',
}

/** What is asked of the topic, and of one partition of it, over one connection. */
export class Topic {
  readonly #settings: Settings
  readonly #link: Link
  #topicSettings: TopicSettings = { retention: Number.POSITIVE_INFINITY }

  /** @param patience how much longer than `timeout` an answer may take, in milliseconds */
  constructor(settings: Settings, patience: number) {
    this.#settings = settings
    this.#link = new Link({
      settings,
      patience,
      make: (connection) => this.#make(connection),
      prepare: async (leader) => {
        await this.#awaitCommitted(leader)
        this.#topicSettings = await this.#check(leader.connection)
      },
    })
  }

  get settings(): TopicSettings {
    return this.#topicSettings
  }

  /**
   * Reads from a place on.
   *
   * @param wait how long to wait for something, in milliseconds
   * @param wanted from which place on it is of use, asked when it is there
   */
  fetch(from: number, wait = 0, wanted = () => from): Promise<Fetched> {
    return this.#link.run(async ({ connection, topicId, leaderEpoch }: Leader) => {
      const place = {
        partition: this.#settings.partition,
        currentLeaderEpoch: leaderEpoch,
        fetchOffset: BigInt(from),
        lastFetchedEpoch: -1,
        partitionMaxBytes: pieceBytes,
      }
      const topics = [{ topicId, partitions: [place] }]
      const { responses } = await fetchV13.api.async(
        connection,
        wait,
        1,
        pieceBytes,
        0,
        0,
        -1,
        topics,
        [],
        '',
      )
      const answer = responses[0]?.partitions[0]
      if (answer === undefined) throw problemWith('unavailable', 'it answered without the partition')
      const { records, logStartOffset, highWatermark } = answer
      return {
        ...pieceOf(records ?? [], Math.max(from, wanted())),
        from,
        logStart: Number(logStartOffset),
        highWatermark: Number(highWatermark),
      }
    })
  }

  /** Writes one batch, and resolves with the place where it stands once all replicas in sync have it. */
  produce(messages: readonly Message[]): Promise<number> {
    const { name, partition, timeout } = this.#settings
    const batch = recordsBatch(messages, Date.now())
    return this.#link.run(async ({ connection }) => {
      const answer = await produce.async(connection, name, partition, batch, Math.ceil(timeout / 2))
      const place = answer.responses[0]?.partitionResponses[0]?.baseOffset
      if (place === undefined) throw problemWith('unavailable', 'it answered without the partition')
      return Number(place)
    })
  }

  /** The oldest place that is held, the one after the newest, or the first one that was written at a time or later. */
  place(what: 'earliest' | 'latest' | number): Promise<number> {
    const special = { earliest: ListOffsetTimestamps.EARLIEST, latest: ListOffsetTimestamps.LATEST }
    const timestamp = typeof what === 'number' ? BigInt(what) : special[what]
    return this.#link.run((leader) => this.#placeAt(timestamp, leader))
  }

  /** Forgets what lies before a place. */
  async forget(before: number): Promise<void> {
    const { name, partition, timeout } = this.#settings
    const topics = [{ name, partitions: [{ partitionIndex: partition, offset: BigInt(before) }] }]
    await this.#link.run(({ connection }) => deleteRecordsV2.api.async(connection, topics, timeout))
  }

  /** Looks whether it is still split as it was. @throws LogEngineError */
  confirm(): Promise<void> {
    return this.#link.confirm()
  }

  close(): void {
    this.#link.close()
  }

  async #make(connection: Connection): Promise<void> {
    const { name, partitions, create, timeout } = this.#settings
    if (create === undefined) {
      throw problemWith(
        'settings',
        `there is no topic of the log’s name. Make one with ${inPartitions(partitions)}, or allow create`,
      )
    }
    const settings = { ...ownSettings, ...create.settings }
    const configs = Object.entries(settings).map(([key, value]) => ({ name: key, value }))
    const topic = {
      name,
      numPartitions: partitions,
      replicationFactor: create.replicas ?? -1,
      assignments: [],
      configs,
    }
    try {
      await createTopicsV7.api.async(connection, [topic], timeout, false)
    } catch (error) {
      // By another process, at the same moment.
      if (answerOf(error) !== 'TOPIC_ALREADY_EXISTS') throw error
    }
  }

  async #placeAt(timestamp: bigint, { connection, leaderEpoch }: Leader): Promise<number> {
    const { name, partition } = this.#settings
    const partitions = [{ partitionIndex: partition, currentLeaderEpoch: leaderEpoch, timestamp }]
    const topics = [{ name, partitions }]
    const answer = await listOffsetsV7.api.async(connection, -1, 0, topics)
    return Number(answer.topics[0]?.partitions[0]?.offset ?? -1n)
  }

  // A new leader has all that was acknowledged, but may take a moment to hear how much of what it has that is, and gives out too little until then: who has seen
  // more would be told that it is lost. Only this question is refused meanwhile (OFFSET_NOT_AVAILABLE, KIP-207); later answers of the same leader are later.
  async #awaitCommitted(leader: Leader): Promise<void> {
    await this.#placeAt(ListOffsetTimestamps.LATEST, leader)
  }

  // Asked of each connection: settings may be changed while the log is open.
  async #check(connection: Connection): Promise<TopicSettings> {
    const { name, onWarning } = this.#settings
    const keys = ['cleanup.policy', 'retention.ms', 'unclean.leader.election.enable']
    const values = await readTopicSettings(connection, name, keys)
    if (values === undefined) {
      onWarning(
        'Kafka does not tell the settings of the topic (DescribeConfigs is not allowed). See to it that its cleanup.policy is delete',
      )
      return { retention: Number.POSITIVE_INFINITY }
    }
    const policy = values.get('cleanup.policy')
    if (policy !== undefined && policy !== 'delete') {
      throw problemWith(
        'settings',
        `cleanup.policy of the topic is ${policy}, which removes events from the midst of the log. Set it to delete`,
      )
    }
    if (values.get('unclean.leader.election.enable') === 'true') {
      onWarning(
        'Kafka: unclean.leader.election.enable is true, so events that were acknowledged may be lost. It is told where it happens',
      )
    }
    const retention = Number(values.get('retention.ms') ?? -1)
    return { retention: retention < 0 ? Number.POSITIVE_INFINITY : retention }
  }
}
