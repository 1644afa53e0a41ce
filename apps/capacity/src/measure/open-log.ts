import { shards } from '@millrace/log'
import { postgresLog } from '@millrace/log-postgres'
import { redisLog } from '@millrace/log-redis'

/** The log of an engine, by its URL, with room for all that is measured. */
export function openLog(url: string) {
  return url.startsWith('redis:') ? redisLog({ connection: url }) : postgresLog({ connection: url })
}

/** The same in shards, all on one Redis. */
export function openShards(url: string, count: number) {
  return shards(
    Array.from({ length: count }, (_, shard) => redisLog({ connection: url, name: `of-${count}-${shard}` })),
  )
}
