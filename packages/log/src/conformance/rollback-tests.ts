import type { Position } from '@millrace/protocol'
import { type Judgement, judge, positionOf } from '../judge.ts'
import type { Log } from '../log.ts'
import { check, checkEqual } from './check.ts'
import type { LogHarness } from './harness.ts'
import { aRecord, range, type Stage, type StageTest } from './stage.ts'
import type { Watcher } from './watcher.ts'

/** What is told to whoever has seen records that the log has lost, once it gives their offsets away again. */
export function rollbackTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  const backUp = harness.backUp?.bind(harness)
  if (backUp === undefined) return

  const verdictOn = async (log: Log, position: Position): Promise<Judgement> => {
    const page = await log.read(position.offset, 0)
    return judge(position, page, page.afterTag)
  }

  /** Appends five records that both histories have, and three that only the first one had, and goes back. */
  const goBack = async (stage: Stage<L>, seenBy?: Watcher) => {
    const kept = await stage.fill(5)
    const putBack = await backUp(stage.log)
    const lost = await stage.fill(3)
    await seenBy?.untilOffset(lost.at(-1)?.offset ?? 0)
    const log = await putBack()
    if (log !== stage.log) stage.keep(log)
    return { kept, lost, log }
  }

  test('sees that a place is gone after it was put back', async (stage) => {
    const { kept, lost, log } = await goBack(stage)
    const bounds = await log.bounds()
    checkEqual({ first: bounds.first, head: bounds.head }, { first: 1, head: 5 }, 'the bounds')
    const expected = bounds.epoch === kept[0]?.epoch ? ['resumed', 'ahead'] : ['epoch', 'epoch']
    for (const place of kept) checkEqual(await verdictOn(log, place), expected[0], `on ${place.offset}`)
    for (const place of lost) checkEqual(await verdictOn(log, place), expected[1], `on ${place.offset}`)
  })

  test('sees that an offset was given away a second time', async (stage) => {
    const { kept, lost, log } = await goBack(stage)
    const again = await log.append(range(1, 5).map((number) => aRecord(number, { event: 'again' })))
    checkEqual(
      again.map(({ offset }) => offset),
      [6, 7, 8, 9, 10],
      'the offsets',
    )
    for (const place of lost) {
      const verdict = await verdictOn(log, place)
      check(verdict === 'diverged' || verdict === 'epoch', `the verdict on ${place.offset} was ${verdict}`)
    }
    for (const place of again) checkEqual(await verdictOn(log, place), 'resumed', `on ${place.offset}`)
    const { epoch } = await log.bounds()
    for (const place of kept) {
      const expected = place.epoch === epoch ? 'resumed' : 'epoch'
      checkEqual(await verdictOn(log, place), expected, `on ${place.offset}`)
    }
  })

  test('resets a tail that has seen what is lost, however far the log has come again', async (stage) => {
    for (const more of [1, 3, 6]) {
      const { epoch, head } = await stage.log.bounds()
      const open = stage.watch({ epoch, offset: head }, { mayDiverge: true })
      const { lost, log } = await goBack(stage, open)
      await log.append(range(1, more).map((number) => aRecord(number, { event: `again ${more}` })))
      const last = lost.at(-1)
      // Where the log could not stay open, the tail comes back as a server does that has kept its place.
      const watcher = log === stage.log || !last ? open : stage.watch(last, { mayDiverge: true }, log)
      await watcher.untilReset()
      const bounds = await log.bounds()
      const isThere = () => watcher.epoch === bounds.epoch && watcher.position >= bounds.head
      await watcher.until(isThere, 'what was appended after it')
      const { records } = await log.read(bounds.head - more, more)
      checkEqual(watcher.received.slice(-more), records, 'what was told after it')
      if (log !== stage.log) return
    }
  })

  test('lets a tail go on that has seen nothing of what is lost, unless the epoch is another one', async (stage) => {
    const { kept, log } = await goBack(stage)
    await log.append([aRecord(1, { event: 'again' })])
    const { epoch } = await log.bounds()
    const place = kept.at(-1) ?? positionOf(epoch, { offset: 0 })
    const watcher = stage.watch(place, {}, log)
    await watcher.until(() => watcher.epoch === epoch && watcher.position >= 6, 'the next record')
    checkEqual(watcher.resets.length, place.epoch === epoch ? 0 : 1, 'the number of resets')
  })
}
