import type { Log } from '../log.ts'
import { check, checkEqual } from './check.ts'
import type { LogHarness } from './harness.ts'
import { aRecord, numbered, range, type StageTest } from './stage.ts'

/** Pages, their limits and bounds. */
export function readTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  test('reads an empty log as an empty page', async ({ log }) => {
    const bounds = await log.bounds()
    checkEqual(await log.read(0, 10), { ...bounds, records: [] }, 'the page')
  })

  test('reads after any offset, page by page, to the head', async (stage) => {
    await stage.fill(25)
    const expected = numbered(range(0, 24).map((number) => aRecord(number)))
    for (const after of [0, 1, 12, 24, 25]) {
      checkEqual(await stage.readAll(after), expected.slice(after), `the records after ${after}`)
    }
  })

  test('never gives more than the limit, and something when there is something', async (stage) => {
    await stage.fill(10)
    for (const limit of [1, 3, 10, 11]) {
      for (const after of range(0, 9)) {
        const { records } = await stage.log.read(after, limit)
        check(records.length <= limit, `${records.length} records for a limit of ${limit}`)
        check(records.length >= 1, `no record after ${after} although the head is 10`)
        checkEqual(records[0]?.offset, after + 1, `the first offset after ${after}`)
      }
    }
  })

  test('reads nothing when nothing is asked for, and tells the bounds', async (stage) => {
    await stage.fill(3)
    const bounds = await stage.log.bounds()
    for (const after of range(0, 4)) {
      checkEqual(await stage.log.read(after, 0), { ...bounds, records: [] }, `the page after ${after}`)
    }
  })

  test('reads nothing at the head and beyond it, and tells the bounds', async (stage) => {
    await stage.fill(3)
    const bounds = await stage.log.bounds()
    for (const after of [3, 4, 1_000]) {
      checkEqual(await stage.log.read(after, 10), { ...bounds, records: [] }, `the page after ${after}`)
    }
  })

  test('takes records and bounds from one moment', async (stage) => {
    const appended = stage.fill(100)
    for (let after = 0; after < 100; ) {
      const { records, first, head } = await stage.log.read(after, 7)
      const offsets = records.map(({ offset }) => offset)
      checkEqual(offsets, range(after + 1, after + records.length), 'the offsets')
      checkEqual(first, 1, 'the first')
      check(after + records.length <= head, `offset ${after + records.length} is above the head ${head}`)
      check(records.length > 0 || head === after, `no record after ${after} although the head is ${head}`)
      if (head === after) await appended
      after += records.length
    }
  })

  test('answers many reads at once', async (stage) => {
    await stage.fill(30)
    const pages = await Promise.all(range(0, 29).map((after) => stage.log.read(after, 1)))
    checkEqual(
      pages.map(({ records }) => records.map(({ offset }) => offset)),
      range(1, 30).map((offset) => [offset]),
      'the offsets',
    )
  })

  if (harness.trim === undefined) return
  const trim = harness.trim.bind(harness)

  test('tells what was trimmed and never clamps to what is left', async (stage) => {
    await stage.fill(10)
    await trim(stage.log, 5)
    const { epoch } = await stage.log.bounds()
    const bounds = { epoch, first: 5, head: 10 }
    checkEqual(await stage.log.bounds(), bounds, 'the bounds')
    for (const after of [0, 2, 3]) {
      checkEqual(await stage.log.read(after, 100), { ...bounds, records: [] }, `the page after ${after}`)
    }
    const expected = numbered(range(0, 9).map((number) => aRecord(number))).slice(4)
    checkEqual(await stage.readAll(4), expected, 'the records after first - 1')
  })

  test('keeps its head when all is trimmed', async (stage) => {
    await stage.fill(4)
    await trim(stage.log, 5)
    const { epoch } = await stage.log.bounds()
    checkEqual(await stage.log.read(4, 10), { epoch, first: 5, head: 4, records: [] }, 'the page at the head')
    checkEqual(await stage.log.read(3, 10), { epoch, first: 5, head: 4, records: [] }, 'the page before it')
    checkEqual(await stage.log.append([aRecord(5)]), [{ epoch, offset: 5 }], 'the next position')
    checkEqual(await stage.readAll(4), [{ ...aRecord(5), offset: 5 }], 'the records')
  })
}
