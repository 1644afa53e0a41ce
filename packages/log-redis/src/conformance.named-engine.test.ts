import { randomUUID } from 'node:crypto'
import { describeLog } from '@millrace/log/conformance'
import { createCluster } from '@redis/client'
import { afterEach, beforeAll, describe, it } from 'vitest'
import { copyKeys, keysOf } from './key-copies.fixture.ts'
import { type RedisLogOptions, settingsOf } from './options.ts'
import { type RedisLog, redisLog } from './redis-log.ts'

// A Redis or Valkey that is there already and may be of use to others: it has keys of these logs for as long as a test runs, and that is all that is done to it.
const url = process.env.MILLRACE_REDIS_URL ?? ''
let connection: NonNullable<RedisLogOptions['connection']> = url

const run = randomUUID()
const names = new Map<RedisLog, string>()
const nameOf = (log: RedisLog) => names.get(log) ?? ''
let count = 0

function open(options: RedisLogOptions = {}, name = `millrace-test-${run}-${++count}`): RedisLog {
  const log = redisLog({ pollInterval: 20, connection, name, ...options })
  names.set(log, name)
  return log
}

async function command(name: string, ...words: string[]): Promise<unknown> {
  const client = settingsOf({ connection, name }).connect()
  client.on('error', () => {})
  await client.connect()
  try {
    return await client.sendCommand(words)
  } finally {
    client.destroy()
  }
}

beforeAll(async () => {
  if (!/cluster_enabled:1/.test(String(await command('any', 'INFO', 'cluster')))) return
  const { protocol, username, password } = new URL(url)
  const defaults = {
    ...(username && { username: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
    ...(protocol === 'rediss:' && { socket: { tls: true as const } }),
  }
  connection = createCluster({ rootNodes: [{ url }], defaults })
})

afterEach(async () => {
  for (const name of new Set(names.values())) await command(name, 'UNLINK', ...keysOf(name))
  names.clear()
})

describeLog<RedisLog>(
  'redisLog on the server that MILLRACE_REDIS_URL names',
  {
    open: async () => open(),
    openWith: async (wake) => open({ wake }),
    join: async (log) => open({}, nameOf(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    tags: true,
    backUp: async (log) => {
      const name = nameOf(log)
      const putBack = await copyKeys((...words) => command(name, ...words), name)
      return async () => {
        await putBack()
        return log
      }
    },
    interleavings: 60,
    patience: 15_000,
  },
  { describe, it },
)
