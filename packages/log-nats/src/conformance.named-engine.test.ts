import { randomUUID } from 'node:crypto'
import { describeLog } from '@millrace/log/conformance'
import { jetstreamManager } from '@nats-io/jetstream'
import { afterEach, describe, it } from 'vitest'
import { connectionsOf } from './connection.ts'
import { isNoStream } from './errors.ts'
import { type NatsLog, natsLog } from './nats-log.ts'
import type { NatsLogOptions } from './options.ts'

// A server that is there already and may be of use to others: it has streams of these logs for as long as a test runs, and that is all that is done to it.
const url = process.env.MILLRACE_NATS_URL ?? ''

const run = randomUUID()
const names = new Map<NatsLog, string>()
const nameOf = (log: NatsLog) => names.get(log) ?? ''
let count = 0

function open(options: NatsLogOptions = {}, name = `millrace-test-${run}-${++count}`): NatsLog {
  const log = natsLog({ pollInterval: 20, connection: url, name, ...options })
  names.set(log, name)
  return log
}

async function remove(streams: Iterable<string>): Promise<void> {
  const connection = await connectionsOf(url)()
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false })
    for (const name of streams) {
      await manager.streams.delete(name).catch((error: unknown) => {
        if (!isNoStream(error)) throw error
      })
    }
  } finally {
    await connection.close()
  }
}

afterEach(async () => {
  await remove(new Set(names.values()))
  names.clear()
})

describeLog<NatsLog>(
  'natsLog on the server that MILLRACE_NATS_URL names',
  {
    open: async () => open(),
    openWith: async (wake) => open({ wake }),
    join: async (log) => open({}, nameOf(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    // As an operator does, behind the back of the log.
    recreate: (log) => remove([nameOf(log)]),
    tags: true,
    interleavings: 60,
    patience: 15_000,
  },
  { describe, it },
)
