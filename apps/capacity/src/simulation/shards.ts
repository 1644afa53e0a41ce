import { type Log, memoryLog, shards as shardsOf } from '@millrace/log'
import { randomOf } from './random.ts'

/** How topics were divided among shards. */
export interface ShardsRun {
  /** How much more the fullest shard got than an even part, on average. */
  readonly fullest: number
  /** In how many shards the topics of a stream were, on average, or the events of an append. */
  readonly places: number
}

/** Divides topics among shards as a log does, by their addresses, several times with others. */
export function simulateShards(run: {
  readonly shards: number
  readonly topics: number
  /** Topics of a stream, or events of an append. */
  readonly together: number
  readonly times: number
  readonly seed: number
}): ShardsRun {
  const { shards, topics, together, times, seed } = run
  const random = randomOf(seed)
  const log = shardsOf(Array.from({ length: shards }, (): Log => memoryLog()))
  const streams = 2_000
  let fullest = 0
  let places = 0
  for (let time = 0; time < times; time += 1) {
    const address = (topic: number) => `orders/${time}-${topic}`
    const counts = new Float64Array(shards)
    for (let topic = 0; topic < topics; topic += 1) {
      const shard = log.shardOf(address(topic))
      counts[shard] = (counts[shard] as number) + 1
    }
    fullest += (Math.max(...counts) * shards) / topics / times
    for (let stream = 0; stream < streams; stream += 1) {
      const read = new Set<number>()
      for (let one = 0; one < together; one += 1)
        read.add(log.shardOf(address(Math.floor(random() * topics))))
      places += read.size / streams / times
    }
  }
  return { fullest, places }
}
