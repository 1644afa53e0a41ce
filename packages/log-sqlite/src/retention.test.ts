import { statSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aRecord, follow, readAll } from './follow.fixture.ts'
import { sizeOf } from './record.ts'
import { firstKept, type Stamp } from './retention.ts'
import { sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

let directory: ReturnType<typeof temporaryDirectory>
let file: string
beforeEach(() => {
  directory = temporaryDirectory('memory')
  file = directory.file()
})
afterEach(() => directory.remove())

const numbers = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index)

/** Rows in the file, forgotten ones among them. */
function rows(): number {
  const database = new DatabaseSync(file)
  const { count } = database.prepare('SELECT count(*) AS count FROM records').get() as { count: number }
  database.close()
  return count
}

const soon = () => new Promise<void>((resolve) => setTimeout(resolve, 2))

describe('what is kept', () => {
  it('is what a look at every record would keep', () => {
    const record = fc.record({ bytes: fc.integer({ min: 1, max: 9 }), age: fc.nat({ max: 9 }) })
    fc.assert(
      fc.property(
        fc.array(record, { minLength: 1, maxLength: 60 }),
        fc.nat({ max: 59 }),
        fc.record({
          maxRecords: fc.integer({ min: 1, max: 70 }),
          maxBytes: fc.integer({ min: 1, max: 300 }),
          maxAge: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: 300 })),
        }),
        (records, start, limits) => {
          let total = 0
          let now = 0
          const stamps: Stamp[] = records.map(({ bytes, age }) => {
            total += bytes
            now += age
            return { total, appended: now }
          })
          const from = Math.min(start, records.length - 1) + 1
          const forgotten = stamps[from - 2]?.total ?? 0
          const lengths = { first: from, head: records.length, total, forgotten }
          const life = { epoch: 'a', ...lengths, tag: null, forgottenTag: null }
          const asked: number[] = []
          const kept = firstKept(life, { ...limits, now: () => now }, (offset) => {
            asked.push(offset)
            const stamp = stamps[offset - 1]
            if (stamp === undefined || offset < from) throw new RangeError(`${offset} is not held`)
            return stamp
          })

          let expected = from
          while (records.length - expected + 1 > limits.maxRecords) expected += 1
          const held = () => total - (stamps[expected - 2]?.total ?? 0)
          while (held() > limits.maxBytes && expected < records.length) expected += 1
          while (expected <= records.length && now - (stamps[expected - 1]?.appended ?? now) > limits.maxAge)
            expected += 1
          expect(kept).toBe(expected)
          expect(asked.length).toBeLessThanOrEqual(30)
        },
      ),
      { numRuns: 2_000 },
    )
  })

  it('is limited by count', async () => {
    const log = sqliteLog({ file, maxRecords: 10 })
    for (const number of numbers(1, 25)) await log.append([aRecord(number)])
    expect(await log.bounds()).toMatchObject({ first: 16, head: 25 })
    expect((await readAll(log)).map(({ offset }) => offset)).toEqual(numbers(16, 10))
    expect(rows()).toBe(10)
    await log.close()
  })

  it('is limited by bytes, and the newest record stays however large it is', async () => {
    const record = aRecord(1, JSON.stringify('ä'.repeat(500)))
    expect(sizeOf(record)).toBe(64 + 'orders/1placed'.length + 1_002)
    const log = sqliteLog({ file, maxBytes: 3 * sizeOf(record) })
    for (const _ of numbers(1, 5)) await log.append([record])
    expect(await log.bounds()).toMatchObject({ first: 3, head: 5 })
    await log.append([aRecord(6, JSON.stringify('x'.repeat(10_000)))])
    expect(await log.bounds()).toMatchObject({ first: 6, head: 6 })
    await log.append([record])
    expect(await log.bounds()).toMatchObject({ first: 7, head: 7 })
    await log.close()
  })

  it('is limited by age: not read from that moment on, and deleted without anybody appending', async () => {
    let now = 1_000
    const log = sqliteLog({ file, maxAge: 100, now: () => now })
    await log.append([aRecord(1, '1', 'a')])
    now = 1_050
    await log.append([aRecord(2)])
    now = 1_100
    expect(await log.bounds()).toMatchObject({ first: 1, head: 2 })
    now = 1_101
    expect(await log.bounds()).toMatchObject({ first: 2, head: 2 })
    expect((await log.read(0, 10)).records).toEqual([])
    // Its key went with it.
    expect(await log.append([aRecord(3, '3', 'a')])).toMatchObject([{ offset: 3 }])
    now = 2_000
    expect(await log.bounds()).toMatchObject({ first: 4, head: 3 })
    while (rows() > 0) await soon()
    expect(await log.append([aRecord(4)])).toMatchObject([{ offset: 4 }])
    await log.close()
  })

  it('is what the limits of this time say, also of what was kept by others before', async () => {
    const before = sqliteLog({ file })
    await before.append(numbers(1, 3_000).map((number) => aRecord(number, `${number}`, `key-${number}`)))
    await before.close()
    const log = sqliteLog({ file, maxRecords: 10 })
    expect(await log.bounds()).toMatchObject({ first: 2_991, head: 3_000 })
    // A key of a record that is forgotten and not deleted yet.
    expect(await log.append([aRecord(1, '1', 'key-1')])).toMatchObject([{ offset: 3_001 }])
    while (rows() > 10) await soon()
    expect((await readAll(log)).map(({ offset }) => offset)).toEqual(numbers(2_992, 10))
    await log.close()
  })

  it('is what a trim leaves, at once and for every process', async () => {
    const log = sqliteLog({ file })
    const other = sqliteLog({ file })
    await log.append(numbers(1, 5_000).map((number) => aRecord(number)))
    await log.trim(4_000)
    expect(await other.bounds()).toMatchObject({ first: 4_000, head: 5_000 })
    await other.trim(100)
    await other.trim(Number.NaN)
    expect(await log.bounds()).toMatchObject({ first: 4_000 })
    await log.trim(Number.POSITIVE_INFINITY)
    expect(await other.bounds()).toMatchObject({ first: 5_001, head: 5_000 })
    while (rows() > 0) await soon()
    expect(await log.append([aRecord(1)])).toMatchObject([{ offset: 5_001 }])
    await Promise.all([log.close(), other.close()])
  })
})

it('uses the room in the file again', async () => {
  const log = sqliteLog({ file, maxBytes: 2 * 1024 * 1024 })
  const data = JSON.stringify('x'.repeat(1_000))
  const fill = async (count: number) => {
    for (let from = 0; from < count; from += 100) {
      await log.append(numbers(from, 100).map((number) => aRecord(number, data, `${from}-${number}`)))
    }
  }
  await fill(4_000)
  const early = statSync(file).size
  await fill(12_000)
  expect(statSync(file).size).toBeLessThanOrEqual(early * 1.1)
  expect(early).toBeLessThan(4 * 1024 * 1024)
  await log.close()
})

it('deletes much in small steps, between which appends and reads have their turn', async () => {
  const before = sqliteLog({ file })
  await before.append(numbers(1, 20_000).map((number) => aRecord(number)))
  await before.close()
  const log = sqliteLog({ file, maxRecords: 1 })
  const counts: number[] = []
  for (let count = rows(); count > 1; count = rows()) {
    if (count !== counts.at(-1)) counts.push(count)
    await soon()
  }
  const steps = counts.slice(1).map((count, index) => (counts[index] ?? 0) - count)
  expect(steps.length).toBeGreaterThan(5)
  await log.close()
})

it('resets a tail that retention overtakes, and tells it all that is left', async () => {
  const log = sqliteLog({ file, maxRecords: 3 })
  const { epoch } = await log.bounds()
  const tail = follow(log, { epoch, offset: 0 })
  await log.append([aRecord(1), aRecord(2)])
  await tail.until(2)
  await log.append(numbers(3, 5).map((number) => aRecord(number)))
  await tail.until(5)
  expect(tail.resets).toMatchObject([{ epoch, first: 5, head: 7 }])
  expect(tail.records.map(({ offset }) => offset)).toEqual([1, 2, 5, 6, 7])
  await log.close()
})
