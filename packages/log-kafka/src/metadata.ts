import { type Connection, findErrorBy, metadataV12 } from '@platformatic/kafka'
import { problemWith } from './errors.ts'
import type { Settings } from './options.ts'

type Answer = metadataV12.MetadataResponse
type Which = Pick<Settings, 'name' | 'partition' | 'partitions'>

/** What a broker has heard of a topic, and of the partition that the log is in. */
export interface TopicMetadata extends Pick<Answer, 'brokers'> {
  readonly topicId: string
  /** `undefined` where it is none of the topic's. */
  readonly partition: metadataV12.MetadataResponsePartition | undefined
}

/** @throws LogEngineError for a topic that is not split as the log is */
export async function readMetadata(connection: Connection, which: Which): Promise<TopicMetadata> {
  const { brokers, topics } = await ask(connection, which)
  const { topicId = '', partitions = [] } = topics[0] ?? {}
  requireSplit(partitions.length, which.partitions)
  return { brokers, topicId, partition: partitions.find(isOf(which)) }
}

/** How a topic is split, in words. */
export const inPartitions = (count: number) => (count === 1 ? 'one partition' : `${count} partitions`)

async function ask(connection: Connection, which: Which): Promise<Answer> {
  try {
    return await metadataV12.api.async(connection, [which.name], false)
  } catch (error) {
    // It is one for all partitions if any of them has no leader, but here it matters what this one has.
    const response =
      error instanceof Error ? findErrorBy(error, 'code', 'PLT_KFK_RESPONSE')?.response : undefined
    const topic = (response as Answer | undefined)?.topics[0]
    const isSound = topic?.errorCode === 0 && (topic.partitions.find(isOf(which))?.errorCode ?? 0) === 0
    if (isSound) return response as Answer
    throw error
  }
}

// Where who knows of fewer would append, nobody would look who knows of more.
function requireSplit(count: number, wanted: number): void {
  if (count === wanted || count === 0) return
  throw problemWith(
    'settings',
    wanted === 1
      ? `the topic has ${count} partitions, and a log has one order: name a topic with one, or make a log in shards of these (kafkaLogs)`
      : `the topic has ${inPartitions(count)}, and the log is split into ${wanted}: name another topic, or open this one anew with as many as it has, which is another epoch for everybody`,
  )
}

const isOf =
  ({ partition }: Which) =>
  ({ partitionIndex }: { readonly partitionIndex: number }) =>
    partitionIndex === partition
