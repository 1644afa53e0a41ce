import { setTimeout as sleep } from 'node:timers/promises'
import type { LogBounds, LogRecord, NewRecord } from '@millrace/log'
import { type RedisServer, redisServer } from '@millrace/test-engines'
import { createClient } from '@redis/client'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RedisConnection } from './connection.ts'
import type { RedisLogOptions } from './options.ts'
import { type RedisLog, redisLog } from './redis-log.ts'

let server: RedisServer
beforeAll(async () => {
  server = await redisServer()
})
afterAll(() => server.remove())

const logs: RedisLog[] = []
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
})

let count = 0
function open(options: RedisLogOptions = {}): RedisLog {
  count += 1
  const log = redisLog({ connection: server.url, name: `log-${count}`, ...options })
  logs.push(log)
  return log
}

const soon = { timeout: 10_000, interval: 10 }

function record(number: number, properties: Partial<NewRecord> = {}): NewRecord {
  return { topic: 'orders/1', event: 'placed', version: 1, time: number, data: `${number}`, ...properties }
}

function follow(log: RedisLog, after = { epoch: 'another', offset: 0 }) {
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
    expect((await log.read(0, 10)).records).toEqual([
      { ...given, offset: 1, tag: expect.stringMatching(/^\w{5}$/) },
    ])
  })

  it('is not half of a character, and that is said before anything is appended', async () => {
    const log = open()
    await expect(log.append([record(1), record(2, { data: '"\ud800"' })])).rejects.toMatchObject({
      engine: 'redis',
      problem: 'record',
      message: expect.stringContaining('data of an event of orders/1'),
    })
    expect((await log.bounds()).head).toBe(0)
  })

  it('is no more than maxRecords and a tenth, with their keys', async () => {
    const log = open({ maxRecords: 50 })
    for (let number = 1; number <= 56; number += 1)
      await log.append([record(number, { key: `key-${number}` })])
    const { first, head } = await log.bounds()
    expect({ first, head }).toEqual({ first: 7, head: 56 })
    expect((await log.append([record(1, { key: 'key-1' })]))[0]?.offset).toBe(57)
    expect((await log.append([record(56, { key: 'key-56' })]))[0]?.offset).toBe(56)
  })

  it('is no older than maxAge, also while nothing is appended', async () => {
    const log = open({ maxAge: 1_000 })
    await log.append([record(1), record(2)])
    await sleep(1_100)
    await log.append([record(3)])
    expect(await log.bounds()).toMatchObject({ first: 3, head: 3 })
    await vi.waitFor(async () => expect(await log.bounds()).toMatchObject({ first: 4, head: 3 }), soon)
  })

  it('comes in pages of about a megabyte', async () => {
    const log = open()
    const large = JSON.stringify('x'.repeat(100_000))
    await log.append(Array.from({ length: 250 }, (_, index) => record(index, { data: large })))
    const { records, head } = await log.read(0, 1_000)
    expect(head).toBe(250)
    expect(records.length).toBe(100)
  })
})

describe('history that is gone', () => {
  it.each([
    ['everything was flushed', ['meta', 'records', 'keys']],
    ['the stream was evicted', ['records']],
    ['what is known of it was evicted', ['meta']],
  ])('is another epoch: %s', async (_, keys) => {
    const log = open({ pollInterval: 50 })
    const name = `log-${count}`
    await log.append([record(1, { key: 'a' }), record(2)])
    const { records, resets } = follow(log)
    await vi.waitFor(() => expect(records).toHaveLength(2), soon)
    const { epoch } = await log.bounds()
    await server.command('DEL', ...keys.map((key) => `{${name}}:${key}`))
    await vi.waitFor(() => expect(resets).toHaveLength(2), soon)
    expect(resets[1]).toMatchObject({ first: 1, head: 0 })
    expect(resets[1]?.epoch).not.toBe(epoch)
    expect((await log.append([record(1, { key: 'a' })]))[0]?.offset).toBe(1)
    await vi.waitFor(() => expect(records).toHaveLength(3), soon)
  })

  it('is not taken for one of another kind or of a later version', async () => {
    const log = open()
    await server.command('SET', `{log-${count}}:records`, 'something')
    await expect(log.append([record(1)])).rejects.toMatchObject({ problem: 'foreign' })
    const other = open()
    await server.command('HSET', `{log-${count}}:meta`, 'format', '2')
    await expect(other.bounds()).rejects.toMatchObject({
      problem: 'foreign',
      message: expect.stringContaining('later version'),
    })
  })
})

describe('a Redis that may evict the log', () => {
  let evicting: RedisServer
  beforeAll(async () => {
    evicting = await redisServer('--maxmemory-policy', 'allkeys-lru')
  })
  afterAll(() => evicting.remove())

  it('is refused, and what to do is said', async () => {
    const log = open({ connection: evicting.url })
    const refusal = { problem: 'settings', message: expect.stringContaining('Set it to noeviction') }
    await expect(log.append([record(1)])).rejects.toMatchObject(refusal)
    await expect(log.bounds()).rejects.toMatchObject(refusal)
  })

  it('is used where only a warning is wanted, which is given once', async () => {
    const warnings: string[] = []
    const log = open({ connection: evicting.url, eviction: 'warn', onWarning: (text) => warnings.push(text) })
    const { records } = follow(log)
    await log.append([record(1)])
    await vi.waitFor(() => expect(records).toHaveLength(1), soon)
    expect(warnings).toEqual([expect.stringContaining('allkeys-lru')])
  })

  it('is not found out where it does not tell, and that is said', async () => {
    await evicting.command('ACL', 'SETUSER', 'app', 'on', '>secret', '~*', '+@all', '-config')
    const warnings: string[] = []
    const url = evicting.url.replace('//', '//app:secret@')
    const log = open({ connection: url, onWarning: (text) => warnings.push(text) })
    await log.append([record(1)])
    expect(warnings).toEqual([expect.stringContaining('CONFIG GET is not allowed')])
  })
})

it('an append that no replica has is told, and is there all the same', async () => {
  const log = open({ replicas: 1, timeout: 2_000 })
  await expect(log.append([record(1, { key: 'one' })])).rejects.toMatchObject({
    problem: 'timeout',
    message: expect.stringContaining('0 of 1 replicas'),
  })
  expect((await log.bounds()).head).toBe(1)
})

it('takes a connection of another client', async () => {
  const log = open({ connection: () => connectTo(server.url) })
  const { records } = follow(log)
  await log.append([record(1)])
  await vi.waitFor(() => expect(records).toHaveLength(1), soon)
})

// As an adapter of another client would be written.
function connectTo(url: string): RedisConnection {
  const client = createClient({ url, socket: { reconnectStrategy: false }, disableOfflineQueue: true })
  return {
    connect: () => client.connect(),
    sendCommand: (command) => client.sendCommand(command),
    destroy: () => client.isOpen && client.destroy(),
    on: (event, listener) => client.on(event, listener),
  }
}

it.each([
  [{ name: '{a}' }, TypeError],
  [{ maxRecords: 0 }, RangeError],
  [{ maxAge: 0 }, RangeError],
  [{ replicas: -1 }, RangeError],
  [{ timeout: 0 }, RangeError],
  [{ pollInterval: 0 }, RangeError],
])('refuses %o', (options, kind) => {
  expect(() => redisLog(options)).toThrow(kind)
})
