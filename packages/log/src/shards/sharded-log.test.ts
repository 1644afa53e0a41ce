import { formatCursor, joinPlaces, type Position, parseCursor } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { describeLog } from '../conformance.ts'
import type { Log, NewRecord } from '../log.ts'
import { type MemoryLog, memoryLog } from '../memory-log.ts'
import { shards } from './sharded-log.ts'

const record = (topic: string, data = '{}', key?: string): NewRecord => ({
  topic,
  event: 'placed',
  version: 1,
  time: 1,
  data,
  ...(key !== undefined && { key }),
})

function split(count: number) {
  const logs = Array.from({ length: count }, (_, index) => memoryLog({ epoch: `e${index}` }))
  return { logs, log: shards(logs) }
}

/** Topics of each of the shards. */
const topicsOf = (count: number) =>
  Array.from({ length: count }, (_, shard) => {
    const all = Array.from({ length: 100 }, (_, order) => `orders/${order}`)
    return all.filter((topic) => shards(split(count).logs).shardOf(topic) === shard)
  })

const cursorOf = (position: Position | undefined) => position && formatCursor(position)

// A shard is a log like any other, also beside others.
interface Rig extends Log {
  readonly memory: MemoryLog
}

const rig = (options: Parameters<typeof memoryLog>[0] = {}): Rig => {
  const memory = memoryLog(options)
  const [, shard] = shards([memoryLog(), memory]).shards
  if (shard === undefined) throw new TypeError('There are two')
  const { read, tail, bounds, append, close } = shard
  const own = { read, tail, bounds, append, close }
  for (const [name, method] of Object.entries(own)) Object.assign(own, { [name]: method.bind(shard) })
  return { ...own, memory }
}

describeLog<Rig>(
  'one of two shards',
  {
    open: async () => rig(),
    openWith: async (wake) => rig({ wake }),
    trim: ({ memory }, keepFrom) => memory.trim(keepFrom),
    recreate: ({ memory }) => memory.restart(),
  },
  { describe, it },
)

describe('within a transaction', () => {
  /** A log whose transactions are arrays of what was written in them, if they are its own. */
  const transactional = (own: NewRecord[]): Log =>
    Object.assign(memoryLog(), {
      async appendWithin(transaction: object, records: readonly NewRecord[]) {
        if (transaction !== own) throw new TypeError('It is of another database')
        own.push(...records)
      },
    })

  it('each record is given to the shard of its topic, and those of one in one step', async () => {
    const [[a = '', b = ''] = [], [c = ''] = []] = topicsOf(2)
    const one: NewRecord[] = []
    const log = shards([transactional(one), transactional(one)])
    await log.appendWithin?.(one, [record(a), record(c), record(b)])
    expect(one.map(({ topic }) => topic)).toEqual([a, b, c])
  })

  it('a shard that is elsewhere refuses, and then nothing is given to others', async () => {
    const [[a = ''] = [], [b = ''] = []] = topicsOf(2)
    const [one, two]: [NewRecord[], NewRecord[]] = [[], []]
    const log = shards([transactional(one), transactional(two)])
    await log.appendWithin?.(two, [record(b)])
    await expect(log.appendWithin?.(one, [record(b), record(a)])).rejects.toThrow('another database')
    expect([one, two]).toEqual([[], [record(b)]])
  })

  it('no shard can where one cannot', () => {
    expect(shards([transactional([]), transactional([])]).appendWithin).toBeTypeOf('function')
    expect(shards([transactional([]), memoryLog()]).appendWithin).toBeUndefined()
  })
})

describe('a log in shards', () => {
  it('appends each record to the shard of its topic, and says where, in the order of the call', async () => {
    const { log, logs } = split(3)
    const [[a = ''] = [], [b = ''] = [], [c = ''] = []] = topicsOf(3)
    const positions = await log.append([record(c), record(a), record(b), record(c), record(a)])
    expect(positions.map(formatCursor)).toEqual(['e20202.1', 'e00002.1', 'e10102.1', 'e20202.2', 'e00002.2'])
    expect((await logs[0]?.read(0, 9))?.records.map(({ topic }) => topic)).toEqual([a, a])
    expect((await logs[1]?.read(0, 9))?.records.map(({ topic }) => topic)).toEqual([b])
    expect((await log.append([record(b)])).map(formatCursor)).toEqual(['e10102.2'])
    expect(await log.append([])).toEqual([])
  })

  it('keeps the order of calls that follow each other in each shard, awaited or not', async () => {
    const { log } = split(2)
    const [[a = ''] = [], [b = ''] = []] = topicsOf(2)
    const one = log.append([record(a), record(b)])
    const two = log.append([record(a)])
    const three = log.append([record(b), record(a)])
    const positions = (await Promise.all([one, two, three])).flat()
    expect(positions.map(formatCursor)).toEqual(['e00001.1', 'e10101.1', 'e00001.2', 'e10101.2', 'e00001.3'])
  })

  it('knows a key in the shard of its topic', async () => {
    const { log } = split(2)
    const [[a = ''] = [], [b = ''] = []] = topicsOf(2)
    const first = await log.append([record(a, '{}', 'k'), record(b, '{}', 'k')])
    expect(await log.append([record(b, '{}', 'k'), record(a, '{}', 'k')])).toEqual([...first].reverse())
  })

  it('rejects where a shard fails, after the others have settled, whose records stand', async () => {
    const { logs } = split(2)
    const [[a = ''] = [], [b = ''] = []] = topicsOf(2)
    let appended = false
    const slow = {
      ...bound(logs[1] as Log),
      append: async (records: readonly NewRecord[]) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        appended = true
        return (logs[1] as Log).append(records)
      },
    }
    const broken = { ...bound(logs[0] as Log), append: () => Promise.reject(new Error('Full')) }
    await expect(shards([broken, slow]).append([record(a), record(b)])).rejects.toThrow('Full')
    expect(appended).toBe(true)
    expect((await logs[1]?.bounds())?.head).toBe(1)
  })

  it('closes all of them, also where one cannot be', async () => {
    const { logs, log } = split(2)
    await log.close()
    for (const shard of logs) await expect(shard.bounds()).rejects.toThrow('closed')
    const other = memoryLog()
    const broken = { ...bound(memoryLog()), close: () => Promise.reject(new Error('Stuck')) }
    await expect(shards([broken, other]).close()).rejects.toThrow('Stuck')
    await expect(other.bounds()).rejects.toThrow('closed')
  })

  it('says what its shards say, each thing once, and of which where it is not of all', async () => {
    const { logs } = split(2)
    expect(await shards(logs).diagnose()).toEqual(await logs[0]?.diagnose?.())
    const own = { level: 'fault', subject: 'disk', message: 'Full' } as const
    const one = { ...bound(memoryLog()), diagnose: async () => [own] }
    const other = bound(memoryLog())
    expect(await shards([one, other, { ...one }]).diagnose()).toEqual([
      { ...own, message: 'Shard 1, 3 of 3: Full' },
      expect.objectContaining({ subject: 'log', message: expect.stringMatching(/^Shard 2 of 3: /) }),
    ])
  })

  it('finds its own place in a cursor that names several, and none in one of another log', () => {
    const { log } = split(2)
    const cursor = joinPlaces(['e10101.7.tag', 'e00001.5'].map((text) => parseCursor(text) as Position))
    expect(cursorOf(log.placeIn(0, cursor))).toBe('e00001.5')
    expect(cursorOf(log.placeIn(1, cursor))).toBe('e10101.7.tag')
    for (const foreign of ['e0.5', 'e1.7', 'e00002.5', 'e10001.5', '0.0']) {
      expect([foreign, cursorOf(log.placeIn(1, parseCursor(foreign) as Position))]).toEqual([
        foreign,
        undefined,
      ])
    }
  })

  it('is another log for its tails once it has another number of shards, or another order', async () => {
    const { logs, log } = split(2)
    const [[a = ''] = []] = topicsOf(2)
    const [before] = await log.append([record(a)])
    if (before === undefined) throw new TypeError('It was appended')
    await log.append([record(a)])
    const told = (others: readonly Log[], index: number) =>
      new Promise<string>((resolve) => {
        const stop = shards(others).shards[index]?.tail(before, {
          records: () => end('records'),
          reset: ({ epoch }) => end(epoch),
        })
        const end = (what: string) => {
          stop?.()
          resolve(what)
        }
      })
    expect(await told(logs, 0)).toBe('records')
    expect(await told([...logs, memoryLog()], 0)).toBe('e00002')
    expect(await told([...logs].reverse(), 1)).toBe('e00101')
  })

  it('refuses what cannot be shards', async () => {
    const log = memoryLog()
    expect(() => shards([])).toThrow(RangeError)
    expect(() => shards(Array.from({ length: 1_297 }, () => memoryLog()))).toThrow(RangeError)
    expect(() => shards([log, memoryLog(), log])).toThrow('same log')
    expect(() => shards([log, {} as Log])).toThrow(TypeError)
    const long = shards([memoryLog({ epoch: 'z'.repeat(29) })])
    await expect(long.shards[0]?.bounds()).rejects.toThrow('28 characters')
    const longest = shards([memoryLog({ epoch: 'z'.repeat(28) })])
    expect((await longest.shards[0]?.bounds())?.epoch).toHaveLength(32)
  })
})

function bound(log: Log): Log {
  return {
    append: (records) => log.append(records),
    read: (after, limit) => log.read(after, limit),
    bounds: () => log.bounds(),
    tail: (after, observer) => log.tail(after, observer),
    close: () => log.close(),
  }
}
