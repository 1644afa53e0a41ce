import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { postgresServer, redisServer } from '@millrace/test-engines'
import { type Measured, measuredFile } from '../measured.ts'
import { measureEngine } from './engine-costs.ts'
import { measureFollowingStep } from './following-costs.ts'
import { postgresTime, redisMemory, redisTime } from './processor-time.ts'
import { measureSkipping } from './resume-costs.ts'
import { measureShards } from './shard-costs.ts'
import { measureSocketMemory } from './socket-memory.ts'

// `npm run measure` in this folder: what the benchmarks do not say, in about a minute. Writes measured.json. The machine should have nothing else to do.

const socketBytes = await measureSocketMemory(4_000)
const skipping = await measureSkipping({ skipped: 10_000, streams: 200 })

const shardCosts = await measureShards()

const redis = await redisServer()
const redisCosts = await measureEngine(
  { url: redis.url, time: () => redisTime(redis), bytes: () => redisMemory(redis) },
  { count: 80_000, alone: 4_000 },
)
const [, redisVersion = ''] = /redis_version:(\S+)/.exec(String(await redis.command('INFO', 'server'))) ?? []
const followingStep = await measureFollowingStep(redis.url, 40_000)
await redis.remove()

const postgres = await postgresServer()
const size = `SELECT sum(pg_total_relation_size(c.oid)) AS bytes FROM pg_class c
  JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'millrace' AND c.relkind = 'r'`
const postgresCosts = await measureEngine(
  {
    url: postgres.url,
    time: () => postgresTime(postgres),
    bytes: async () => Number((await postgres.query(size))[0]?.bytes),
  },
  { count: 40_000, alone: 1_000 },
)
const [version] = await postgres.query('SHOW server_version')
await postgres.remove()

const measured: Measured = {
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  versions: {
    node: process.versions.node,
    redis: redisVersion,
    postgres: String(version?.server_version).split(' ')[0] ?? '',
  },
  engines: { redis: redisCosts, postgres: postgresCosts },
  shards: { ...shardCosts, followingStep },
  skipping,
  socketBytes,
}
const text = JSON.stringify(
  measured,
  (_name, value) => (typeof value === 'number' ? Number(value.toPrecision(4)) : value),
  2,
)
// As the repository's formatter would write it.
writeFileSync(
  measuredFile,
  `${text.replace(/\{\s+("(?:gathered|pages|step)"[^{}]*?)\s+\}/g, (_all, inner: string) => `{ ${inner.replace(/\s+/g, ' ')} }`)}\n`,
)
console.log(text)
