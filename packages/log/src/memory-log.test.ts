import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { aRecord, range } from './conformance/stage.ts'
import { describeLog } from './conformance.ts'
import { LogClosedError } from './errors.ts'
import type { LogBounds, LogRecord } from './log.ts'
import { type MemoryLog, memoryLog } from './memory-log.ts'
import { recordsPerTurn } from './memory-tail.ts'

describeLog<MemoryLog>(
  'memoryLog',
  {
    open: async () => memoryLog(),
    openWith: async (wake) => memoryLog({ wake }),
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    interleavings: 100_000,
  },
  {
    describe,
    it,
    explore: (property, runs) =>
      fc.assert(fc.asyncProperty(fc.array(fc.nat(), { maxLength: 24, size: 'max' }), property), {
        numRuns: runs,
      }),
  },
)

describeLog<MemoryLog>(
  'memoryLog with a limit of age',
  {
    open: async () => {
      let now = 0
      // Nothing gets that old, yet every use looks at the ages.
      return memoryLog({ maxAge: 1e9, now: () => now++ })
    },
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
  },
  { describe, it },
)

/** Follows a log and keeps each call apart. */
function follow(log: MemoryLog, offset = 0, epoch = 'a') {
  const batches: number[][] = []
  const resets: LogBounds[] = []
  const stop = log.tail(
    { epoch, offset },
    {
      records: (records: readonly LogRecord[]) => batches.push(records.map((record) => record.offset)),
      reset: (bounds) => resets.push(bounds),
    },
  )
  return { batches, resets, stop }
}

const records = (count: number) => range(1, count).map((number) => aRecord(number))

/** Lets every microtask run that is queued by now, or by one of those. */
const microtasks = async (): Promise<void> => {
  for (let count = 0; count < 20; count += 1) await Promise.resolve()
}

afterEach(() => {
  vi.useRealTimers()
})

describe('options', () => {
  it.each([
    { maxRecords: 0 },
    { maxRecords: Number.NaN },
    { maxAge: 0 },
    { maxAge: -1 },
    { maxAge: Number.NaN },
    { maxBytes: 0 },
    { maxBytes: Number.NaN },
  ])('refuses %j', (options) => {
    expect(() => memoryLog(options)).toThrow(RangeError)
  })

  it.each(['', 'A', 'a.b', 'a'.repeat(33)])('refuses the epoch %j', (epoch) => {
    expect(() => memoryLog({ epoch })).toThrow(TypeError)
  })

  it('keeps 100,000 records by default', async () => {
    const log = memoryLog()
    await log.append(records(100_001))
    expect(await log.bounds()).toMatchObject({ first: 2, head: 100_001 })
  })

  it('keeps 64 MiB by default', async () => {
    const log = memoryLog()
    const data = 'x'.repeat(8 * 1024 * 1024)
    for (const number of range(1, 5)) await log.append([aRecord(number, { data })])
    // Two bytes a character: three records of 16 MiB fit with what surrounds them, four do not.
    expect(await log.bounds()).toMatchObject({ first: 3, head: 5 })
  })

  it('measures ages by Date.now by default', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_000 })
    const log = memoryLog({ maxAge: 60_000 })
    await log.append([aRecord(1)])
    vi.setSystemTime(61_000)
    expect((await log.read(0, 10)).records).toHaveLength(1)
    vi.setSystemTime(61_001)
    const { epoch } = await log.bounds()
    expect(await log.read(0, 10)).toEqual({ epoch, first: 2, head: 1, records: [] })
  })

  it('never lets two logs have one epoch unless told to', async () => {
    const epochs = range(1, 100).map(async () => (await memoryLog().bounds()).epoch)
    expect(new Set(await Promise.all(epochs)).size).toBe(100)
    expect((await memoryLog({ epoch: 'k3f9' }).bounds()).epoch).toBe('k3f9')
  })
})

describe('a tail', () => {
  it('gets all appends of one job as one batch, before the publisher goes on', async () => {
    const log = memoryLog({ epoch: 'a' })
    const one = follow(log)
    const other = follow(log)
    log.append([aRecord(1)])
    log.append([aRecord(2), aRecord(3)])
    const last = log.append([aRecord(4)])
    expect(one.batches).toEqual([])
    await last
    expect(one.batches).toEqual([[1, 2, 3, 4]])
    expect(other.batches).toEqual([[1, 2, 3, 4]])
    await log.append([aRecord(5)])
    expect(one.batches).toEqual([[1, 2, 3, 4], [5]])
  })

  it('is woken once for an append, and tells each record once however often it looks', async () => {
    const looks: (() => void)[] = []
    const log = memoryLog({ epoch: 'a', wake: (look) => looks.push(look) })
    const { batches } = follow(log)
    await log.append([aRecord(1), aRecord(2)])
    expect(looks).toHaveLength(1)
    looks[0]?.()
    looks[0]?.()
    expect(batches).toEqual([[1, 2]])
  })

  it('is woken no more once it is stopped', async () => {
    const looks: (() => void)[] = []
    const log = memoryLog({ epoch: 'a', wake: (look) => looks.push(look) })
    const one = follow(log)
    const other = follow(log)
    one.stop()
    await log.append([aRecord(1)])
    expect(looks).toHaveLength(1)
    looks[0]?.()
    expect(one.batches).toEqual([])
    expect(other.batches).toEqual([[1]])
  })

  it('hands a long history over in bounded batches, one a turn of the event loop', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const log = memoryLog({ epoch: 'a' })
    await log.append(records(3_500))
    const { batches } = follow(log)
    await microtasks()
    expect(batches.map((batch) => batch.length)).toEqual([1_000])
    // Appends meanwhile do not make it hurry.
    await log.append([aRecord(0)])
    await microtasks()
    expect(batches).toHaveLength(1)
    vi.runAllTimers()
    await microtasks()
    expect(batches.map((batch) => batch.length)).toEqual([1_000, 1_000, 1_000, 501])
    expect(batches.flat()).toEqual(range(1, 3_501))
    expect(vi.getTimerCount()).toBe(0)
  })

  it('lets the event loop have its turn when its observer appends without end', async () => {
    const log = memoryLog({ epoch: 'a' })
    let told = 0
    let turn = false
    const finished = new Promise<void>((resolve) => {
      log.tail(
        { epoch: 'a', offset: 0 },
        {
          records: () => {
            told += 1
            if (turn) resolve()
            else log.append([aRecord(told)])
          },
          reset() {},
        },
      )
    })
    setTimeout(() => {
      turn = true
    }, 0)
    log.append([aRecord(0)])
    await finished
    expect(told).toBeGreaterThanOrEqual(recordsPerTurn)
    await log.close()
  })

  it('leaves no timer behind when it is stopped or its log closed while it rests', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const log = memoryLog({ epoch: 'a' })
    await log.append(records(2_000))
    const one = follow(log)
    const other = follow(log)
    await microtasks()
    expect(vi.getTimerCount()).toBe(2)
    one.stop()
    expect(vi.getTimerCount()).toBe(1)
    await log.close()
    expect(vi.getTimerCount()).toBe(0)
    expect(one.batches).toHaveLength(1)
    expect(other.batches).toHaveLength(1)
  })

  it('begins no rest when stopped inside the call that would bring one', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const log = memoryLog({ epoch: 'a' })
    await log.append(records(2_000))
    const stop = log.tail({ epoch: 'a', offset: 0 }, { records: () => stop(), reset() {} })
    await microtasks()
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells no error of a call that stopped it and then threw', async () => {
    const log = memoryLog({ epoch: 'a' })
    const told: string[] = []
    const stop = log.tail(
      { epoch: 'a', offset: 0 },
      {
        records: () => {
          told.push('records')
          stop()
          throw new Error('on purpose')
        },
        reset: () => told.push('reset'),
        error: () => told.push('error'),
      },
    )
    await log.append([aRecord(1)])
    await microtasks()
    expect(told).toEqual(['records'])
  })

  it('is reset when retention overtakes it, and told all that is left', async () => {
    const log = memoryLog({ epoch: 'a', maxRecords: 3 })
    const { batches, resets } = follow(log)
    await log.append(records(2))
    await log.append(records(5))
    await microtasks()
    expect(resets).toEqual([{ epoch: 'a', first: 5, head: 7 }])
    expect(batches).toEqual([
      [1, 2],
      [5, 6, 7],
    ])
  })

  it('is reset when age overtakes it while it rests', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    let now = 0
    const log = memoryLog({ epoch: 'a', maxAge: 10, now: () => now })
    await log.append(records(1_500))
    const { batches, resets } = follow(log)
    await microtasks()
    now = 11
    vi.runAllTimers()
    await log.append([aRecord(1)])
    await microtasks()
    expect(resets).toEqual([{ epoch: 'a', first: 1_501, head: 1_500 }])
    expect(batches.slice(1)).toEqual([[1_501]])
  })

  it('needs no wake but the last', async () => {
    let drop = true
    const log = memoryLog({ epoch: 'a', wake: (look) => !drop && queueMicrotask(look) })
    const { batches } = follow(log)
    await microtasks()
    for (const number of range(1, 5)) await log.append([aRecord(number)])
    await microtasks()
    expect(batches).toEqual([])
    drop = false
    await log.append([aRecord(6)])
    expect(batches).toEqual([[1, 2, 3, 4, 5, 6]])
  })

  it('can be stopped by another one that is told first', async () => {
    const log = memoryLog({ epoch: 'a' })
    let second: ReturnType<typeof follow> | undefined
    log.tail({ epoch: 'a', offset: 0 }, { records: () => second?.stop(), reset() {} })
    second = follow(log)
    await log.append([aRecord(1)])
    await microtasks()
    expect(second.batches).toEqual([])
  })

  it('survives an observer that throws and has nowhere to be told of it', async () => {
    const log = memoryLog({ epoch: 'a' })
    let calls = 0
    const throwing = () => {
      calls += 1
      throw new Error('on purpose')
    }
    log.tail({ epoch: 'b', offset: 0 }, { records: throwing, reset: throwing })
    log.tail({ epoch: 'b', offset: 0 }, { records: throwing, reset: throwing, error: throwing })
    await log.append([aRecord(1)])
    await microtasks()
    // Both: a reset and a batch; the second one is told of each failure besides.
    expect(calls).toBe(6)
  })

  it('hands each observer an array of its own, with records that cannot be changed', async () => {
    const log = memoryLog({ epoch: 'a' })
    const seen: (readonly LogRecord[])[] = []
    const observer = { records: (records: readonly LogRecord[]) => seen.push(records), reset() {} }
    log.tail({ epoch: 'a', offset: 0 }, observer)
    log.tail({ epoch: 'a', offset: 0 }, observer)
    await log.append([aRecord(1)])
    await microtasks()
    const [one, other] = seen
    expect(one).not.toBe(other)
    expect(one).toEqual(other)
    // One record for all, because a server keys its encoded frames by it.
    expect(one?.[0]).toBe(other?.[0])
    expect(() => Object.assign(one?.[0] ?? {}, { data: 'x' })).toThrow(TypeError)
  })
})

describe('trim and restart', () => {
  it('begins a new life under a given epoch, and tells every tail', async () => {
    const log = memoryLog({ epoch: 'a' })
    await log.append(records(3))
    const { batches, resets } = follow(log)
    await microtasks()
    log.restart('b')
    await log.append([aRecord(1)])
    await microtasks()
    expect(resets).toEqual([{ epoch: 'b', first: 1, head: 1 }])
    expect(batches).toEqual([[1, 2, 3], [1]])
  })

  it('tells a tail of the new life although nothing is appended', async () => {
    const log = memoryLog({ epoch: 'a' })
    const { resets } = follow(log)
    await microtasks()
    log.restart('b')
    await microtasks()
    expect(resets).toEqual([{ epoch: 'b', first: 1, head: 0 }])
  })

  it('refuses the present epoch, and what is none, and stays as it was', async () => {
    const log = memoryLog({ epoch: 'a' })
    await log.append(records(2))
    expect(() => log.restart('a')).toThrow(TypeError)
    expect(() => log.restart('A')).toThrow(TypeError)
    expect(await log.bounds()).toEqual({ epoch: 'a', first: 1, head: 2 })
  })

  it('refuses both once closed', async () => {
    const log = memoryLog()
    await log.close()
    expect(() => log.trim(1)).toThrow(LogClosedError)
    expect(() => log.restart()).toThrow(LogClosedError)
  })

  it('can be trimmed and restarted from inside a reset', async () => {
    const log = memoryLog({ epoch: 'a' })
    await log.append(records(5))
    const told: string[] = []
    log.tail(
      { epoch: 'x', offset: 0 },
      {
        records: (records) => told.push(`records ${records.map(({ offset }) => offset)}`),
        reset: ({ epoch, first }) => {
          told.push(`reset ${epoch} ${first}`)
          if (told.length === 1) log.trim(4)
          if (told.length === 2) log.restart('b')
        },
      },
    )
    await microtasks()
    await log.append(records(2))
    await microtasks()
    expect(told).toEqual(['reset a 1', 'reset a 4', 'reset b 1', 'records 1,2'])
  })
})
