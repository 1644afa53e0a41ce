import { randomUUID } from 'node:crypto'
import { describeLog } from '@millrace/log/conformance'
import { Admin } from '@platformatic/kafka'
import { afterAll, describe, it } from 'vitest'
import { type KafkaLog, kafkaLog } from './kafka-log.ts'
import { type KafkaConnectionOptions, type KafkaLogOptions, settingsOf } from './options.ts'

// A cluster that is there already and may be of use to others: it has a few topics of these logs for as long as this file runs, and that is all that is done to it.
const brokers = process.env.MILLRACE_KAFKA_BROKERS ?? ''
const connection = brokers.startsWith('{') ? (JSON.parse(brokers) as KafkaConnectionOptions) : brokers

const run = randomUUID()
const names = new Map<KafkaLog, string>()
const nameOf = (log: KafkaLog) => names.get(log) ?? ''
let count = 0

function open(name: string, options: KafkaLogOptions = {}): KafkaLog {
  const log = kafkaLog({ pollInterval: 20, connection, name, ...options })
  names.set(log, name)
  return log
}

/** A log on one of a few topics, with everything before it forgotten: that takes a tenth of the time of a new topic. */
async function openAnew(options: KafkaLogOptions = {}): Promise<KafkaLog> {
  count += 1
  const log = open(`millrace-test-${run}-${count % 4}`, options)
  await log.restart()
  return log
}

afterAll(async () => {
  const topics = [...new Set(names.values())]
  if (topics.length === 0) return
  const { brokers, connection: how } = settingsOf({ connection }, 1)
  const admin = new Admin({ ...how, clientId: 'operator', bootstrapBrokers: [...brokers], retries: 0 })
  await admin.deleteTopics({ topics })
  await admin.close()
})

describeLog<KafkaLog>(
  'kafkaLog on the cluster that MILLRACE_KAFKA_BROKERS names',
  {
    open: () => openAnew(),
    openWith: (wake) => openAnew({ wake }),
    join: async (log) => open(nameOf(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    tags: true,
    interleavings: 60,
    patience: 30_000,
  },
  { describe, it },
)
