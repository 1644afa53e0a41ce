import { describeLog } from '@millrace/log/conformance'
import { type CuttingProxy, cuttingProxy, type RedisServer, redisServer } from '@millrace/test-engines'
import { describeTrouble } from '@millrace/test-engines/trouble'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { copyKeys } from './key-copies.fixture.ts'
import type { RedisLogOptions } from './options.ts'
import { type RedisLog, redisLog } from './redis-log.ts'

let server: RedisServer
let proxy: CuttingProxy
beforeAll(async () => {
  // It is killed, and is to lose nothing, however slow the disk is.
  server = await redisServer('--appendfsync', 'always')
  proxy = await cuttingProxy(Number(new URL(server.url).port))
})
afterAll(async () => {
  proxy.close()
  await server.remove()
})

let count = 0
const names = new WeakMap<RedisLog, string>()

function open(options: Partial<RedisLogOptions> = {}, name = `log-${++count}`): RedisLog {
  const log = redisLog({ pollInterval: 20, connection: server.url, name, ...options })
  names.set(log, name)
  return log
}

const proxied = () => `redis://127.0.0.1:${proxy.port}`

const backUp = (name: string) => copyKeys(server.command, name)

describeLog<RedisLog>(
  'redisLog',
  {
    open: async () => open(),
    openWith: async (wake) => open({ wake }),
    join: async (log) => open({}, names.get(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    tags: true,
    backUp: async (log) => {
      const putBack = await backUp(names.get(log) ?? '')
      return async () => {
        await putBack()
        return log
      }
    },
    disturbances: {
      'Redis is killed': async () => {
        await server.kill()
        return () => server.start()
      },
      'Redis is frozen': async () => {
        server.freeze()
        return () => server.thaw()
      },
      'Redis forgets its scripts': async () => {
        await server.command('SCRIPT', 'FLUSH')
        return () => {}
      },
    },
    patience: 10_000,
  },
  { describe, it },
)

describeLog<RedisLog>(
  'redisLog whose connections are cut',
  {
    open: async () => open({ connection: proxied() }),
    tags: true,
    disturbances: {
      'its connections are cut again and again': async () => {
        const timer = setInterval(() => proxy.cut(), 5)
        return () => clearInterval(timer)
      },
    },
    interleavings: 1,
    patience: 10_000,
  },
  { describe, it },
)

describeTrouble('redisLog', {
  engine: 'redis',
  server: () => server,
  proxy: () => proxy,
  open(name, way) {
    const url = way === 'proxied' ? proxied() : server.url
    // There is no password, and whoever gives one all the same is let in.
    return redisLog({
      connection: { url: url.replace('//', '//default:geheim@'), name },
      name,
      pollInterval: 50,
    })
  },
  secrets: /geheim|127\.0\.0\.1/,
  mostConnections: 2,
  async connections(name) {
    const clients = String(await server.command('CLIENT', 'LIST'))
    return clients.split('\n').filter((client) => client.includes(` name=${name} `)).length
  },
  backUp,
})
