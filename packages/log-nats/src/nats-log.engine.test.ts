import { setTimeout as sleep } from 'node:timers/promises'
import type { LogBounds, LogRecord, NewRecord } from '@millrace/log'
import { type NatsServer, natsServer } from '@millrace/test-engines'
import { type JetStreamManager, RetentionPolicy } from '@nats-io/jetstream'
import { connect, headers } from '@nats-io/transport-node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type NatsLog, natsLog } from './nats-log.ts'
import type { NatsLogOptions } from './options.ts'

let server: NatsServer
beforeAll(async () => {
  server = await natsServer()
})
afterAll(() => server.remove())

const logs: NatsLog[] = []
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
})

let count = 0
let name = ''
function open(options: NatsLogOptions = {}): NatsLog {
  count += 1
  name = options.name ?? `log-${count}`
  const log = natsLog({ connection: server.url, name, ...options })
  logs.push(log)
  return log
}

const soon = { timeout: 10_000, interval: 10 }

function record(number: number, properties: Partial<NewRecord> = {}): NewRecord {
  return { topic: 'orders/1', event: 'placed', version: 1, time: number, data: `${number}`, ...properties }
}

function follow(log: NatsLog, after = { epoch: 'another', offset: 0 }) {
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

async function offsetOf(log: NatsLog, appended: NewRecord): Promise<number | undefined> {
  return (await log.append([appended]))[0]?.offset
}

describe('what is kept', () => {
  it('is every record as it was given, whatever is in it', async () => {
    const log = open()
    const given = record(1, {
      topic: 'orders//ä \u{1F600}\0\n.*>',
      event: 'pläced now',
      data: '{"text":"\\ud800 \u{1F600} \0"}',
      key: '',
      trace: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      time: 1_763_683_200_123,
      version: 12,
    })
    const long = record(2, { topic: `orders/${'ä'.repeat(1_000)}`, key: 'ä'.repeat(1_000) })
    await log.append([given, long])
    expect((await log.read(0, 10)).records).toEqual(
      [given, long].map((one, index) => ({
        ...one,
        offset: index + 1,
        tag: expect.stringMatching(/^\w{5}$/),
      })),
    )
  })

  it.each([
    ['half of a character', { data: '"\ud800"' }, 'data of an event of orders/1'],
    ['more than the server takes', { data: JSON.stringify('x'.repeat(1_100_000)) }, 'max_payload is 1048576'],
  ])('is not %s, and that is said before anything is appended', async (_, properties, message) => {
    const log = open()
    await log.bounds()
    const good = log.append([record(1)])
    await expect(log.append([record(2), record(3, properties)])).rejects.toMatchObject({
      engine: 'nats',
      problem: 'record',
      message: expect.stringContaining(message),
    })
    await good
    expect((await log.bounds()).head).toBe(1)
  })

  it('is no more than maxRecords, with their keys', async () => {
    const log = open({ maxRecords: 50, keyWindow: 100 })
    for (let number = 1; number <= 56; number += 1)
      await log.append([record(number, { key: `key-${number}` })])
    const { first, head } = await log.bounds()
    expect({ first, head }).toEqual({ first: 7, head: 56 })
    expect(await offsetOf(log, record(1, { key: 'key-1' }))).toBe(57)
    expect(await offsetOf(log, record(56, { key: 'key-56' }))).toBe(56)
  })

  it('is no older than maxAge, and whoever has seen the last one of it goes on', async () => {
    const log = open({ maxAge: 400, pollInterval: 50 })
    const { records, resets } = follow(log)
    await log.append([record(1), record(2)])
    await vi.waitFor(async () => expect(await log.bounds()).toMatchObject({ first: 3, head: 2 }), soon)
    expect(await log.bounds()).toMatchObject({ headTag: records.at(-1)?.tag })
    const other = follow(open({ name }), {
      ...(await log.bounds()),
      offset: 2,
      ...{ tag: records.at(-1)?.tag },
    })
    await log.append([record(3)])
    await vi.waitFor(() => expect([records.length, other.records.length]).toEqual([3, 1]), soon)
    // Both were told where they began, and nothing else.
    expect([resets.length, other.resets.length]).toEqual([1, 0])
  })

  it('comes in pages of about a megabyte', async () => {
    const log = open()
    const large = JSON.stringify('x'.repeat(100_000))
    await log.append(Array.from({ length: 25 }, (_, index) => record(index, { data: large })))
    const { records, head } = await log.read(0, 1_000)
    expect(head).toBe(25)
    expect(records.length).toBeGreaterThanOrEqual(10)
    expect(records.length).toBeLessThan(22)
  })

  it('can be followed by others, topic by topic', async () => {
    const log = open()
    const connection = await connect({ servers: server.url })
    try {
      const subscription = connection.subscribe(`${name}.*.orders.*.*`, { max: 2 })
      await connection.flush()
      await log.append([
        record(1),
        record(2, { topic: 'stock/1' }),
        record(3, { topic: 'orders/2', key: 'three' }),
      ])
      const seen: string[] = []
      for await (const message of subscription) seen.push(message.string())
      expect(seen).toEqual(['1', '3'])
    } finally {
      await connection.close()
    }
  })
})

describe('a key', () => {
  it('is found with its topic for as long as its record is held, and with others for keyWindow', async () => {
    const log = open({ keyWindow: 2_000 })
    await log.append([record(1, { key: 'a' }), record(2)])
    expect(await offsetOf(log, record(3, { key: 'a', topic: 'stock/1' }))).toBe(1)
    await sleep(2_500)
    expect(await offsetOf(log, record(4, { key: 'a' }))).toBe(1)
    expect(await offsetOf(log, record(5, { key: 'a', topic: 'stock/1' }))).toBe(3)
  })

  it('is found among many that are new', async () => {
    const log = open({ keyWindow: 100 })
    const keyed = (number: number) => record(number, { key: `key-${number}` })
    await log.append([keyed(3), keyed(70), keyed(400)])
    await sleep(300)
    const positions = await log.append(Array.from({ length: 500 }, (_, number) => keyed(number)))
    expect([positions[3], positions[70], positions[400]].map((position) => position?.offset)).toEqual([
      1, 2, 3,
    ])
    expect((await log.bounds()).head).toBe(500)
    expect(new Set(positions.map(({ offset }) => offset)).size).toBe(500)
  })
})

describe('writers', () => {
  it('never get into the middle of each other’s calls', async () => {
    const writers = [open(), open({ name }), open({ name })]
    await Promise.all(
      writers.map(async (log, writer) => {
        for (let call = 0; call < 10; call += 1) {
          const records = Array.from({ length: 40 }, (_, at) => record(at, { event: `${writer}-${call}` }))
          const positions = await log.append(records)
          expect(positions.map(({ offset }) => offset - (positions[0]?.offset ?? 0))).toEqual(
            records.map(({ time }) => time),
          )
        }
      }),
    )
    const events: string[] = []
    for (let after = 0; after < 1_200; ) {
      const { records } = await (writers[0] as NatsLog).read(after, 1_000)
      after += records.length
      events.push(...records.map(({ event }) => event))
    }
    expect(events.filter((event, at) => event !== events[at - 1])).toHaveLength(30)
  })

  it('go on after one that has died in the middle of a call', async () => {
    const log = open()
    await log.append([record(1)])
    await publish('1 abcde - 7 2 1 +placed +orders/1 - -')
    const fresh = open({ name })
    const { records } = follow(fresh)
    const began = performance.now()
    expect(await offsetOf(fresh, record(3))).toBe(3)
    expect(performance.now() - began).toBeGreaterThan(900)
    await vi.waitFor(() => expect(records.map(({ data }) => data)).toEqual(['1', 'torn', '3']), soon)
    const again = performance.now()
    await fresh.append([record(4)])
    expect(performance.now() - again).toBeLessThan(500)
  })
})

/** Publishes to the stream past the log. */
function publish(value: string): Promise<void> {
  return server.operate(async ({ streams }, connection) => {
    const { config } = await streams.info(name)
    const made = headers()
    if (value) made.set('Millrace', value)
    connection.publish(`${config.subjects[0]?.slice(0, -1)}orders.1.-`, 'torn', { headers: made })
    await connection.flush()
  })
}

describe('history that is gone', () => {
  const streams = <Value>(act: (streams: JetStreamManager['streams']) => Promise<Value>) =>
    server.operate((manager) => act(manager.streams))

  it('is told when an operator purges the stream', async () => {
    const log = open({ pollInterval: 50 })
    await log.append([record(1), record(2), record(3)])
    const { epoch } = await log.bounds()
    await streams((api) => api.purge(name))
    const { resets } = follow(log, { epoch, offset: 1 })
    await vi.waitFor(() => expect(resets).toMatchObject([{ epoch, first: 4, head: 3 }]), soon)
  })

  it('is told as well where that many looks take longer than an answer may', async () => {
    const log = open()
    await log.append([record(1), record(2)])
    await streams((api) => api.purge(name))
    const hasty = open({ name, timeout: 150 })
    await vi.waitFor(async () => expect(await hasty.bounds()).toMatchObject({ first: 3, head: 2 }), soon)
  })

  it('keeps the tag of its end where somebody overwrites what is written down of it', async () => {
    const log = open()
    const others = open({ name })
    await others.bounds()
    await log.append([record(1), record(2)])
    const { headTag } = await log.bounds()
    await log.trim(3)
    const described = async (description?: string) =>
      streams(async (api) => {
        const { config } = await api.info(name)
        if (description !== undefined) await api.update(name, { ...config, description })
        return config.description
      })
    const written = await described()
    // As another process does that has read the description before.
    await described('from before')
    expect(await log.bounds()).toMatchObject({ first: 3, head: 2, headTag })
    await vi.waitFor(
      async () => expect(await described()).toBe(written?.replace('Log of Millrace', 'from before')),
      soon,
    )
    // Nor does it need to be the one that has written it down.
    await described('from before')
    expect(await others.bounds()).toMatchObject({ first: 3, head: 2, headTag })
  })

  it('ends before a hole that an operator makes', async () => {
    const log = open({ pollInterval: 50 })
    await log.append(Array.from({ length: 9 }, (_, number) => record(number)))
    const at = await log.bounds()
    await streams((api) => api.deleteMessage(name, 4))
    const { records, resets } = follow(log, { epoch: at.epoch, offset: 2 })
    await vi.waitFor(() => expect(records.map(({ offset }) => offset)).toEqual([5, 6, 7, 8, 9]), soon)
    expect(resets).toMatchObject([{ first: 5, head: 9 }])
    expect(await log.read(0, 10)).toMatchObject({ first: 5, records: [] })
  })

  it('is another epoch when the stream was made anew, also by hand', async () => {
    const log = open({ pollInterval: 50 })
    await log.append([record(1), record(2)])
    const { records, resets } = follow(log)
    await vi.waitFor(() => expect(records).toHaveLength(2), soon)
    const { epoch } = await log.bounds()
    await streams(async (api) => {
      await api.delete(name)
      await api.add({ name, subjects: [`${name}.x.>`], description: 'by hand' })
    })
    await vi.waitFor(() => expect(resets).toHaveLength(2), soon)
    expect(resets[1]).toMatchObject({ first: 1, head: 0 })
    expect(resets[1]?.epoch).not.toBe(epoch)
    expect(await offsetOf(log, record(3))).toBe(1)
    expect((await streams((api) => api.info(name))).config.description).toMatch(/^by hand/)
  })

  it.each([
    ['forgets what was seen', { retention: RetentionPolicy.Workqueue }, /retention is workqueue/],
    ['takes other subjects', { subjects: ['elsewhere.>'] }, /has other subjects/],
  ])('is not risked with a stream that %s', async (_, config, message) => {
    const log = open()
    await streams((api) => api.add({ name, subjects: [`${name}.x.>`], ...config }))
    const refusal = { problem: 'settings', message: expect.stringMatching(message) }
    await expect(log.append([record(1)])).rejects.toMatchObject(refusal)
    await expect(log.bounds()).rejects.toMatchObject(refusal)
    await streams((api) => api.delete(name))
  })

  it('has the limits that were said, and those that an operator gave otherwise', async () => {
    const log = open({ maxAge: 60_000 })
    await streams((api) =>
      api.add({ name, subjects: [`${name}.x.>`], max_msgs: 3, duplicate_window: 1_000_000_000 }),
    )
    await log.append([1, 2, 3, 4, 5].map((number) => record(number)))
    expect(await log.bounds()).toMatchObject({ first: 3, head: 5 })
    expect((await streams((api) => api.info(name))).config).toMatchObject({
      max_age: 60_000_000_000,
      max_msgs: 3,
    })
  })

  it.each([
    ['of somebody else', '', 'is no record'],
    ['of a later version', '2 abcde - 0 1 1 +placed +orders/1 - -', 'a later version'],
  ])('is not taken from messages %s', async (_, value, message) => {
    const log = open()
    await log.bounds()
    await publish(value)
    const refusal = { problem: 'foreign', message: expect.stringContaining(message) }
    await vi.waitFor(() => expect(log.read(0, 10)).rejects.toMatchObject(refusal), soon)
  })
})

const rightsToPublish = [
  'millrace.>',
  '_millrace.millrace',
  '$JS.API.STREAM.*.millrace',
  '$JS.API.STREAM.MSG.GET.millrace',
  '$JS.API.CONSUMER.CREATE.millrace',
  '$JS.API.CONSUMER.DELETE.millrace.*',
  '$JS.API.CONSUMER.MSG.NEXT.millrace.*',
]

describe('a NATS with users', () => {
  let guarded: NatsServer
  beforeAll(async () => {
    guarded = await natsServer(
      `authorization { users = [
        { user: "app", password: "geheim" }
        { user: "few", password: "rights", permissions: {
          publish: [${rightsToPublish.map((subject) => `"${subject}"`).join()}]
          subscribe: ["_INBOX.>", "_millrace.millrace"]
        } }
      ] }`,
      'app:geheim',
    )
  })
  afterAll(() => guarded.remove())

  const urlWith = (user: string) => guarded.url.replace('//', `//${user}@`)

  it('wants no more rights than its README says', async () => {
    const log = open({ connection: urlWith('few:rights'), name: 'millrace', maxRecords: 100 })
    const { records, errors } = follow(log)
    await log.append(Array.from({ length: 20 }, (_, number) => record(number, { key: `key-${number}` })))
    await log.append([record(1, { key: 'key-1' }), record(21)])
    await log.trim(22)
    await log.append([record(22)])
    await vi.waitFor(() => expect(records.at(-1)?.data).toBe('22'), soon)
    expect(await log.latest('orders/1', 10)).toHaveLength(1)
    await log.restart()
    await log.append([record(1)])
    await vi.waitFor(() => expect(records.at(-1)?.data).toBe('1'), soon)
    expect(errors).toEqual([])
  })

  it('says so when the password is wrong, and does not say the password', async () => {
    const error: Error = await open({ connection: urlWith('app:falsch') })
      .bounds()
      .then(
        () => expect.unreachable(),
        (thrown) => thrown,
      )
    expect(error).toMatchObject({ problem: 'refused', message: expect.stringContaining('password') })
    expect(error.message).not.toMatch(/falsch|127\.0\.0\.1/)
  })
})

it.each([
  [{ name: 'a.b' }, TypeError],
  [{ maxRecords: 0 }, RangeError],
  [{ maxAge: 0 }, RangeError],
  [{ maxBytes: 0 }, RangeError],
  [{ maxAge: 1_000, keyWindow: 2_000 }, RangeError],
  [{ replicas: 6 }, RangeError],
  [{ timeout: 0 }, RangeError],
  [{ pollInterval: 0 }, RangeError],
])('refuses %o', (options, kind) => {
  expect(() => natsLog(options)).toThrow(kind)
})
