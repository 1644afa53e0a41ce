import {
  Connection,
  fetchV13,
  type MessageRecord,
  metadataV12,
  ProduceAcks,
  produceV9,
  type RecordsBatch,
} from '@platformatic/kafka'
import type { KafkaServer } from './kafka-server.fixture.ts'

/** All batches of a topic from its beginning on, which has to be place 0. */
export async function copyOf(broker: string, name: string): Promise<readonly RecordsBatch[]> {
  return withConnection(broker, async (connection) => {
    const { topics } = await metadataV12.api.async(connection, [name], false)
    const topicId = topics[0]?.topicId ?? ''
    const batches: RecordsBatch[] = []
    for (let from = 0n; ; ) {
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
      if (last === undefined) return batches
      batches.push(...more)
      from = last.firstOffset + BigInt(last.lastOffsetDelta) + 1n
    }
  })
}

/** Deletes a topic, and makes one of its name with the batches of a copy, at the places that they had. */
export async function putBack(
  server: KafkaServer,
  name: string,
  batches: readonly RecordsBatch[],
): Promise<void> {
  await server.asAdmin(async (admin) => {
    await admin.deleteTopics({ topics: [name] })
    // It takes a moment until the name is free.
    for (;;) {
      try {
        await admin.createTopics({ topics: [name], partitions: 1, replicas: 1 })
        return
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
    }
  })
  await withConnection(server.broker, async (connection) => {
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
      for (;;) {
        try {
          await produceV9.api.async(connection, ProduceAcks.ALL, 1_000, messages, { producerId: -1n })
          break
        } catch {
          await new Promise((resolve) => setTimeout(resolve, 10))
        }
      }
    }
  })
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
