import type { Log } from '../log.ts'
import { checkEqual } from './check.ts'
import type { LogHarness } from './harness.ts'
import { aRecord, range, type StageTest } from './stage.ts'

/** One history under several logs, as several processes have it, and after the first was closed. */
export function joinTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  if (harness.join === undefined) return
  const join = harness.join.bind(harness)

  test('keeps its history, its epoch and its keys when closed and opened again', async (stage) => {
    await stage.fill(5)
    await stage.log.append([aRecord(6, { key: 'a' })])
    const bounds = await stage.log.bounds()
    const records = await stage.readAll()
    await stage.log.close()
    const again = stage.keep(await join(stage.log))
    checkEqual(await again.bounds(), bounds, 'the bounds')
    checkEqual(await stage.readAll(0, again), records, 'the records')
    const [repeat, next] = await again.append([aRecord(7, { key: 'a' }), aRecord(8)])
    checkEqual([repeat?.offset, next?.offset], [6, 7], 'the offsets of a repeat and of a new record')
  })

  test('tells and reads what another log appends', async (stage) => {
    const other = stage.keep(await join(stage.log))
    const watcher = stage.watch(await stage.place(0))
    for (const number of range(1, 10)) await other.append([aRecord(number)])
    await watcher.untilOffset(10)
    checkEqual(watcher.received, await stage.readAll(), 'what was told')
    checkEqual(await other.bounds(), await stage.log.bounds(), 'the bounds')
  })

  test('has one order for logs that append at once', async (stage) => {
    const other = stage.keep(await join(stage.log))
    const from = await stage.place(0)
    const watchers = [stage.watch(from), stage.watch(from, {}, other)]
    const calls = range(1, 40).map((call) => {
      const log = call % 2 === 0 ? stage.log : other
      return log.append(range(1, 3).map((index) => aRecord(call, { event: `${call}.${index}` })))
    })
    const answers = await Promise.all(calls)
    const records = await stage.readAll()
    for (const [index, positions] of answers.entries()) {
      const first = positions[0]?.offset ?? 0
      checkEqual(
        records.slice(first - 1, first + 2).map(({ event, offset }) => ({ event, offset })),
        range(1, 3).map((part) => ({ event: `${index + 1}.${part}`, offset: first + part - 1 })),
        'the records of one call',
      )
    }
    for (const watcher of watchers) {
      await watcher.untilOffset(120)
      checkEqual(watcher.received, records, 'what was told')
    }
  })

  test('appends a key once when logs compete', async (stage) => {
    const other = stage.keep(await join(stage.log))
    const calls = range(1, 10).map((call) =>
      (call % 2 === 0 ? stage.log : other).append([aRecord(call, { key: 'a' })]),
    )
    const offsets = (await Promise.all(calls)).flat().map(({ offset }) => offset)
    checkEqual(offsets, range(1, 10).fill(1), 'the offsets')
    checkEqual((await other.bounds()).head, 1, 'the head')
  })

  test('leaves the other log open when one is closed', async (stage) => {
    const other = stage.keep(await join(stage.log))
    const watcher = stage.watch(await stage.place(0), {}, other)
    await stage.fill(1)
    await stage.log.close()
    await other.append([aRecord(2)])
    await watcher.untilOffset(2)
  })
}
