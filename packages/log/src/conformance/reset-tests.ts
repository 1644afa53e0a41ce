import type { Log } from '../log.ts'
import { check, checkEqual } from './check.ts'
import type { LogHarness } from './harness.ts'
import { aRecord, range, type StageTest } from './stage.ts'

/** What a tail tells when it cannot go on where it was. */
export function resetTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  test('resets a tail from another epoch and goes on from the oldest record', async (stage) => {
    await stage.fill(3)
    const bounds = await stage.log.bounds()
    const foreign = bounds.epoch === 'elsewhere' ? 'nowhere' : 'elsewhere'
    for (const offset of [0, 2, 9]) {
      const watcher = stage.watch({ epoch: foreign, offset })
      // The reset first: until then its offset is one of the other epoch.
      await watcher.untilReset()
      await watcher.untilOffset(3)
      checkEqual(watcher.resets, [bounds], `the resets from ${foreign}.${offset}`)
      checkEqual(watcher.received, await stage.readAll(), 'what was told after it')
    }
  })

  test('resets a tail from another epoch on an empty log', async (stage) => {
    const bounds = await stage.log.bounds()
    const foreign = bounds.epoch === 'elsewhere' ? 'nowhere' : 'elsewhere'
    const watcher = stage.watch({ epoch: foreign, offset: 7 })
    await watcher.untilReset()
    checkEqual(watcher.resets, [bounds], 'the resets')
    await stage.fill(2)
    await watcher.untilOffset(2)
    checkEqual(watcher.received, await stage.readAll(), 'what was told after it')
  })

  test('resets a tail from beyond the head and goes on from the oldest record', async (stage) => {
    await stage.fill(3)
    const bounds = await stage.log.bounds()
    const watcher = stage.watch(await stage.place(4))
    await watcher.untilReset()
    checkEqual(watcher.resets, [bounds], 'the resets')
    await stage.fill(2)
    await watcher.untilOffset(5)
    checkEqual(watcher.received, await stage.readAll(), 'what was told after it')
  })

  test('stops at once when stopped inside a reset', async (stage) => {
    await stage.fill(2)
    const stopped = stage.watch(await stage.place(9), { reset: () => stopped.stop() })
    await stopped.untilReset()
    const other = stage.watch(await stage.place(0))
    await stage.fill(1)
    await other.untilOffset(3)
    checkEqual(stopped.received, [], 'what was told after the stop')
  })

  trimTests(test, harness)
  recreateTests(test, harness)
}

function trimTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  if (harness.trim === undefined) return
  const trim = harness.trim.bind(harness)

  test('resets a tail from a trimmed place and goes on from the oldest record', async (stage) => {
    await stage.fill(10)
    await trim(stage.log, 6)
    const bounds = await stage.log.bounds()
    for (const after of [0, 4]) {
      const watcher = stage.watch(await stage.place(after))
      await watcher.untilReset()
      await watcher.untilOffset(10)
      checkEqual(watcher.resets, [bounds], `the resets from ${after}`)
      checkEqual(watcher.received, await stage.readAll(5), `what was told after it`)
    }
  })

  test('does not reset a tail whose next record is the oldest', async (stage) => {
    await stage.fill(10)
    await trim(stage.log, 6)
    const watcher = stage.watch(await stage.place(5))
    await watcher.untilOffset(10)
    checkEqual(watcher.resets, [], 'the resets')
  })

  test('does not reset a tail at the head when all is trimmed', async (stage) => {
    await stage.fill(4)
    const before = stage.watch(await stage.place(0))
    await before.untilOffset(4)
    await trim(stage.log, 5)
    const after = stage.watch(await stage.place(4))
    await stage.fill(2)
    await Promise.all([before.untilOffset(6), after.untilOffset(6)])
    checkEqual([...before.resets, ...after.resets], [], 'the resets')
  })

  test('resets a tail from a trimmed place when nothing is left', async (stage) => {
    await stage.fill(4)
    await trim(stage.log, 5)
    const bounds = await stage.log.bounds()
    const watcher = stage.watch(await stage.place(2))
    await watcher.untilReset()
    checkEqual(watcher.resets, [bounds], 'the resets')
    await stage.fill(1)
    await watcher.untilOffset(5)
    checkEqual(watcher.received.length, 1, 'the number of records told after it')
  })

  test('never skips silently when records are trimmed in front of a tail', async (stage) => {
    const watcher = stage.watch(await stage.place(0))
    for (const round of range(1, 10)) {
      const appended = stage.fill(20)
      // Every other trim comes while the appends are still to be told.
      if (round % 2 === 0) await appended
      await trim(stage.log, round * 20 - 19)
      await appended
    }
    await watcher.untilOffset(200)
    const { first, head } = await stage.log.bounds()
    checkEqual(head, 200, 'the head')
    for (const bounds of watcher.resets) {
      check(bounds.first <= first && bounds.head <= head, 'a reset told bounds that the log never had')
    }
  })
}

function recreateTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  if (harness.recreate === undefined) return
  const recreate = harness.recreate.bind(harness)

  test('gives a recreated log another epoch and begins again', async (stage) => {
    await stage.log.append([aRecord(1, { key: 'a' })])
    const old = await stage.log.bounds()
    await recreate(stage.log)
    const fresh = await stage.log.bounds()
    check(fresh.epoch !== old.epoch, 'the epoch is the same')
    checkEqual({ first: fresh.first, head: fresh.head }, { first: 1, head: 0 }, 'the bounds')
    const positions = await stage.log.append([aRecord(2, { key: 'a' })])
    checkEqual(positions, [{ epoch: fresh.epoch, offset: 1 }], 'the positions')
    checkEqual(await stage.readAll(), [{ ...aRecord(2, { key: 'a' }), offset: 1 }], 'the records')
  })

  test('resets an open tail when the log is recreated, also with as many records as before', async (stage) => {
    await stage.fill(3)
    const watcher = stage.watch(await stage.place(0))
    await watcher.untilOffset(3)
    await recreate(stage.log)
    const records = range(11, 13).map((number) => aRecord(number))
    await stage.log.append(records)
    await watcher.until(() => watcher.resets.length > 0 && watcher.position >= 3, 'the new life')
    await stage.log.append([aRecord(14)])
    await watcher.untilOffset(4)
    const { epoch } = await stage.log.bounds()
    checkEqual(watcher.resets.at(-1)?.epoch, epoch, 'the epoch told by the last reset')
    checkEqual(watcher.received.slice(-4), await stage.readAll(), 'what was told of the new life')
  })
}
