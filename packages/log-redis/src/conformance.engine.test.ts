import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { describeLog } from '@millrace/log/conformance'
import { type RedisServer, redisServer } from '@millrace/test-engines'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { RedisLogOptions } from './options.ts'
import { type RedisLog, redisLog } from './redis-log.ts'

let server: RedisServer
beforeAll(async () => {
  server = await redisServer()
})
afterAll(() => server.remove())

let count = 0
const names = new WeakMap<RedisLog, string>()
const connections = new WeakMap<RedisLog, Set<Socket>>()

function open(options: Partial<RedisLogOptions> = {}, name = `log-${++count}`): RedisLog {
  const log = redisLog({ pollInterval: 20, connection: server.url, name, ...options })
  names.set(log, name)
  return log
}

/** A log whose connections pass through a socket of the test's own, which cuts them. */
async function openThroughProxy(): Promise<RedisLog> {
  const sockets = new Set<Socket>()
  const { port } = new URL(server.url)
  const proxy = createServer((socket) => {
    const onward = createConnection(Number(port), '127.0.0.1')
    for (const end of [socket, onward]) {
      sockets.add(end)
      end.on('error', () => {})
      end.on('close', () => {
        socket.destroy()
        onward.destroy()
        sockets.delete(end)
      })
    }
    socket.pipe(onward).pipe(socket)
  })
  proxy.listen(0, '127.0.0.1').unref()
  await once(proxy, 'listening')
  const address = proxy.address()
  const log = open({ connection: `redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` })
  connections.set(log, sockets)
  return log
}

const keysOf = (log: RedisLog) => ['meta', 'records', 'keys'].map((key) => `{${names.get(log)}}:${key}`)

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
      const copies = keysOf(log).map((key) => [key, `${key}:copy`] as const)
      for (const [key, copy] of copies) await server.command('COPY', key, copy, 'REPLACE')
      // As a failover to a replica that lagged behind does, while the log is open.
      return async () => {
        await server.command('DEL', ...keysOf(log))
        const kept = copies.map(([key, copy]) => server.command('COPY', copy, key, 'REPLACE'))
        await Promise.all(kept)
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
    open: openThroughProxy,
    tags: true,
    disturbances: {
      'its connections are cut again and again': async (log) => {
        const timer = setInterval(() => {
          for (const socket of connections.get(log) ?? []) socket.destroy()
        }, 5)
        return () => clearInterval(timer)
      },
    },
    interleavings: 1,
    patience: 10_000,
  },
  { describe, it },
)
