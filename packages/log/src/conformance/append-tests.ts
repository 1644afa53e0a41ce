import type { Log } from '../log.ts'
import { check, checkEqual } from './check.ts'
import type { LogHarness } from './harness.ts'
import { aRecord, numbered, range, type StageTest } from './stage.ts'

/** Order, positions and adjacency. */
export function appendTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  test('begins empty, at offset 0 of an epoch that a cursor can carry', async ({ log }) => {
    const bounds = await log.bounds()
    checkEqual({ first: bounds.first, head: bounds.head }, { first: 1, head: 0 }, 'the bounds')
    check(/^[0-9a-z]{1,32}$/.test(bounds.epoch), `the epoch is not 1 to 32 of 0-9a-z: ${bounds.epoch}`)
  })

  test('numbers records from 1 without holes and answers with their positions', async ({ log }) => {
    const { epoch } = await log.bounds()
    const single = await log.append([aRecord(1)])
    const several = await log.append([aRecord(2), aRecord(3), aRecord(4)])
    const expected = range(1, 4).map((offset) => ({ epoch, offset }))
    checkEqual([...single, ...several], expected, 'the positions')
    checkEqual(await log.bounds(), { epoch, first: 1, head: 4 }, 'the bounds')
  })

  test('keeps the order of the records of one call', async ({ log }) => {
    const records = range(1, 50).map((number) => aRecord(number))
    await log.append(records)
    checkEqual((await log.read(0, 50)).records, numbered(records), 'the records')
  })

  test('keeps the order of calls that follow each other without waiting', async (stage) => {
    const positions = await stage.fill(50)
    checkEqual(
      positions.map(({ offset }) => offset),
      range(1, 50),
      'the offsets',
    )
    const records = range(0, 49).map((number) => aRecord(number))
    checkEqual(await stage.readAll(), numbered(records), 'the records')
  })

  test('puts the records of one call next to each other, whatever else is appended', async (stage) => {
    const calls = range(0, 29).map((call) => {
      const records = range(0, call % 5).map((index) => aRecord(call, { event: `${call}.${index}` }))
      return { records, answer: stage.log.append(records) }
    })
    for (const { records, answer } of calls) {
      const positions = await answer
      const first = positions[0]?.offset ?? 0
      checkEqual(
        positions.map(({ offset }) => offset),
        range(first, first + records.length - 1),
        'the offsets of one call',
      )
      const page = await stage.readAll(first - 1)
      checkEqual(page.slice(0, records.length), numbered(records, first), 'the records of one call')
    }
  })

  test('appends nothing when there is nothing to append', async ({ log }) => {
    await log.append([aRecord(1)])
    checkEqual(await log.append([]), [], 'the positions')
    checkEqual((await log.bounds()).head, 1, 'the head')
  })

  test('has a record as soon as its append resolves', async ({ log }) => {
    for (const number of range(1, 20)) {
      const [position] = await log.append([aRecord(number)])
      const page = await log.read(number - 1, 10)
      checkEqual(page.records, [{ ...aRecord(number), offset: number }], 'the records just appended')
      checkEqual({ epoch: page.epoch, offset: page.head }, position, 'the head')
    }
  })

  test('shares no history with another log', async (stage) => {
    const other = stage.keep(await harness.open())
    await stage.fill(3)
    const [position] = await other.append([aRecord(1)])
    const { epoch } = await stage.log.bounds()
    check(position?.epoch !== epoch, `two logs have the epoch ${epoch}`)
    checkEqual(position?.offset, 1, 'the first offset of the other log')
    checkEqual((await stage.log.bounds()).head, 3, 'the head')
  })
}
