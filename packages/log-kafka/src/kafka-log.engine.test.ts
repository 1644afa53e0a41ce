import { setTimeout as sleep } from 'node:timers/promises'
import { type LogBounds, type LogRecord, type NewRecord, shards } from '@millrace/log'
import { type KafkaServer, kafkaServer } from '@millrace/test-engines'
import { Producer } from '@platformatic/kafka'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type KafkaLog, kafkaLog, kafkaLogs } from './kafka-log.ts'
import type { KafkaLogOptions } from './options.ts'

let server: KafkaServer
beforeAll(async () => {
  server = await kafkaServer()
})
afterAll(() => server.remove())

const logs: KafkaLog[] = []
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
})

let count = 0
const lastName = () => `log-${count}`
function open(options: KafkaLogOptions = {}): KafkaLog {
  if (options.name === undefined) count += 1
  const log = kafkaLog({ connection: server.broker, name: lastName(), ...options })
  logs.push(log)
  return log
}

const soon = { timeout: 20_000, interval: 10 }

function record(number: number, properties: Partial<NewRecord> = {}): NewRecord {
  return { topic: 'orders/1', event: 'placed', version: 1, time: number, data: `${number}`, ...properties }
}

function follow(log: KafkaLog, after = { epoch: 'another', offset: 0 }) {
  const records: LogRecord[] = []
  const resets: LogBounds[] = []
  const errors: unknown[] = []
  log.tail(after, {
    records: (more) => records.push(...more),
    reset: (bounds) => resets.push(bounds),
    error: (error) => errors.push(error),
  })
  return { records, resets, errors }
}

/** Writes to the topic what no log wrote. */
async function writeForeign(name: string, ...values: string[]): Promise<void> {
  const producer = new Producer({ clientId: 'somebody', bootstrapBrokers: [server.broker] })
  try {
    const messages = values.map((value) => ({ topic: name, partition: 0, value: Buffer.from(value) }))
    await producer.send({ messages, acks: -1 })
  } finally {
    await producer.close()
  }
}

async function readAll(log: KafkaLog): Promise<LogRecord[]> {
  const all: LogRecord[] = []
  for (;;) {
    const { records, head } = await log.read(all.length, 1_000)
    all.push(...records)
    if (all.length === head) return all
  }
}

describe('what is kept', () => {
  it('is every record as it was given, whatever is in it', async () => {
    const log = open()
    const given = record(1, {
      topic: 'orders/ä \u{1F600}\0\n',
      data: '{"text":"\\ud800 \u{1F600} \0"}',
      key: '',
      trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      time: 1_763_683_200_123,
      version: 12,
    })
    await log.append([given])
    // One that holds it in memory, and one that has to read it.
    for (const reader of [log, open({ name: lastName() })]) {
      expect((await reader.read(0, 10)).records).toEqual([
        { ...given, offset: 1, tag: expect.stringMatching(/^\w{5}$/) },
      ])
    }
  })

  it('is not half of a character, and that is said before anything is appended', async () => {
    const log = open()
    await expect(log.append([record(1), record(2, { data: '"\ud800"' })])).rejects.toMatchObject({
      engine: 'kafka',
      problem: 'record',
      message: expect.stringContaining('data of an event of orders/1'),
    })
    expect((await log.bounds()).head).toBe(0)
  })

  it('is no more than maxRecords and a tenth, with their keys', async () => {
    const log = open({ maxRecords: 50 })
    for (let number = 1; number <= 56; number += 1)
      await log.append([record(number, { key: `key-${number}` })])
    await vi.waitFor(async () => expect(await log.bounds()).toMatchObject({ first: 7, head: 56 }), soon)
    expect((await log.append([record(1, { key: 'key-1' })]))[0]?.offset).toBe(57)
    expect((await log.append([record(56, { key: 'key-56' })]))[0]?.offset).toBe(56)
  })

  it('is no older than maxAge, also while nothing is appended', async () => {
    const log = open({ maxAge: 300 })
    await log.append([record(1), record(2)])
    const { epoch, headTag } = await log.bounds()
    const forgotten = { epoch, headTag, first: 3, head: 2 }
    await vi.waitFor(async () => expect(await log.bounds()).toMatchObject(forgotten), soon)
    // Who comes now learns it as well.
    expect(await open({ name: lastName() }).bounds()).toMatchObject(forgotten)
    expect((await log.append([record(3)]))[0]?.offset).toBe(3)
  })

  it('comes in pages of about a megabyte, from batches that the topic takes', async () => {
    const log = open({ create: { settings: { 'max.message.bytes': '1048588' } } })
    const large = JSON.stringify('x'.repeat(100_000))
    await Promise.all(Array.from({ length: 50 }, (_, index) => log.append([record(index, { data: large })])))
    for (const reader of [log, open({ name: lastName() })]) {
      const { records, head } = await reader.read(0, 1_000)
      expect(head).toBe(50)
      expect(records.length).toBeGreaterThan(4)
      expect(records.length).toBeLessThan(12)
    }
    await expect(
      log.append(Array.from({ length: 12 }, (_, index) => record(index, { data: large }))),
    ).rejects.toMatchObject({ problem: 'refused', message: expect.stringContaining('max.message.bytes') })
    expect((await log.bounds()).head).toBe(50)
  })
})

describe('what others write to the topic', () => {
  it('counts for nobody, wherever it stands, and offsets stay dense', async () => {
    const log = open()
    for (let number = 1; number <= 30; number += 1) {
      await log.append([record(number), record(100 + number)])
      // The log does not know of it when it appends the next: that stands elsewhere, and is written again.
      await writeForeign(lastName(), 'foreign', 'foreign')
    }
    const expected = await readAll(log)
    expect(expected.map(({ offset }) => offset)).toEqual(Array.from({ length: 60 }, (_, index) => index + 1))
    const other = open({ name: lastName() })
    expect(await readAll(other)).toEqual(expected)
    // From any place, in any order.
    const third = open({ name: lastName() })
    for (const after of [41, 3, 58, 20, 0, 59]) {
      const page = await third.read(after, 1)
      expect(page.records).toEqual(expected.slice(after, after + 1))
      expect(page.afterTag).toBe(expected[after - 1]?.tag)
    }
    await other.trim(31)
    expect(await log.bounds()).toMatchObject({ first: 31, head: 60 })
  })

  it('is not taken for a log where nothing else is there', async () => {
    count += 1
    await server.asAdmin((admin) => admin.createTopics({ topics: [lastName()], partitions: 1, replicas: 1 }))
    await vi.waitFor(() => writeForeign(lastName(), 'foreign'), soon)
    await expect(open({ name: lastName() }).append([record(1)])).rejects.toMatchObject({ problem: 'foreign' })
  })
})

describe('a topic', () => {
  const topicWith = async (partitions: number, settings: Record<string, string> = {}) => {
    count += 1
    const configs = Object.entries(settings).map(([name, value]) => ({ name, value }))
    await server.asAdmin((admin) =>
      admin.createTopics({ topics: [lastName()], partitions, replicas: 1, configs }),
    )
    return open({ name: lastName() })
  }

  it('with several partitions is refused', async () => {
    const log = await topicWith(3)
    const refusal = { problem: 'settings', message: expect.stringContaining('3 partitions') }
    await vi.waitFor(() => expect(log.bounds()).rejects.toMatchObject(refusal), soon)
    await expect(log.append([record(1)])).rejects.toMatchObject(refusal)
  })

  it.each(['compact', 'compact,delete'])('that is cleaned up by %s is refused', async (policy) => {
    const log = await topicWith(1, { 'cleanup.policy': policy })
    const refusal = { problem: 'settings', message: expect.stringContaining('Set it to delete') }
    await vi.waitFor(() => expect(log.bounds()).rejects.toMatchObject(refusal), soon)
  })

  it('that may lose what was acknowledged is used, and that is told once', async () => {
    const warnings: string[] = []
    const settings = { 'unclean.leader.election.enable': 'true' }
    const log = open({ create: { settings }, onWarning: (text) => warnings.push(text) })
    const { records } = follow(log)
    await log.append([record(1)])
    await vi.waitFor(() => expect(records).toHaveLength(1), soon)
    expect(warnings).toEqual([expect.stringContaining('unclean.leader.election.enable')])
  })

  it('is not made where that is not wanted', async () => {
    await expect(open({ create: false }).bounds()).rejects.toMatchObject({
      problem: 'settings',
      message: expect.stringContaining('there is no topic'),
    })
  })

  it('that is made anew is another epoch, and tails are told', async () => {
    const log = open()
    const { records, resets } = follow(log)
    await log.append([record(1, { key: 'a' }), record(2)])
    await vi.waitFor(() => expect(records).toHaveLength(2), soon)
    const { epoch } = await log.bounds()
    await server.asAdmin((admin) => admin.deleteTopics({ topics: [lastName()] }))
    await vi.waitFor(() => expect(resets).toHaveLength(2), soon)
    expect(resets[1]).toMatchObject({ first: 1, head: 0 })
    expect(resets[1]?.epoch).not.toBe(epoch)
    expect((await log.append([record(3, { key: 'a' })]))[0]?.offset).toBe(1)
    await vi.waitFor(() => expect(records.map(({ data }) => data)).toEqual(['1', '2', '3']), soon)
  })

  it('whose retention forgets everything keeps its epoch and its head while a process has it open', async () => {
    const log = open({ create: { settings: { 'retention.ms': '1500', 'segment.ms': '100' } } })
    const { resets } = follow(log)
    await log.append([record(1), record(2)])
    const { epoch, headTag } = await log.bounds()
    const forgotten = { epoch, headTag, first: 3, head: 2 }
    await vi.waitFor(async () => expect(await log.bounds()).toMatchObject(forgotten), soon)
    await sleep(2_000)
    const other = open({ name: lastName() })
    expect(await other.bounds()).toMatchObject(forgotten)
    expect(resets).toHaveLength(1)
    // Who has missed what is forgotten is told, and nothing is passed over for it.
    const late = follow(other, { epoch, offset: 1 })
    await vi.waitFor(() => expect(late.resets).toMatchObject([forgotten]), soon)
  })

  it('whose records an operator deleted begins a new epoch for who comes then', async () => {
    const log = open()
    await log.append([record(1)])
    const { epoch } = await log.bounds()
    await log.close()
    await server.asAdmin((admin) =>
      admin.deleteRecords({ topics: [{ name: lastName(), partitions: [{ partition: 0, offset: 2n }] }] }),
    )
    const bounds = await open({ name: lastName() }).bounds()
    expect(bounds).toMatchObject({ first: 1, head: 0 })
    expect(bounds.epoch).not.toBe(epoch)
  })
})

describe('a diagnosis', () => {
  const about = async (log: KafkaLog) =>
    (await log.diagnose()).map(({ level, subject, message }) => [level, subject, message])

  it('makes nothing, and judges the topic once it is there', async () => {
    const log = open()
    const absent = ['ok', 'topic', expect.stringContaining('makes it with its first use')]
    expect(await about(log)).toEqual([absent, ['ok', 'retention', expect.anything()]])
    expect(await about(open({ create: false }))).toContainEqual([
      'fault',
      'topic',
      `There is no ${lastName()}`,
    ])
    const careless = open({
      create: { settings: { 'unclean.leader.election.enable': 'true' } },
      onWarning() {},
    })
    await careless.append([record(1)])
    expect(await about(careless)).toEqual([
      ['ok', 'topic', `${lastName()} has one partition`],
      ['ok', 'cleanup.policy', expect.anything()],
      ['ok', 'replicas', 'One broker, and it alone has the topic'],
      ['warn', 'unclean.leader.election.enable', expect.anything()],
      ['ok', 'retention', 'Records are kept for 604,800 s'],
    ])
  })

  it('says what is in the way, without address or password', async () => {
    count += 1
    await server.asAdmin((admin) => admin.createTopics({ topics: [lastName()], partitions: 3, replicas: 1 }))
    const split = ['fault', 'topic', expect.stringMatching(/^The topic has 3 partitions, .* one order$/)]
    await vi.waitFor(async () => expect(await about(open({ name: lastName() }))).toContainEqual(split), soon)
    const findings = await about(open({ connection: '127.0.0.1:1' }))
    expect(findings[0]).toEqual(['fault', 'connection', expect.stringContaining('ECONNREFUSED')])
    expect(JSON.stringify(findings)).not.toContain('127.0.0.1')
    const closed = open()
    await closed.close()
    await expect(closed.diagnose()).rejects.toMatchObject({ code: 'log-closed' })
  })
})

describe('a topic in partitions', () => {
  const split = (partitions: number, options: KafkaLogOptions = {}) => {
    if (options.name === undefined) count += 1
    const opened = kafkaLogs({ connection: server.broker, name: lastName(), partitions, ...options })
    logs.push(...opened)
    return opened
  }
  const addPartition = () =>
    server.asAdmin((admin) =>
      admin.createPartitions({ topics: [{ name: lastName(), count: 4, assignments: [{ brokerIds: [1] }] }] }),
    )
  const refusal = (had: number, known: number) => ({
    problem: 'settings',
    message: expect.stringContaining(`the topic has ${had} partitions, and the log is split into ${known}`),
  })

  it('has a log in each, of which each has an order, an epoch and an end of its own', async () => {
    const written = split(3)
    await Promise.all(written.map((log, part) => log.append([record(part), record(part + 10)])))
    await written[1]?.trim(2)
    await written[2]?.restart()
    const read = split(3, { name: lastName() })
    const bounds = await Promise.all(read.map((log) => log.bounds()))
    expect(new Set(bounds.map(({ epoch }) => epoch)).size).toBe(3)
    expect(bounds.map(({ first, head }) => [first, head])).toEqual([
      [1, 2],
      [2, 2],
      [1, 0],
    ])
    const pages = await Promise.all([read[0]?.read(0, 10), read[1]?.read(1, 10)])
    expect(pages.map((page) => page?.records.map(({ data }) => data))).toEqual([['0', '10'], ['11']])
  })

  it('is refused with another number of them, and while others are added', async () => {
    const opened = split(3)
    const { records } = follow(opened[0] as KafkaLog)
    const { errors } = follow(opened[1] as KafkaLog)
    await Promise.all(opened.map((log, part) => log.append([record(part)])))
    await vi.waitFor(() => expect(records).toHaveLength(1), soon)
    const [first, second] = split(2, { name: lastName() })
    await expect(first?.bounds()).rejects.toMatchObject(refusal(3, 2))
    await expect(second?.append([record(2)])).rejects.toMatchObject(refusal(3, 2))
    await expect(open({ name: lastName() }).bounds()).rejects.toMatchObject({
      problem: 'settings',
      message: expect.stringContaining('kafkaLogs'),
    })
    // With four of them its topics would lie elsewhere, so that nobody goes on who knows of three.
    await addPartition()
    for (const log of opened)
      await vi.waitFor(() => expect(log.append([record(3)])).rejects.toMatchObject(refusal(4, 3)), soon)
    await vi.waitFor(() => expect(errors[0]).toMatchObject(refusal(4, 3)), soon)
    expect(opened[1]?.health.up).toBe(false)
    const four = await Promise.all(split(4, { name: lastName() }).map((log) => log.append([record(4)])))
    expect(four.at(-1)?.[0]?.offset).toBe(1)
  })

  it('is diagnosed as such', async () => {
    const log = shards(split(3))
    await log.append([record(1)])
    expect(await log.diagnose()).toContainEqual({
      level: 'ok',
      subject: 'topic',
      message: `${lastName()} has 3 partitions`,
    })
    await addPartition()
    await vi.waitFor(
      async () =>
        expect(await log.diagnose()).toContainEqual({
          level: 'fault',
          subject: 'topic',
          message: 'The topic has 4 partitions, and the log is split into 3',
          cure: expect.stringContaining('another epoch'),
        }),
      soon,
    )
  })
})

describe('processes that append at once', () => {
  it('give each offset and each key once, whoever is faster', async () => {
    const writers = [open(), open({ name: lastName() }), open({ name: lastName() })]
    const answers = await Promise.all(
      writers.flatMap((log, writer) =>
        Array.from({ length: 40 }, async (_, number) => {
          await sleep(number * 2)
          return log.append([record(writer * 100 + number), record(1_000, { key: `key-${number}` })])
        }),
      ),
    )
    const records = await readAll(open({ name: lastName() }))
    expect(records).toHaveLength(160)
    expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 160 }, (_, index) => index + 1))
    expect(new Set(records.map(({ key, data }) => key ?? data)).size).toBe(160)
    const shared = answers.map(([, repeat]) => repeat?.offset)
    expect(shared.slice(40, 80)).toEqual(shared.slice(0, 40))
    expect(shared.slice(80)).toEqual(shared.slice(0, 40))
  })
})

describe('a page', () => {
  it('has nothing beyond its head, also while others append', async () => {
    const log = open()
    await log.append(Array.from({ length: 5 }, (_, number) => record(number)))
    const readers = Array.from({ length: 20 }, () => open({ name: lastName() }))
    // What they know ends here: what is before, they have to read.
    await Promise.all(readers.map((reader) => reader.bounds()))
    let appending = true
    const appends = (async () => {
      for (let number = 1; appending; number += 1) await log.append([record(number)])
    })()
    try {
      for (const reader of readers) {
        for (let turn = 1; turn <= 10; turn += 1) {
          const { records, head } = await reader.read(0, 10_000)
          expect(records.at(-1)?.offset).toBeLessThanOrEqual(head)
        }
      }
    } finally {
      appending = false
      await appends
    }
  })
})

describe('a Kafka that wants a password', () => {
  it('is entered with it, and says no without it, of which nothing is told', async () => {
    const sasl = { mechanism: 'PLAIN', username: 'app', password: 'secret' } as const
    const log = open({ connection: { bootstrapBrokers: server.secured, sasl } })
    expect((await log.append([record(1)]))[0]?.offset).toBe(1)
    const wrong = open({
      name: lastName(),
      connection: { bootstrapBrokers: server.secured, sasl: { ...sasl, password: 'geheim' } },
    })
    const error: Error = await wrong.append([record(2)]).then(
      () => expect.unreachable(),
      (thrown) => thrown,
    )
    expect(error).toMatchObject({ problem: 'refused', engine: 'kafka' })
    expect(error.message).toContain('connection.sasl')
    expect(error.message).not.toMatch(/geheim|127\.0\.0\.1/)
  })
})

it('a disk that was put back is another epoch for who has seen what is lost', async () => {
  const log = open({ pollInterval: 50 })
  const { records } = follow(log)
  await log.append([record(1)])
  await vi.waitFor(() => expect(records).toHaveLength(1), soon)
  const putBack = await server.backUp()
  await vi.waitFor(() => log.append([record(2, { key: 'two' })]), soon)
  await vi.waitFor(() => expect(records).toHaveLength(2), soon)
  const { epoch } = await log.bounds()
  // As an unclean election does, too: the topic is the same one.
  await putBack()
  await vi.waitFor(async () => expect((await log.bounds()).epoch).not.toBe(epoch), soon)
  await vi.waitFor(async () => expect((await log.append([record(4)]))[0]?.offset).toBe(2), soon)
  await vi.waitFor(() => expect(records.at(-1)).toMatchObject({ offset: 2, data: '4' }), soon)
}, 120_000)

it.each([
  [{ name: 'a/b' }, TypeError],
  [{ connection: 'somewhere' }, TypeError],
  [{ connection: { bootstrapBrokers: ['user:password@host:9092'] } }, TypeError],
  [{ maxRecords: 0 }, RangeError],
  [{ maxAge: 0 }, RangeError],
  [{ timeout: 0 }, RangeError],
  [{ pollInterval: 0 }, RangeError],
])('refuses %o', (options, kind) => {
  expect(() => kafkaLog(options)).toThrow(kind)
})

it.each([0, 1.5, Number.NaN])('refuses %d partitions', (partitions) => {
  expect(() => kafkaLogs({ partitions })).toThrow(RangeError)
})
