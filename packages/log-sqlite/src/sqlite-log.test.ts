import { rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { LogClosedError, type LogRecord } from '@millrace/log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aRecord, follow, readAll } from './follow.fixture.ts'
import { sqliteLog } from './sqlite-log.ts'
import { recordsPerTurn } from './tail.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

let directory: ReturnType<typeof temporaryDirectory>
let file: string
beforeEach(() => {
  directory = temporaryDirectory('memory')
  file = directory.file()
})
afterEach(() => directory.remove())

const records = (count: number) => Array.from({ length: count }, (_, index) => aRecord(index + 1))
const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A log, with the number of its commits that brought records. */
async function counted() {
  let commits = 0
  const log = sqliteLog({
    file,
    wake: (look) => {
      commits += 1
      queueMicrotask(look)
    },
    // Word of the log's own commits comes from the file system as well.
    pollInterval: 2 ** 30,
  })
  rmSync(`${file}-mark`)
  const { epoch } = await log.bounds()
  const tail = follow(log, { epoch, offset: 0 })
  return { log, epoch, tail, commits: () => commits }
}

describe('group commit', () => {
  it('takes what comes within one turn of the event loop into one transaction, in its order', async () => {
    const { log, tail, commits } = await counted()
    const appended: Promise<unknown>[] = []
    const append = (number: number) => appended.push(log.append([aRecord(number)]))
    append(1)
    process.nextTick(() => append(2))
    Promise.resolve().then(() => {
      append(3)
      append(4)
    })
    queueMicrotask(() => append(5))
    await turn()
    await Promise.all(appended)
    expect(commits()).toBe(1)
    const times = (await readAll(log)).map(({ time }) => time - aRecord(0).time)
    expect(times.toSorted()).toEqual([1, 2, 3, 4, 5])
    expect(times[0]).toBe(1)
    expect(times.indexOf(4)).toBe(times.indexOf(3) + 1)
    await tail.until(5)
    expect(tail.batches).toEqual([5])
    await log.close()
  })

  it('makes many callers share the cost', async () => {
    const { log, commits } = await counted()
    const caller = async () => {
      for (const record of records(20)) await log.append([record])
    }
    await Promise.all(Array.from({ length: 50 }, caller))
    expect((await log.bounds()).head).toBe(1_000)
    expect(commits()).toBeLessThan(100)
    await log.close()
  })

  it('lets the event loop have its turn in the middle of a large call, which nobody sees in part', async () => {
    const log = sqliteLog({ file })
    let done = false
    const appended = log.append(records(50_000)).then((positions) => {
      done = true
      return positions
    })
    const after = log.append([aRecord(0)])
    let turns = 0
    for (; !done; turns += 1) {
      const { head } = await log.bounds()
      expect(done || head === 0).toBe(true)
      await turn()
    }
    expect(turns).toBeGreaterThan(5)
    const positions = await appended
    expect(positions.map(({ offset }) => offset)).toEqual(positions.map((_, index) => index + 1))
    expect(await after).toMatchObject([{ offset: 50_001 }])
    await log.close()
  })

  it('commits a large call although the log is closed in the middle of it', async () => {
    const log = sqliteLog({ file })
    const appended = log.append(records(20_000))
    await turn()
    await log.close()
    expect(await appended).toHaveLength(20_000)
  })

  it('waits for a commit before it answers', async () => {
    const log = sqliteLog({ file })
    const other = new DatabaseSync(file)
    const head = other.prepare('SELECT head FROM life')
    for (const record of records(20)) {
      const [position] = await log.append([record])
      expect(head.get()).toMatchObject({ head: position?.offset })
    }
    other.close()
    await log.close()
  })
})

describe('a page', () => {
  it('ends after some megabytes, and the next one goes on from there', async () => {
    const log = sqliteLog({ file })
    const data = JSON.stringify('x'.repeat(1024 * 1024))
    for (let count = 0; count < 10; count += 1) await log.append([aRecord(count, data)])
    const page = await log.read(0, 10)
    expect(page.records.length).toBeGreaterThan(1)
    expect(page.records.length).toBeLessThan(10)
    expect(page).toMatchObject({ first: 1, head: 10 })
    expect(await readAll(log)).toHaveLength(10)
    await log.close()
  })

  it('gives records that cannot be changed', async () => {
    const log = sqliteLog({ file })
    await log.append([aRecord(1)])
    const [record] = (await log.read(0, 1)).records
    expect(() => Object.assign(record ?? {}, { data: 'x' })).toThrow(TypeError)
    await log.close()
  })

  it('leaves turns to others when many are read at once', async () => {
    const log = sqliteLog({ file })
    await log.append(records(5_000))
    let turns = 0
    let reading = true
    const counting = (async () => {
      for (; reading; turns += 1) await turn()
    })()
    for (let count = 0; count < 40; count += 1) await log.read(0, 5_000)
    reading = false
    await counting
    expect(turns).toBeGreaterThan(5)
    await log.close()
  })
})

describe('a tail', () => {
  it('hands a long history over in bounded batches, a turn of the event loop each', async () => {
    const log = sqliteLog({ file })
    await log.append(records(3_500))
    const { epoch } = await log.bounds()
    const tail = follow(log, { epoch, offset: 0 })
    await tail.until(1)
    expect(tail.batches).toEqual([recordsPerTurn])
    await tail.until(3_500)
    expect(tail.batches).toEqual([1_000, 1_000, 1_000, 500])
    await log.close()
  })

  it('hands large records over a few at a time', async () => {
    const log = sqliteLog({ file })
    const data = JSON.stringify('x'.repeat(1024 * 1024))
    const { epoch } = await log.bounds()
    for (let count = 0; count < 10; count += 1) await log.append([aRecord(count, data)])
    const tail = follow(log, { epoch, offset: 0 })
    await tail.until(10)
    expect(Math.max(...tail.batches)).toBeLessThan(10)
    await log.close()
  })

  it('sees what another connection appends by polling, where nothing is told of it', async () => {
    const log = sqliteLog({ file, pollInterval: 5, wake: () => {} })
    const { epoch } = await log.bounds()
    const tail = follow(log, { epoch, offset: 0 })
    const other = sqliteLog({ file })
    await other.append(records(3))
    await tail.until(3)
    await Promise.all([log.close(), other.close()])
  })

  it('is told by the file system of what another connection appends', async () => {
    const log = sqliteLog({ file, pollInterval: 2 ** 30 })
    const { epoch } = await log.bounds()
    await log.append([aRecord(0)])
    const tail = follow(log, { epoch, offset: 1 })
    const other = sqliteLog({ file })
    await other.append(records(3))
    await tail.until(3)
    await Promise.all([log.close(), other.close()])
  })

  it('tells no error of a call that stopped it and then threw', async () => {
    const log = sqliteLog({ file })
    const { epoch } = await log.bounds()
    const told: string[] = []
    const stop = log.tail(
      { epoch, offset: 0 },
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
    await turn()
    expect(told).toEqual(['records'])
    await log.close()
  })

  it('survives an observer that throws and has nowhere to be told of it', async () => {
    const log = sqliteLog({ file })
    let calls = 0
    const throwing = () => {
      calls += 1
      throw new Error('on purpose')
    }
    log.tail({ epoch: 'b', offset: 0 }, { records: throwing, reset: throwing })
    log.tail({ epoch: 'b', offset: 0 }, { records: throwing, reset: throwing, error: throwing })
    await log.append([aRecord(1)])
    await turn()
    expect(calls).toBe(6)
    await log.close()
  })

  it('may close the log from inside of a call', async () => {
    const log = sqliteLog({ file })
    const { epoch } = await log.bounds()
    const seen: LogRecord[] = []
    const closed = new Promise<void>((resolve) => {
      log.tail(
        { epoch, offset: 0 },
        {
          records: (told) => {
            seen.push(...told)
            resolve(log.close())
          },
          reset() {},
        },
      )
    })
    await log.append([aRecord(1)])
    await closed
    expect(seen).toHaveLength(1)
    await expect(log.bounds()).rejects.toThrow(LogClosedError)
  })
})

describe('restart', () => {
  it('begins a new life for every process, and forgets keys', async () => {
    const log = sqliteLog({ file })
    const other = sqliteLog({ file })
    const { epoch } = await log.bounds()
    await log.append([aRecord(1, '1', 'a'), aRecord(2)])
    const tail = follow(other, { epoch, offset: 0 })
    await tail.until(2)
    await log.restart()
    const bounds = await other.bounds()
    expect(bounds).toMatchObject({ first: 1, head: 0 })
    expect(bounds.epoch).not.toBe(epoch)
    expect(await other.append([aRecord(3, '3', 'a')])).toMatchObject([{ epoch: bounds.epoch, offset: 1 }])
    await tail.until(3)
    expect(tail.resets.at(-1)).toMatchObject({ epoch: bounds.epoch })
    await Promise.all([log.close(), other.close()])
  })
})
