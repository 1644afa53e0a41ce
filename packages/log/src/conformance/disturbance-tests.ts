import type { Position } from '@millrace/protocol'
import type { Log, NewRecord } from '../log.ts'
import { nextTurn } from '../next-turn.ts'
import { ConformanceError, checkEqual } from './check.ts'
import type { Disturbance, LogHarness } from './harness.ts'
import { aRecord, range, type Stage, type StageTest } from './stage.ts'
import { within } from './within.ts'

/** The hostile mode: each trouble that the harness can make, with appends and tails going on through it. */
export function disturbanceTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  for (const [name, disturb] of Object.entries(harness.disturbances ?? {})) {
    test(`loses, doubles and swaps nothing although ${name}`, (stage) => surviveTrouble(stage, disturb))
  }
}

/** Appends and follows a log through a trouble, and wants every record in every tail once and in order. */
export async function surviveTrouble<L extends Log>(stage: Stage<L>, disturb: Disturbance<L>): Promise<void> {
  const before = await stage.fill(5)
  const from = await stage.place(0)
  const watchers = [stage.watch(from), stage.watch(await stage.place(5))]
  await watchers[0]?.untilOffset(5)

  const end = await disturb(stage.log)
  watchers.push(stage.watch(from))
  // Not awaited: a frozen engine answers nothing until the trouble has ended.
  const records = range(1, 20).map((number) => aRecord(number, { key: `key-${number}` }))
  const during: Promise<readonly Position[] | undefined>[] = []
  for (const record of records) {
    during.push(stage.log.append([record]).catch(() => undefined))
    await new Promise<void>((resolve) => nextTurn(resolve))
  }
  await end()

  const kept: (Position | undefined)[] = []
  for (const record of records) kept.push((await appendAgain(stage.log, record, stage.patience))[0])
  const settled = within(stage.patience, Promise.all(during), 'every append to be answered or refused')
  for (const [index, answer] of (await settled).entries()) {
    if (answer !== undefined) checkEqual(answer[0], kept[index], 'what the first try answered')
  }
  await appendAgain(stage.log, aRecord(21, { key: 'key-21' }), stage.patience)

  const expected = await stage.readAll()
  checkEqual(expected.length, before.length + 21, 'the number of records')
  for (const [index, watcher] of watchers.entries()) {
    await watcher.untilOffset(26)
    checkEqual(watcher.resets, [], 'the resets')
    checkEqual(watcher.received, index === 1 ? expected.slice(5) : expected, 'what was told')
  }
}

// What a publisher does after a failure: the same record with the same key, until it is answered.
async function appendAgain(log: Log, record: NewRecord, patience: number): Promise<readonly Position[]> {
  const deadline = Date.now() + patience
  for (;;) {
    try {
      return await log.append([record])
    } catch (error) {
      if (Date.now() > deadline)
        throw new ConformanceError(`appends still fail after the trouble: ${String(error)}`)
      await new Promise<void>((resolve) => nextTurn(resolve))
    }
  }
}
