import { describeLog } from '@millrace/log/conformance'
import { type KafkaServer, kafkaServer } from '@millrace/test-engines'
import { describeTrouble } from '@millrace/test-engines/trouble'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type KafkaLog, kafkaLog, kafkaLogs } from './kafka-log.ts'
import type { KafkaLogOptions } from './options.ts'
import { copyOf, putBack } from './topic-copy.fixture.ts'

let server: KafkaServer
beforeAll(async () => {
  server = await kafkaServer()
})
afterAll(() => server.remove())

let count = 0
const names = new WeakMap<KafkaLog, string>()
const nameOf = (log: KafkaLog) => names.get(log) ?? ''

function open(name: string, options: KafkaLogOptions = {}): KafkaLog {
  const log = kafkaLog({ pollInterval: 20, connection: server.broker, name, ...options })
  names.set(log, name)
  return log
}

/** A log on one of a few topics, with everything before it forgotten: that takes a tenth of the time of a new topic. */
async function openAnew(options: KafkaLogOptions = {}): Promise<KafkaLog> {
  count += 1
  const log = open(`log-${count % 4}`, options)
  await log.restart()
  return log
}

/** As a restored backup does, while the log is open. */
async function backUp(name: string): Promise<() => Promise<void>> {
  const copy = await copyOf(server.broker, name)
  return () => putBack(server, name, copy)
}

describeLog<KafkaLog>(
  'kafkaLog',
  {
    open: () => openAnew(),
    openWith: (wake) => openAnew({ wake }),
    join: async (log) => open(nameOf(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    tags: true,
    backUp: async (log) => {
      const restore = await backUp(nameOf(log))
      return async () => {
        await restore()
        return log
      }
    },
    disturbances: {
      'Kafka is killed': async () => {
        await server.kill()
        return () => server.start()
      },
      'Kafka is frozen': async () => {
        server.freeze()
        return () => server.thaw()
      },
    },
    interleavings: 60,
    patience: 30_000,
  },
  { describe, it },
)

describeLog<KafkaLog>(
  'kafkaLog whose connections are cut',
  {
    open: () => openAnew({ connection: server.proxied }),
    tags: true,
    disturbances: {
      'its connections are cut again and again': async () => {
        const timer = setInterval(() => server.proxy.cut(), 20)
        return () => clearInterval(timer)
      },
    },
    interleavings: 1,
    patience: 30_000,
  },
  { describe, it },
)

/** The log in one of three partitions, with everything before it forgotten there. */
async function openPart(name: string, options: KafkaLogOptions = {}): Promise<KafkaLog> {
  const logs = kafkaLogs({ pollInterval: 20, connection: server.broker, name, partitions: 3, ...options })
  const [before, log, after] = logs as [KafkaLog, KafkaLog, KafkaLog]
  await Promise.all([before.close(), after.close()])
  names.set(log, name)
  return log
}

async function openPartAnew(options: KafkaLogOptions = {}): Promise<KafkaLog> {
  count += 1
  const log = await openPart(`parts-${count % 2}`, options)
  await log.restart()
  return log
}

describeLog<KafkaLog>(
  'kafkaLogs, of which one',
  {
    open: () => openPartAnew(),
    openWith: (wake) => openPartAnew({ wake }),
    join: (log) => openPart(nameOf(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    tags: true,
    interleavings: 2,
    patience: 30_000,
  },
  { describe, it },
)

describeTrouble('kafkaLog', {
  engine: 'kafka',
  server: () => server,
  proxy: () => server.proxy,
  open: (name, way) =>
    kafkaLog({ connection: way === 'proxied' ? server.proxied : server.broker, name, pollInterval: 50 }),
  secrets: /127\.0\.0\.1/,
  mostConnections: 2,
  // The broker does not tell: what goes through the proxy.
  connections: async () => server.proxy.connections,
  backUp,
})
