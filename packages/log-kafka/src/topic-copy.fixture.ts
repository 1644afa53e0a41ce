import {
  Admin,
  Connection,
  fetchV13,
  ListOffsetTimestamps,
  listOffsetsV7,
  type MessageRecord,
  ProduceAcks,
  produceV9,
  type RecordsBatch,
} from '@platformatic/kafka'
import { readMetadata } from './metadata.ts'
import { type Address, type KafkaLogOptions, settingsOf } from './options.ts'

/** How a cluster is reached. */
type Way = NonNullable<KafkaLogOptions['connection']>

/** What a topic holds. */
export interface TopicCopy {
  /** The oldest place that is held, where a batch begins. */
  readonly start: number
  readonly batches: readonly RecordsBatch[]
}

/** Reads all that a topic holds. */
export async function copyOf(way: Way, name: string): Promise<TopicCopy> {
  return withLeader(way, name, async (leader) => {
    const { connection, topicId } = await leader()
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
export async function putBack(way: Way, name: string, copy: TopicCopy): Promise<void> {
  await asAdmin(way, (admin) =>
    withLeader(way, name, async (leader) => {
      do await makeAnew(admin, name)
      while (!(await fill(leader, name, copy)))
    }),
  )
}

/** Asks a cluster something, as an operator would. */
export async function asAdmin<Value>(way: Way, ask: (admin: Admin) => Promise<Value>): Promise<Value> {
  const { brokers, connection } = settingsOf({ connection: way }, 1)
  const admin = new Admin({ ...connection, clientId: 'operator', bootstrapBrokers: [...brokers], retries: 0 })
  try {
    return await ask(admin)
  } finally {
    await admin.close()
  }
}

async function makeAnew(admin: Admin, name: string): Promise<void> {
  for (;;) {
    // It takes a moment until the name is free, and by then somebody else may have taken it.
    await admin.deleteTopics({ topics: [name] }).catch(() => {})
    try {
      await admin.createTopics({ topics: [name], partitions: 1 })
      return
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
}

/** Answers whether everything stands where it stood. */
async function fill(leader: FindLeader, name: string, { start, batches }: TopicCopy): Promise<boolean> {
  let place = 0
  const write = async (messages: MessageRecord[]) => {
    const stands = await produce(leader, messages)
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
async function produce(leader: FindLeader, messages: MessageRecord[]): Promise<number> {
  for (;;) {
    try {
      const { connection } = await leader()
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

/** Finds who leads the topic now, under the number that it has now. */
type FindLeader = () => Promise<{ readonly connection: Connection; readonly topicId: string }>

async function withLeader<Value>(
  way: Way,
  name: string,
  ask: (leader: FindLeader) => Promise<Value>,
): Promise<Value> {
  const settings = settingsOf({ connection: way, name }, 1)
  const connections = new Map<string, Connection>()
  async function connectionTo({ host, port }: Address): Promise<Connection> {
    const known = connections.get(`${host}:${port}`)
    if (known) return known
    const connection = new Connection('operator', settings.connection)
    await connection.connect(host, port)
    connections.set(`${host}:${port}`, connection)
    return connection
  }
  try {
    return await ask(async () => {
      const first = await connectionTo(settings.brokers[0] as Address)
      const { brokers, topicId, partition } = await readMetadata(first, settings)
      const leader = brokers.find(({ nodeId }) => nodeId === partition?.leaderId)
      if (!leader) throw new Error(`${name} is not led`)
      return { connection: await connectionTo(leader), topicId }
    })
  } finally {
    for (const connection of connections.values()) await connection.close()
  }
}
