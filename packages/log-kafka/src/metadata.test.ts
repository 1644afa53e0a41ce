import { type Connection, Reader, Writer } from '@platformatic/kafka'
import { expect, it } from 'vitest'
import { answerOf } from './errors.ts'
import { readMetadata } from './metadata.ts'

const leaderNotAvailable = 5
const topicId = '00000000-0000-0000-0000-000000000001'

/** A broker that has heard of a topic, with a code and a leader for each partition: https://kafka.apache.org/protocol#The_Messages_Metadata */
function brokerWith(partitions: readonly (readonly [index: number, code: number, leader: number])[]) {
  const answer = Writer.create()
    .appendInt32(0)
    .appendArray([1], (broker) =>
      broker.appendInt32(1).appendString('broker').appendInt32(9092).appendString(null),
    )
    .appendString(null)
    .appendInt32(1)
    .appendArray(['events'], (topic, name) =>
      topic
        .appendInt16(0)
        .appendString(name)
        .appendUUID(topicId)
        .appendBoolean(false)
        .appendArray([...partitions], (partition, [index, code, leader]) =>
          partition
            .appendInt16(code)
            .appendInt32(index)
            .appendInt32(leader)
            .appendInt32(7)
            .appendArray([1], (replicas, node) => replicas.appendInt32(node), true, false)
            .appendArray([1], (inSync, node) => inSync.appendInt32(node), true, false)
            .appendArray([], () => {}, true, false),
        )
        .appendInt32(0),
    )
    .appendTaggedFields()
  type Parse = (correlation: number, key: number, version: number, reader: Reader) => unknown
  type Done = (error: unknown, value?: unknown) => void
  const send = (key: number, version: number, _: unknown, parse: Parse, ...rest: unknown[]) => {
    const done = rest.at(-1) as Done
    let value: unknown
    try {
      value = parse(0, key, version, Reader.from(answer.buffer))
    } catch (error) {
      return done(error)
    }
    done(null, value)
  }
  return { send } as unknown as Connection
}

const which = (partition: number, partitions: number) => ({ name: 'events', partition, partitions })

it('tells of one partition, in whatever order they come and whether or not others have a leader', async () => {
  const connection = brokerWith([
    [2, leaderNotAvailable, -1],
    [0, 0, 1],
    [1, 0, 1],
  ])
  const sight = await readMetadata(connection, which(1, 3))
  expect(sight).toMatchObject({ topicId, partition: { partitionIndex: 1, leaderId: 1, leaderEpoch: 7 } })
  const error: unknown = await readMetadata(connection, which(2, 3)).catch((thrown: unknown) => thrown)
  expect(answerOf(error)).toBe('LEADER_NOT_AVAILABLE')
})

it('refuses another number of partitions, also where one of them has no leader', async () => {
  const connection = brokerWith([
    [0, 0, 1],
    [1, leaderNotAvailable, -1],
  ])
  const refusal = { problem: 'settings', message: expect.stringContaining('2 partitions') }
  for (const [partition, partitions] of [
    [0, 1],
    [0, 3],
    [2, 3],
  ] as const)
    await expect(readMetadata(connection, which(partition, partitions))).rejects.toMatchObject(refusal)
})
