import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { describeLog } from '@millrace/log/conformance'
import { type NatsServer, natsServer } from '@millrace/test-engines'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { type NatsLog, natsLog } from './nats-log.ts'
import type { NatsLogOptions } from './options.ts'

let server: NatsServer
beforeAll(async () => {
  server = await natsServer()
})
afterAll(() => server.remove())

// A server that is started anew reads all streams again, and those of the tests before would take their time.
afterEach(() =>
  server.operate(async ({ streams }) => {
    for (; cleared < count; cleared += 1) await streams.delete(`log-${cleared + 1}`).catch(() => {})
  }),
)

let count = 0
let cleared = 0
const names = new WeakMap<NatsLog, string>()
const connections = new WeakMap<NatsLog, Set<Socket>>()

function open(options: Partial<NatsLogOptions> = {}, name = `log-${++count}`): NatsLog {
  const log = natsLog({ pollInterval: 20, connection: server.url, name, ...options })
  names.set(log, name)
  return log
}

/** A log whose connections pass through a socket of the test's own, which cuts them. */
async function openThroughProxy(): Promise<NatsLog> {
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
  const log = open({ connection: `nats://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` })
  connections.set(log, sockets)
  return log
}

async function untilUp(log: NatsLog): Promise<void> {
  for (;;) {
    try {
      await log.bounds()
      return
    } catch {
      await sleep(20)
    }
  }
}

describeLog<NatsLog>(
  'natsLog',
  {
    open: async () => open(),
    openWith: async (wake) => open({ wake }),
    join: async (log) => open({}, names.get(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    // As an operator does, behind the back of the log.
    recreate: (log) =>
      server.operate(async ({ streams }) => void (await streams.delete(names.get(log) ?? ''))),
    tags: true,
    backUp: async (log) => {
      const putBack = await server.backUp()
      await untilUp(log)
      return async () => {
        await putBack()
        await untilUp(log)
        return log
      }
    },
    disturbances: {
      'NATS is killed': async () => {
        await server.kill()
        return () => server.start()
      },
      'NATS is frozen': async () => {
        server.freeze()
        return () => server.thaw()
      },
    },
    patience: 10_000,
  },
  { describe, it },
)

describeLog<NatsLog>(
  'natsLog whose connections are cut',
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
