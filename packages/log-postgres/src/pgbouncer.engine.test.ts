import type { LogBounds, LogRecord, NewRecord } from '@millrace/log'
import { type PgBouncer, type PostgresServer, pgBouncer, postgresServer } from '@millrace/test-engines'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { PostgresLogOptions } from './options.ts'
import { type PostgresLog, postgresLog } from './postgres-log.ts'

// `npm test` says where it is.
describe.skipIf(process.env.MILLRACE_PGBOUNCER === '')('behind PgBouncer, which pools transactions', () => {
  let server: PostgresServer
  let pooler: PgBouncer
  beforeAll(async () => {
    server = await postgresServer()
    // Fewer connections than those who want one.
    pooler = await pgBouncer(server.url, 'default_pool_size = 2')
  })
  afterAll(async () => {
    await pooler.remove()
    await server.remove()
  })

  const logs: PostgresLog[] = []
  afterEach(async () => {
    await Promise.all(logs.splice(0).map((log) => log.close()))
  })

  let count = 0
  /** A log that would hear of nothing in time if it waited for its own looks. */
  function open(options: Partial<PostgresLogOptions> = {}): PostgresLog {
    const log = postgresLog({
      connection: pooler.url,
      schema: `events_${count}`,
      pollInterval: 3_600_000,
      ...options,
    })
    logs.push(log)
    return log
  }

  it('looks by itself for what no word comes of, and loses and doubles nothing', async () => {
    count += 1
    const [one, other] = [open(), open()]
    const seen = follow(one)
    await other.append([record(1), record(2)])
    await vi.waitFor(() => expect(seen.data()).toEqual(['1', '2']), soon)

    const client = new Client({ connectionString: pooler.url })
    await client.connect()
    await client.query('BEGIN')
    await other.appendWithin(client, [record(4)])
    await other.append([record(3)])
    await client.query('COMMIT')
    await client.end()
    await vi.waitFor(() => expect(seen.data()).toEqual(['1', '2', '3', '4']), soon)

    const numbers = Array.from({ length: 40 }, (_, index) => index + 5)
    await Promise.all(numbers.map((number) => (number % 2 === 0 ? one : other).append([record(number)])))
    await vi.waitFor(() => expect(seen.data()).toHaveLength(44), soon)
    expect(new Set(seen.data())).toEqual(new Set([1, 2, 3, 4, ...numbers].map(String)))
    expect(seen.records.map(({ offset }) => offset)).toEqual(Array.from({ length: 44 }, (_, at) => at + 1))

    await other.restart()
    await vi.waitFor(() => expect(seen.resets).toHaveLength(2), soon)
    expect(seen.errors).toEqual([])
  })

  it('is told over a connection that leads around it', async () => {
    count += 1
    const listen = { connectionString: server.url, application_name: 'ear' }
    const [one, other] = [open({ listen }), open({ listen: false })]
    const seen = follow(one)
    const listening = `SELECT FROM pg_stat_activity WHERE application_name = 'ear' AND state = 'idle' AND query <> ''`
    await vi.waitFor(async () => expect(await server.query(listening)).toHaveLength(1), soon)
    await other.append([record(1)])
    await vi.waitFor(() => expect(seen.data()).toEqual(['1']), soon)
  })

  it('is noticed by a diagnosis, which says what to change', async () => {
    count += 1
    const levels = async (options: Partial<PostgresLogOptions>) =>
      (await open({ pollInterval: 1_000, ...options }).diagnose())
        .filter(({ level }) => level !== 'ok')
        .map(({ level, subject, cure }) => [level, subject, cure])
    const unlimited = [
      'warn',
      'statement_timeout',
      expect.stringMatching(/^ALTER ROLE .* statement_timeout = 5000$/),
    ]
    expect(await levels({})).toEqual([
      unlimited,
      ['warn', 'listen', expect.stringContaining('listen: process.env')],
    ])
    expect(await levels({ listen: server.url })).toEqual([unlimited])
    await server.query('ALTER ROLE millrace SET statement_timeout = 5000')
    expect(await levels({ connection: server.url })).toEqual([])
  })

  it('refuses a parameter that the options ask for, and says so', async () => {
    count += 1
    const connection = { connectionString: pooler.url, statement_timeout: 1_000 }
    await expect(open({ connection }).bounds()).rejects.toMatchObject({
      problem: 'refused',
      message: expect.stringContaining('ignore_startup_parameters'),
    })
  })
})

const soon = { timeout: 20_000, interval: 10 }

function record(number: number): NewRecord {
  return { topic: 'orders/1', event: 'placed', version: 1, time: number, data: `${number}` }
}

function follow(log: PostgresLog) {
  const records: LogRecord[] = []
  const resets: LogBounds[] = []
  const errors: unknown[] = []
  log.tail(
    { epoch: 'another', offset: 0 },
    {
      records: (more) => records.push(...more),
      reset: (bounds) => resets.push(bounds),
      error: (error) => errors.push(error),
    },
  )
  return { records, resets, errors, data: () => records.map(({ data }) => data) }
}
