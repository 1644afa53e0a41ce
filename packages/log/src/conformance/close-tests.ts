import { LogClosedError } from '../errors.ts'
import type { Log } from '../log.ts'
import { nextTurn } from '../next-turn.ts'
import { check, checkEqual, checkRejects } from './check.ts'
import { aRecord, type StageTest } from './stage.ts'

/** The end of a log object; its history may live on. */
export function closeTests<L extends Log>(test: StageTest<L>): void {
  test('refuses everything once closed', async ({ log }) => {
    const { epoch } = await log.bounds()
    await log.close()
    await checkRejects(log.append([aRecord(1)]), LogClosedError.isInstance, 'append after close')
    await checkRejects(log.append([]), LogClosedError.isInstance, 'append of nothing after close')
    await checkRejects(log.read(0, 1), LogClosedError.isInstance, 'read after close')
    await checkRejects(log.bounds(), LogClosedError.isInstance, 'bounds after close')
    const tail = async () => log.tail({ epoch, offset: 0 }, { records() {}, reset() {} })
    await checkRejects(tail(), LogClosedError.isInstance, 'tail after close')
  })

  test('closes more than once', async ({ log }) => {
    await Promise.all([log.close(), log.close()])
    await log.close()
  })

  test('stops its tails', async (stage) => {
    await stage.fill(2)
    const watcher = stage.watch(await stage.place(0))
    await watcher.untilOffset(2)
    const appended = stage.log.append([aRecord(3)]).then(
      () => undefined,
      () => undefined,
    )
    const closed = stage.log.close()
    const told = watcher.received.length
    await closed
    await appended
    // Time for what was already on its way.
    for (let turns = 0; turns < 3; turns += 1) await new Promise<void>((resolve) => nextTurn(resolve))
    checkEqual(watcher.received.length, told, 'the number of records told')
    watcher.stop()
  })

  test('can be closed from inside a call', async (stage) => {
    let closed: Promise<void> | undefined
    const watcher = stage.watch(await stage.place(0), {
      records: () => {
        closed = stage.log.close()
      },
    })
    await stage.fill(1)
    await watcher.untilOffset(1)
    await closed
    checkEqual(watcher.calls, 1, 'the number of calls')
  })

  test('settles every append that was under way', async ({ log }) => {
    const appends = [log.append([aRecord(1)]), log.append([aRecord(2), aRecord(3)])]
    const settled = Promise.allSettled(appends)
    await log.close()
    for (const outcome of await settled) {
      if (outcome.status === 'fulfilled') check(outcome.value.length > 0, 'an append answered no positions')
    }
  })
}
