import { describe, expect, it, vi } from 'vitest'
import { aRecord, range } from '../conformance/stage.ts'
import { describeLog } from '../conformance.ts'
import { LogClosedError } from '../errors.ts'
import type { LogBounds, LogRecord } from '../log.ts'
import { LogEngineError } from './engine-error.ts'
import type { EngineLogOptions } from './engine-log.ts'
import { type EngineLog, engineLog } from './engine-log.ts'
import { type MemoryEngineServer, memoryEngineServer } from './memory-engine.fixture.ts'

const servers = new WeakMap<EngineLog, MemoryEngineServer>()

function open(options: EngineLogOptions = {}, server = memoryEngineServer()): EngineLog {
  const log = engineLog(server.connect(), { pollInterval: 20, ...options })
  servers.set(log, server)
  return log
}

const serverOf = (log: EngineLog) => servers.get(log) as MemoryEngineServer

function trouble(state: MemoryEngineServer['state']) {
  return async (log: EngineLog) => {
    serverOf(log).state = state
    return () => {
      serverOf(log).state = 'up'
    }
  }
}

describeLog<EngineLog>(
  'a log of an engine',
  {
    open: async () => open(),
    openWith: async (wake) => open({ wake }),
    join: async (log) => open({}, serverOf(log)),
    trim: (log, keepFrom) => serverOf(log).trim(keepFrom),
    recreate: (log) => serverOf(log).restart(),
    tags: true,
    backUp: async (log) => {
      const putBack = serverOf(log).backUp()
      return async () => {
        putBack()
        return log
      }
    },
    disturbances: { 'the engine is down': trouble('down'), 'the engine is frozen': trouble('frozen') },
  },
  { describe, it },
)

function follow(log: EngineLog, after = { epoch: 'another', offset: 0 }) {
  const records: LogRecord[] = []
  const resets: LogBounds[] = []
  const errors: unknown[] = []
  const stop = log.tail(after, {
    records: (more) => records.push(...more),
    reset: (bounds) => resets.push(bounds),
    error: (error) => errors.push(error),
  })
  return { records, resets, errors, stop }
}

const soon = { timeout: 4_000, interval: 5 }

describe('appends', () => {
  it('of one job are one step, and those that come meanwhile the next one', async () => {
    const log = open()
    const first = [1, 2, 3].map((number) => log.append([aRecord(number)]))
    await Promise.resolve()
    const later = [4, 5].map((number) => log.append([aRecord(number)]))
    const offsets = (await Promise.all([...first, ...later])).flat().map(({ offset }) => offset)
    expect(offsets).toEqual([1, 2, 3, 4, 5])
    expect(serverOf(log).appended).toEqual([3, 2])
    await log.close()
  })

  it('are no larger steps than wanted, but for a call that is larger itself', async () => {
    const log = open({ batchLength: 2 })
    await Promise.all([
      log.append([aRecord(1)]),
      log.append([aRecord(2)]),
      log.append([aRecord(3)]),
      log.append(range(4, 8).map((number) => aRecord(number))),
      log.append([aRecord(9)]),
    ])
    expect(serverOf(log).appended).toEqual([2, 1, 5, 1])
    await log.close()
  })

  it('are no larger together than the engine takes, by what it calls large', async () => {
    const log = open({ batchSize: 5, sizeOf: ({ time }) => time })
    const sizes = [2, 3, 1, 9, 4, 1, 1]
    await Promise.all(sizes.map((time) => log.append([aRecord(1, { time })])))
    expect(serverOf(log).appended).toEqual([2, 1, 1, 2, 1])
    await log.close()
  })

  it('fail with what the engine says, and go on when it is back', async () => {
    const log = open()
    serverOf(log).state = 'down'
    await expect(log.append([aRecord(1)])).rejects.toThrow('The engine is down')
    expect(log.health).toMatchObject({ up: false, failures: 1, error: { message: 'The engine is down' } })
    serverOf(log).state = 'up'
    expect((await log.append([aRecord(1)]))[0]?.offset).toBe(1)
    expect(log.health).toEqual({ up: true, lag: 0, failures: 1 })
    await log.close()
  })

  it('under way when the log is closed are settled first', async () => {
    const log = open()
    const appended = log.append([aRecord(1)])
    await log.close()
    expect((await appended)[0]?.offset).toBe(1)
    await expect(log.append([aRecord(2)])).rejects.toBeInstanceOf(LogClosedError)
  })
})

describe('a tail', () => {
  it('tells of a failure once, however often it looks, until the engine is back, and goes on', async () => {
    const log = open()
    const server = serverOf(log)
    const { records, errors, stop } = follow(log)
    await log.append([aRecord(1)])
    await vi.waitFor(() => expect(records).toHaveLength(1), soon)
    server.state = 'down'
    await vi.waitFor(() => expect(log.health.failures).toBeGreaterThan(3), soon)
    expect(errors).toEqual([new Error('The engine is down')])
    server.state = 'up'
    await log.append([aRecord(2)])
    await vi.waitFor(() => expect(records.map(({ offset }) => offset)).toEqual([1, 2]), soon)
    expect(errors).toHaveLength(1)
    expect(log.health).toMatchObject({ up: true, lag: 0 })
    stop()
    await log.close()
  })

  it('finds by itself what no wake told of', async () => {
    const log = open({ wake: () => {} })
    const { records, stop } = follow(log)
    await log.append([aRecord(1)])
    await vi.waitFor(() => expect(records).toHaveLength(1), soon)
    stop()
    await log.close()
  })

  it('has the epoch changed where the engine went back beneath it, for all who stood there', async () => {
    const log = open()
    const server = serverOf(log)
    const { records, resets, stop } = follow(log)
    const putBack = server.backUp()
    await log.append([aRecord(1), aRecord(2)])
    await vi.waitFor(() => expect(records).toHaveLength(2), soon)
    const { epoch } = await log.bounds()
    putBack()
    await vi.waitFor(() => expect(resets.at(-1)?.epoch).not.toBe(epoch), soon)
    expect((await log.bounds()).epoch).toBe(resets.at(-1)?.epoch)
    stop()
    await log.close()
  })

  it('lets others have their turn while it catches up', async () => {
    const log = open()
    serverOf(log).pageLimit = 10
    await log.append(range(1, 500).map((number) => aRecord(number)))
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 0)
    const { epoch } = await log.bounds()
    const { records, stop } = follow(log, { epoch, offset: 0 })
    await vi.waitFor(() => expect(records).toHaveLength(500), soon)
    clearInterval(timer)
    expect(turns).toBeGreaterThan(10)
    stop()
    await log.close()
  })
})

it.each([{ pollInterval: 0 }, { pollInterval: Number.NaN }, { batchLength: 0 }, { batchLength: 1.5 }])(
  'refuses %o',
  (options) => {
    expect(() => open(options)).toThrow(RangeError)
  },
)

it('its errors are known across copies, by their engine and what is wrong', () => {
  const error = new LogEngineError('redis', 'timeout', 'It did not answer')
  expect(LogEngineError.isInstance(error)).toBe(true)
  expect(LogEngineError.isInstance(new Error('It did not answer'))).toBe(false)
  expect(error).toMatchObject({ name: 'LogEngineError', engine: 'redis', problem: 'timeout' })
})
