import type { KafkaServer } from '@millrace/test-engines'
import {
  Connection,
  fetchV13,
  ListOffsetTimestamps,
  listOffsetsV7,
  type MessageRecord,
  metadataV12,
  ProduceAcks,
  produceV9,
  type RecordsBatch,
} from '@platformatic/kafka'

/** What a topic holds. */
export interface TopicCopy {
  /** The oldest place that is held, where a batch begins. */
  readonly start: number
  readonly batches: readonly RecordsBatch[]
}

/** Reads all that a topic holds. */
export async function copyOf(broker: string, name: string): Promise<TopicCopy> {
  return withConnection(broker, async (connection) => {
    const { topics } = await metadataV12.api.async(connection, [name], false)
    const topicId = topics[0]?.topicId ?? ''
    const batches: RecordsBatch[] = []
    const partitions = [
      { partitionIndex: 0, currentLeaderEpoch: -1, timestamp: ListOffsetTimestamps.EARLIEST },
    ]
    const earliest = await listOffsetsV7.api.async(connection, -1, 0, [{ name, partitions }])
    const start = earliest.topics[0]?.partitions[0]?.offset ?? 0n
    for (let from = start; ; ) {
      const partition = {
        partition: 0,
        currentLeaderEpoch: -1,
        fetchOffset: from,
        lastFetchedEpoch: -1,
        partitionMaxBytes: 1_000_000,
      }
      const wanted = [{ topicId, partitions: [partition] }]
      const { responses } = await fetchV13.api.async(connection, 0, 1, 1_000_000, 0, 0, -1, wanted, [], '')
      const more = responses[0]?.partitions[0]?.records ?? []
      const last = more.at(-1)
      if (last === undefined) return { start: Number(start), batches }
      batches.push(...more)
      from = last.firstOffset + BigInt(last.lastOffsetDelta) + 1n
    }
  })
}

/**
 * Deletes a topic, and makes one of its name with the batches of a copy, at the places that they had: from the beginning again where a log that is open
 * has written in between.
 */
export async function putBack(server: KafkaServer, name: string, copy: TopicCopy): Promise<void> {
  await withConnection(server.broker, async (connection) => {
    do await makeAnew(server, name)
    while (!(await fill(connection, name, copy)))
  })
}

async function makeAnew(server: KafkaServer, name: string): Promise<void> {
  await server.asAdmin(async (admin) => {
    for (;;) {
      // It takes a moment until the name is free, and by then somebody else may have taken it.
      await admin.deleteTopics({ topics: [name] }).catch(() => {})
      try {
        await admin.createTopics({ topics: [name], partitions: 1, replicas: 1 })
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  })
}

/** Answers whether everything stands where it stood. */
async function fill(connection: Connection, name: string, { start, batches }: TopicCopy): Promise<boolean> {
  let place = 0
  const write = async (messages: MessageRecord[]) => {
    const stands = await produce(connection, messages)
    const fits = stands === place
    place += messages.length
    return fits
  }
  // What nobody wrote for a log counts for nobody.
  const filling = { topic: name, partition: 0, value: Buffer.alloc(0) }
  while (place < start) {
    const length = Math.min(start - place, 1_000)
    if (!(await write(Array.from({ length }, () => ({ ...filling }))))) return false
  }
  for (const { records } of batches) {
    const messages = records.map(
      ({ key, value, headers }): MessageRecord => ({
        topic: name,
        partition: 0,
        ...(key !== null && { key }),
        value: value ?? Buffer.alloc(0),
        headers: new Map(
          headers.map(([header, text]) => [header ?? Buffer.alloc(0), text ?? Buffer.alloc(0)]),
        ),
      }),
    )
    if (!(await write(messages))) return false
  }
  return true
}

/** Answers the place of the first. */
async function produce(connection: Connection, messages: MessageRecord[]): Promise<number> {
  for (;;) {
    try {
      const answer = await produceV9.api.async(connection, ProduceAcks.ALL, 1_000, messages, {
        producerId: -1n,
      })
      const [topic] = typeof answer === 'boolean' ? [] : answer.responses
      return Number(topic?.partitionResponses[0]?.baseOffset)
    } catch {
      // The topic is not led yet.
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

async function withConnection<Value>(
  broker: string,
  ask: (connection: Connection) => Promise<Value>,
): Promise<Value> {
  const [host = '', port] = broker.split(':')
  const connection = new Connection('operator')
  await connection.connect(host, Number(port))
  try {
    return await ask(connection)
  } finally {
    await connection.close()
  }
}
