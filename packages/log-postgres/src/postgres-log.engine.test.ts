import { setTimeout as sleep } from 'node:timers/promises'
import { channel, defineContract } from '@millrace/contract'
import { type LogBounds, type LogRecord, type NewRecord, shards } from '@millrace/log'
import { createEventServer } from '@millrace/server'
import { type PostgresServer, postgresServer } from '@millrace/test-engines'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import type { PostgresLogOptions } from './options.ts'
import { type PostgresLog, postgresLog } from './postgres-log.ts'
import { postgresSchema } from './schema.ts'

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('orders/{orderId}', {
      params: { orderId: z.string() },
      events: { placed: z.object({ total: z.number() }) },
    }),
  },
})

let server: PostgresServer
beforeAll(async () => {
  server = await postgresServer('max_connections=80')
})
afterAll(() => server.remove())

const logs: PostgresLog[] = []
const clients: Client[] = []
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
  await Promise.all(clients.splice(0).map((client) => client.end()))
})

let count = 0
function open(options: Partial<PostgresLogOptions> = {}): PostgresLog {
  count += 1
  const log = postgresLog({ connection: server.url, schema: `events_${count}`, ...options })
  logs.push(log)
  return log
}

async function connect(): Promise<Client> {
  const client = new Client({ connectionString: server.url })
  clients.push(client)
  await client.connect()
  return client
}

const soon = { timeout: 10_000, interval: 10 }

function record(number: number, properties: Partial<NewRecord> = {}): NewRecord {
  return { topic: 'orders/1', event: 'placed', version: 1, time: number, data: `${number}`, ...properties }
}

function follow(log: PostgresLog, after = { epoch: 'another', offset: 0 }) {
  const records: LogRecord[] = []
  const resets: LogBounds[] = []
  const errors: unknown[] = []
  log.tail(after, {
    records: (more) => records.push(...more),
    reset: (bounds) => resets.push(bounds),
    error: (error) => errors.push(error),
  })
  return { records, resets, errors, data: () => records.map(({ data }) => data) }
}

describe('within a transaction of the application', () => {
  it('what is published is seen when it commits, in order, and wakes who follows', async () => {
    const log = open({ pollInterval: 60_000 })
    const { data } = follow(log)
    await log.append([record(1)])
    const client = await connect()
    await client.query('BEGIN')
    await log.appendWithin(client, [record(2), record(3)])
    await log.appendWithin(client, [record(4)])
    await log.append([record(5)])
    await vi.waitFor(() => expect(data()).toEqual(['1', '5']), soon)
    await client.query('COMMIT')
    await vi.waitFor(() => expect(data()).toEqual(['1', '5', '2', '3', '4']), soon)
  })

  it('what is published never was when it is rolled back', async () => {
    const log = open({ pollInterval: 20 })
    const client = await connect()
    await log.bounds()
    await client.query('BEGIN')
    await log.appendWithin(client, [record(1, { key: 'once' })])
    await client.query('ROLLBACK')
    expect(await log.append([record(2, { key: 'once' })])).toMatchObject([{ offset: 1 }])
    expect((await log.read(0, 10)).records.map(({ data }) => data)).toEqual(['2'])
  })

  it('what committed before an append comes before it, though nobody follows', async () => {
    const log = open()
    const client = await connect()
    await log.bounds()
    await log.appendWithin(client, [record(1, { key: 'one' })])
    expect(await log.append([record(2), record(1, { key: 'one' })])).toMatchObject([
      { offset: 2 },
      { offset: 1 },
    ])
    expect((await log.read(0, 10)).records.map(({ data }) => data)).toEqual(['1', '2'])
  })

  it('nobody waits for another one’s transaction, whatever the topic', async () => {
    const log = open()
    await log.bounds()
    const [one, two] = await Promise.all([connect(), connect()])
    await one.query('BEGIN')
    await two.query('BEGIN')
    await log.appendWithin(one, [record(1)])
    await log.appendWithin(two, [record(2)])
    await log.append([record(3)])
    await two.query('COMMIT')
    await log.append([record(4)])
    await one.query('COMMIT')
    await log.append([record(5)])
    expect((await log.read(0, 10)).records.map(({ data }) => data)).toEqual(['3', '2', '4', '1', '5'])
  })

  it('of 1,000 with random delays and rollbacks by 32 writers, exactly those that committed are seen, each once, by all', async () => {
    const log = open({ pollInterval: 50 })
    const other = postgresLog({ connection: server.url, schema: `events_${count}` })
    logs.push(other)
    await log.bounds()
    const followers = [follow(log), follow(other)]
    const committed: string[] = []
    let next = 0
    async function write(writer: Client, index: number): Promise<void> {
      while (next < 1_000) {
        next += 1
        const number = next
        const topic = `orders/${index % 8}`
        await writer.query('BEGIN')
        await log.appendWithin(writer, [record(number, { topic, data: `"${number}a"` })])
        if (Math.random() < 0.5) await sleep(Math.random() * 20)
        await log.appendWithin(writer, [record(number, { topic, data: `"${number}b"` })])
        if (Math.random() < 0.3) await writer.query('ROLLBACK')
        else {
          await writer.query('COMMIT')
          committed.push(`"${number}a"`, `"${number}b"`)
        }
      }
    }
    const writers = await Promise.all(Array.from({ length: 32 }, connect))
    await Promise.all(writers.map(write))
    for (const { records, data, resets } of followers) {
      await vi.waitFor(() => expect(records.length).toBeGreaterThanOrEqual(committed.length), soon)
      expect(data().sort()).toEqual([...committed].sort())
      expect(records.map(({ offset }) => offset)).toEqual(committed.map((_, index) => index + 1))
      expect(resets).toHaveLength(1)
      // What one transaction published stands in its order.
      for (const [index, text] of data().entries()) {
        if (text.endsWith('b"')) expect(data().indexOf(text.replace('b', 'a'))).toBeLessThan(index)
      }
    }
  })
})

describe('a log in shards, within a transaction of the application', () => {
  const address = (orderId: string) => shop.orders({ orderId }).address
  const numbers = Array.from({ length: 20 }, (_, index) => `${index}`)
  const dataOf = async (log: PostgresLog) => (await log.read(0, 100)).records.map(({ data }) => data)

  async function connectTo(url: string): Promise<Client> {
    const client = new Client({ connectionString: url })
    clients.push(client)
    await client.connect()
    return client
  }

  it('publishes to a topic whose shard is in the database of the transaction, and lets no other commit', async () => {
    count += 1
    const urls = [1, 2].map((number) => server.url.replace(/\/postgres$/, `/shard_${count}_${number}`))
    for (const number of [1, 2]) await server.query(`CREATE DATABASE shard_${count}_${number}`)
    // Of one name, as those of different databases are by default.
    const parts = urls.map((connection) => open({ connection, schema: 'events' }))
    const log = shards(parts)
    const events = createEventServer({ contract: shop, log })
    const [first = '', second = ''] = [0, 1].map((shard) =>
      numbers.find((orderId) => log.shardOf(address(orderId)) === shard),
    )
    const client = await connectTo(urls[0] as string)
    const publish = (orderId: string, total: number) =>
      events.publish(shop.orders({ orderId }), 'placed', { total }, { transaction: client })
    try {
      await client.query('BEGIN')
      await publish(first, 1)
      await client.query('COMMIT')
      await client.query('BEGIN')
      await publish(first, 2)
      await expect(publish(second, 3)).rejects.toMatchObject({
        engine: 'postgres',
        problem: 'settings',
        message: expect.stringContaining('another database'),
      })
      // Nothing that was done in it is done, whatever is made of the error.
      await client.query('COMMIT')
      // As in a transaction of its own.
      const items = [first, second].map((orderId) => ({
        topic: shop.orders({ orderId }),
        name: 'placed' as const,
        data: { total: 4 },
      }))
      await client.query('BEGIN')
      await expect(events.publishMany(items, { transaction: client })).rejects.toMatchObject({
        problem: 'settings',
      })
      await client.query('COMMIT')
      await events.publish(shop.orders({ orderId: second }), 'placed', { total: 5 })
      const [one, two] = parts as [PostgresLog, PostgresLog]
      // What has committed gets its place with whatever is appended next.
      await events.publish(shop.orders({ orderId: first }), 'placed', { total: 6 })
      expect(await dataOf(one)).toEqual(['{"total":1}', '{"total":6}'])
      expect(await dataOf(two)).toEqual(['{"total":5}'])
    } finally {
      await events.close({ drain: 0 })
    }
  })

  it('publishes to topics of several shards where these are in one database', async () => {
    const parts = [open(), open()]
    const log = shards(parts)
    const client = await connect()
    const records = numbers.map((orderId, index) => record(index, { topic: address(orderId) }))
    const within = (transaction: Client) => log.appendWithin?.(transaction, records)
    await client.query('BEGIN')
    await within(client)
    await client.query('ROLLBACK')
    await client.query('BEGIN')
    await within(client)
    await client.query('COMMIT')
    const given = (shard: number) =>
      records.filter(({ topic }) => log.shardOf(topic) === shard).map(({ data }) => data)
    for (const [shard, part] of parts.entries()) {
      await part.append([record(100)])
      expect(await dataOf(part)).toEqual([...given(shard), '100'])
    }
  })

  it('goes on in a schema that was made anew', async () => {
    const log = open()
    const client = await connect()
    await log.appendWithin(client, [record(1)])
    await server.query(`DROP SCHEMA events_${count} CASCADE`)
    await log.append([record(2)])
    await expect(log.appendWithin(client, [record(3)])).rejects.toMatchObject({ problem: 'settings' })
    await log.appendWithin(client, [record(4)])
    await log.append([record(5)])
    expect(await dataOf(log)).toEqual(['2', '4', '5'])
  })
})

it('an event server publishes within a transaction, and subscribers are told when it commits', async () => {
  const log = open({ pollInterval: 60_000 })
  const events = createEventServer({ contract: shop, log })
  const order = shop.orders({ orderId: '1' })
  const stream = await events.fetch(new Request('http://here/events/orders/1'))
  const reader = stream.body?.getReader()
  let text = ''
  const until = async (wanted: string) => {
    while (!text.includes(wanted)) text += new TextDecoder().decode((await reader?.read())?.value)
  }
  await until('millrace.open')
  const client = await connect()
  await client.query('BEGIN')
  expect(await events.publish(order, 'placed', { total: 1 }, { transaction: client })).toBeUndefined()
  await events.publish(order, 'placed', { total: 2 })
  await until('"total":2')
  expect(text).not.toContain('"total":1')
  await client.query('COMMIT')
  await until('"total":1')
  await events.close({ drain: 0 })
})

describe('what is kept', () => {
  it('is every record as it was given', async () => {
    const log = open()
    const given = record(1, {
      key: '',
      trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      version: 12,
    })
    await log.append([given])
    expect((await log.read(0, 10)).records).toEqual([
      { ...given, offset: 1, tag: expect.stringMatching(/^\w{5}$/) },
    ])
  })

  // Without keys they are rows at once, and with one they are judged.
  it.each([
    ['without keys', {}],
    ['with a key among them', { key: 'ключ "1", {NULL}' }],
  ])('is every record of a call, whatever their texts, %s', async (_, last) => {
    const log = open()
    const given = [
      record(1, { topic: 'straße/日', event: 'naïve', data: '"𝄞 \\ é, {NULL} \'"' }),
      record(2, { data: '', trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }),
      record(3, { data: JSON.stringify('ÿ'.repeat(70_000)), version: 2_147_483_647, ...last }),
    ]
    const positions = await log.append(given)
    expect(positions.map(({ offset }) => offset)).toEqual([1, 2, 3])
    expect((await log.read(0, 10)).records).toEqual(
      given.map((one, index) => ({ ...one, offset: index + 1, tag: positions[index]?.tag })),
    )
  })

  it.each([
    ['NUL', '"\0"'],
    ['half of a character', '"\ud800"'],
  ])('is not %s, and that is said before anything is appended', async (_, data) => {
    const log = open()
    const client = await connect()
    const refusal = {
      engine: 'postgres',
      problem: 'record',
      message: expect.stringContaining('data of an event of orders/1'),
    }
    await expect(log.append([record(1), record(2, { data })])).rejects.toMatchObject(refusal)
    await expect(log.appendWithin(client, [record(2, { data })])).rejects.toMatchObject(refusal)
    expect((await log.bounds()).head).toBe(0)
  })

  it('is no more than maxRecords soon after, with keys and whole partitions', async () => {
    const log = open({ maxRecords: 1_000 })
    const schema = `events_${count}`
    await log.append([record(0, { key: 'first' })])
    for (let batch = 0; batch < 21; batch += 1) {
      await log.append(Array.from({ length: 10_000 }, (_, index) => record(batch * 10_000 + index)))
    }
    await vi.waitFor(
      async () => expect(await log.bounds()).toMatchObject({ first: 209_002, head: 210_001 }),
      soon,
    )
    const partitions = await server.query(
      `SELECT count(*)::integer AS number FROM pg_inherits WHERE inhparent = '${schema}.records'::regclass`,
    )
    expect(partitions).toEqual([{ number: 1 }])
    expect((await log.append([record(0, { key: 'first' })]))[0]?.offset).toBe(210_002)
  })

  it('is no older than maxAge, also while nothing is appended', async () => {
    const log = open({ maxAge: 300 })
    await log.append([record(1), record(2)])
    await vi.waitFor(async () => expect(await log.bounds()).toMatchObject({ first: 3, head: 2 }), soon)
  })

  it('comes in pages of about a megabyte', async () => {
    const log = open()
    const large = JSON.stringify('x'.repeat(100_000))
    await log.append(Array.from({ length: 50 }, (_, index) => record(index, { data: large })))
    const { records, head } = await log.read(0, 1_000)
    expect(head).toBe(50)
    expect(records).toHaveLength(11)
  })
})

describe('a schema', () => {
  it('that is dropped is made anew, as another epoch', async () => {
    const log = open({ pollInterval: 50 })
    await log.append([record(1)])
    const { records, resets } = follow(log)
    await vi.waitFor(() => expect(records).toHaveLength(1), soon)
    const { epoch } = await log.bounds()
    await server.query(`DROP SCHEMA events_${count} CASCADE`)
    await vi.waitFor(() => expect(resets.at(-1)?.epoch).not.toBe(epoch), soon)
    expect((await log.append([record(1)]))[0]?.offset).toBe(1)
  })

  it('can be made by whoever runs the migrations, and is asked for where it is not', async () => {
    const log = open({ migrate: false })
    const schema = `events_${count}`
    await expect(log.append([record(1)])).rejects.toMatchObject({
      problem: 'foreign',
      message: expect.stringContaining('postgresSchema'),
    })
    await server.query(postgresSchema({ schema }))
    await server.query(postgresSchema({ schema }))
    expect((await log.append([record(1)]))[0]?.offset).toBe(1)
  })

  it('is made once, also where another makes it while one waits to', async () => {
    const sql = postgresSchema({ schema: 'waited_for' })
    const [one, other] = [await connect(), await connect()]
    // It remembers that there is none, and after its first table nothing has it look again.
    await one.query('CREATE TEMPORARY TABLE first ()')
    await expect(one.query('SELECT FROM waited_for.migrations')).rejects.toMatchObject({ code: '42P01' })
    await other.query('BEGIN')
    await other.query(sql)
    const made = one.query(sql)
    const waiting = `SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`
    await vi.waitFor(async () => expect(await server.query(waiting)).toHaveLength(1), soon)
    await other.query('COMMIT')
    await made
    expect((await one.query('SELECT number FROM waited_for.migrations ORDER BY number')).rows).toEqual([
      { number: 1 },
      { number: 2 },
    ])
  })

  it('is made once by many that come at the same moment', async () => {
    const first = open()
    const others = Array.from({ length: 5 }, () =>
      postgresLog({ connection: server.url, schema: `events_${count}` }),
    )
    logs.push(...others)
    const all = await Promise.all([first, ...others].map((log, index) => log.append([record(index)])))
    expect(
      all
        .flat()
        .map(({ offset }) => offset)
        .sort(),
    ).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('of a later version is left alone', async () => {
    const log = open()
    await log.bounds()
    await server.query(`INSERT INTO events_${count}.migrations (number) VALUES (99)`)
    const later = postgresLog({ connection: server.url, schema: `events_${count}` })
    logs.push(later)
    await expect(later.bounds()).rejects.toMatchObject({
      problem: 'foreign',
      message: expect.stringContaining('later version'),
    })
  })
})

describe('a Postgres', () => {
  it('that forbids LISTEN is looked at again and again', async () => {
    const log = open({ connection: server.url, listen: false })
    const { data } = follow(log)
    const client = new Client({ connectionString: server.url })
    await client.connect()
    await log.bounds()
    await log.appendWithin(client, [record(1)])
    await client.end()
    await vi.waitFor(() => expect(data()).toEqual(['1']), soon)
  })

  it('is told apart from one that refuses', async () => {
    const log = open({ connection: server.url.replace('/postgres', '/nowhere') })
    await expect(log.append([record(1)])).rejects.toMatchObject({
      problem: 'refused',
      message: expect.stringContaining('no such database'),
    })
  })
})

it.each([
  [{ schema: 'a-b' }, TypeError],
  [{ maxRecords: 0 }, RangeError],
  [{ maxAge: 0 }, RangeError],
  [{ timeout: 0 }, RangeError],
  [{ pollInterval: 0 }, RangeError],
])('refuses %o', (options, kind) => {
  expect(() => postgresLog({ connection: 'postgres://nowhere', ...options })).toThrow(kind)
})
