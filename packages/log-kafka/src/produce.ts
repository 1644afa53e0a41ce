import { createAPI, ProduceAcks, produceV9, Writer } from '@platformatic/kafka'

const { key, version } = produceV9.api

/** Has a batch written to a partition, kept by all replicas in sync: https://kafka.apache.org/protocol#The_Messages_Produce */
export const produce = createAPI<
  [topic: string, partition: number, batch: Buffer, timeout: number],
  produceV9.ProduceResponse
>(
  key,
  version,
  (topic: string, partition: number, batch: Buffer, timeout: number) =>
    Writer.create()
      .appendString(null)
      .appendInt16(ProduceAcks.ALL)
      .appendInt32(timeout)
      .appendArray([topic], (ofTopics) => {
        ofTopics.appendString(topic).appendArray([partition], (ofPartitions) => {
          ofPartitions
            .appendInt32(partition)
            .appendUnsignedVarInt(batch.length + 1)
            .append(batch)
        })
      })
      .appendTaggedFields(),
  produceV9.parseResponse,
)
