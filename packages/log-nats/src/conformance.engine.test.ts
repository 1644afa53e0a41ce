import { setTimeout as sleep } from 'node:timers/promises'
import { describeLog } from '@millrace/log/conformance'
import { type CuttingProxy, cuttingProxy, type NatsServer, natsServer } from '@millrace/test-engines'
import { describeTrouble } from '@millrace/test-engines/trouble'
import { afterAll, afterEach, beforeAll, describe, it } from 'vitest'
import { type NatsLog, natsLog } from './nats-log.ts'
import type { NatsLogOptions } from './options.ts'

let server: NatsServer
let proxy: CuttingProxy
beforeAll(async () => {
  server = await natsServer()
  proxy = await cuttingProxy(Number(new URL(server.url).port))
})
afterAll(async () => {
  proxy.close()
  await server.remove()
})

// A server that is started anew reads all streams again, and those of the tests before would take their time.
afterEach(() =>
  server.operate(async ({ streams }) => {
    for (; cleared < count; cleared += 1) await streams.delete(`log-${cleared + 1}`).catch(() => {})
  }),
)

let count = 0
let cleared = 0
const names = new WeakMap<NatsLog, string>()

function open(options: Partial<NatsLogOptions> = {}, name = `log-${++count}`): NatsLog {
  const log = natsLog({ pollInterval: 20, connection: server.url, name, ...options })
  names.set(log, name)
  return log
}

const proxied = () => `nats://127.0.0.1:${proxy.port}`

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

describeTrouble('natsLog', {
  engine: 'nats',
  server: () => server,
  proxy: () => proxy,
  open(name, way) {
    const servers = way === 'proxied' ? proxied() : server.url
    // It wants no password, and lets everybody in who gives one.
    return natsLog({ connection: { servers, name, user: 'app', pass: 'geheim' }, name, pollInterval: 50 })
  },
  secrets: /geheim|127\.0\.0\.1/,
  mostConnections: 1,
  connections: (name) => server.connections(name),
  backUp: () => server.backUp(),
})
