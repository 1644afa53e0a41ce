import type { Log } from '../log.ts'
import { checkEqual } from './check.ts'
import type { LogHarness } from './harness.ts'
import { aRecord, range, type StageTest } from './stage.ts'

/** Keys: a repeat gives the first answer. */
export function idempotencyTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  test('gives the first position again for a key that it holds', async (stage) => {
    const [first] = await stage.log.append([aRecord(1, { key: 'a' })])
    await stage.log.append([aRecord(2)])
    const [repeat] = await stage.log.append([aRecord(3, { key: 'a' })])
    checkEqual(repeat, first, 'the position of the repeat')
    checkEqual((await stage.log.bounds()).head, 2, 'the head')
    checkEqual((await stage.readAll())[0], { ...aRecord(1, { key: 'a' }), offset: 1 }, 'the record kept')
  })

  test('sees a key twice in one call', async (stage) => {
    const records = [aRecord(1, { key: 'a' }), aRecord(2), aRecord(3, { key: 'a' }), aRecord(4)]
    const positions = await stage.log.append(records)
    checkEqual(
      positions.map(({ offset }) => offset),
      [1, 2, 1, 3],
      'the offsets',
    )
    const data = (await stage.readAll()).map((record) => record.data)
    checkEqual(data, [aRecord(1).data, aRecord(2).data, aRecord(4).data], 'the data')
  })

  test('appends what is new in a call and answers the rest', async ({ log }) => {
    await log.append([aRecord(1, { key: 'a' }), aRecord(2, { key: 'b' })])
    const mixed = [aRecord(3), aRecord(4, { key: 'b' }), aRecord(5, { key: 'c' }), aRecord(6, { key: 'a' })]
    const positions = await log.append(mixed)
    checkEqual(
      positions.map(({ offset }) => offset),
      [3, 2, 4, 1],
      'the offsets',
    )
  })

  test('appends a key once when calls compete', async (stage) => {
    const calls = range(1, 20).map((number) => stage.log.append([aRecord(number, { key: 'a' })]))
    const positions = (await Promise.all(calls)).flat()
    const { epoch } = await stage.log.bounds()
    checkEqual(
      positions,
      positions.map(() => ({ epoch, offset: 1 })),
      'the positions',
    )
    checkEqual((await stage.readAll()).length, 1, 'the number of records')
  })

  test('does not take records without a key, or with another, for repeats', async (stage) => {
    const same = [aRecord(1), aRecord(1), aRecord(1, { key: 'a' }), aRecord(1, { key: 'A' })]
    const positions = await stage.log.append(same)
    checkEqual(
      positions.map(({ offset }) => offset),
      [1, 2, 3, 4],
      'the offsets',
    )
  })

  test('tells a repeated record to no tail', async (stage) => {
    const watcher = stage.watch(await stage.place(0))
    await stage.log.append([aRecord(1, { key: 'a' })])
    await stage.log.append([aRecord(2, { key: 'a' })])
    await stage.log.append([aRecord(3)])
    await watcher.untilOffset(2)
    checkEqual(
      watcher.received.map(({ data }) => data),
      [aRecord(1).data, aRecord(3).data],
      'the data',
    )
  })

  if (harness.trim === undefined) return
  const trim = harness.trim.bind(harness)

  test('still knows the keys of what is left after a trim', async ({ log }) => {
    await log.append([aRecord(1, { key: 'a' }), aRecord(2, { key: 'b' })])
    await trim(log, 2)
    const [repeat] = await log.append([aRecord(3, { key: 'b' })])
    checkEqual(repeat?.offset, 2, 'the offset of the repeat')
  })

  if (harness.keysOutliveRecords === true) return

  test('forgets a key with its record', async ({ log }) => {
    await log.append([aRecord(1, { key: 'a' }), aRecord(2)])
    await trim(log, 2)
    const [again] = await log.append([aRecord(3, { key: 'a' })])
    checkEqual(again?.offset, 3, 'the offset')
    const [repeat] = await log.append([aRecord(4, { key: 'a' })])
    checkEqual(repeat?.offset, 3, 'the offset of the repeat')
  })
}
