import type { Log } from '../log.ts'
import { check, checkEqual } from './check.ts'
import { aRecord, numbered, range, type StageTest } from './stage.ts'

/** What a tail tells while nothing goes wrong. */
export function tailTests<L extends Log>(test: StageTest<L>): void {
  test('tells from the start, from the middle and from the head on', async (stage) => {
    await stage.fill(10)
    const watchers = await Promise.all(
      [0, 4, 9, 10].map(async (after) => stage.watch(await stage.place(after))),
    )
    await stage.log.append([aRecord(10)])
    const expected = numbered(range(0, 10).map((number) => aRecord(number)))
    for (const [index, after] of [0, 4, 9, 10].entries()) {
      const watcher = watchers[index]
      await watcher?.untilOffset(11)
      checkEqual(watcher?.received, expected.slice(after), `what was told from ${after} on`)
      checkEqual(watcher?.resets, [], 'the resets')
    }
  })

  test('tells an empty log from its beginning without a reset', async (stage) => {
    const watcher = stage.watch(await stage.place(0))
    await stage.fill(3)
    await watcher.untilOffset(3)
    checkEqual(watcher.resets, [], 'the resets')
  })

  test('tells what is appended at the same time once and in order', async (stage) => {
    const first = stage.watch(await stage.place(0))
    const early = stage.fill(60)
    const second = stage.watch(await stage.place(0))
    await early
    const late = stage.fill(60)
    const third = stage.watch(await stage.place(30))
    await late
    for (const watcher of [first, second, third]) await watcher.untilOffset(120)
    const expected = await stage.readAll()
    checkEqual(first.received, expected, 'what the first tail told')
    checkEqual(second.received, expected, 'what the second tail told')
    checkEqual(third.received, expected.slice(30), 'what the third tail told')
  })

  test('serves many tails', async (stage) => {
    await stage.fill(20)
    const { epoch } = await stage.log.bounds()
    const watchers = range(0, 19).map((offset) => stage.watch({ epoch, offset }))
    await stage.fill(20)
    for (const [after, watcher] of watchers.entries()) {
      await watcher.untilOffset(40)
      checkEqual(watcher.received.length, 40 - after, `the number of records from ${after} on`)
    }
  })

  test('catches up with a long history and goes on live', async (stage) => {
    const records = range(1, 2_500).map((number) => aRecord(number))
    for (let from = 0; from < records.length; from += 500)
      await stage.log.append(records.slice(from, from + 500))
    const watcher = stage.watch(await stage.place(0))
    await watcher.untilOffset(1)
    await stage.fill(10)
    await watcher.untilOffset(2_510)
    checkEqual(watcher.received.slice(0, 2_500), numbered(records), 'what was told')
  })

  test('stops, and the other tails go on', async (stage) => {
    const stopped = stage.watch(await stage.place(0))
    const other = stage.watch(await stage.place(0))
    await stage.fill(2)
    await Promise.all([stopped.untilOffset(2), other.untilOffset(2)])
    stopped.stop()
    stopped.stop()
    await stage.fill(2)
    await other.untilOffset(4)
    checkEqual(stopped.received.length, 2, 'the number of records told to the stopped tail')
  })

  test('stops before its first call', async (stage) => {
    await stage.fill(2)
    const stopped = stage.watch(await stage.place(0))
    stopped.stop()
    const other = stage.watch(await stage.place(0))
    await stage.fill(1)
    await other.untilOffset(3)
    checkEqual(stopped.received, [], 'what was told')
  })

  test('stops at once when stopped inside a call', async (stage) => {
    await stage.fill(1)
    const stopped = stage.watch(await stage.place(0), { records: () => stopped.stop() })
    await stopped.untilOffset(1)
    const other = stage.watch(await stage.place(1))
    await stage.fill(5)
    await other.untilOffset(6)
    checkEqual(stopped.calls, 1, 'the number of calls')
  })

  test('takes an append from inside a call and tells it in a later one', async (stage) => {
    const appended: Promise<unknown>[] = []
    const watcher = stage.watch(await stage.place(0), {
      records: (records) => {
        const last = records.at(-1)?.offset ?? 0
        if (last < 10) appended.push(stage.log.append([aRecord(last)]))
      },
    })
    await stage.fill(1)
    await watcher.untilOffset(10)
    await Promise.all(appended)
    checkEqual(watcher.received, await stage.readAll(), 'what was told')
  })

  test('spares the others when an observer throws, and goes on with that one', async (stage) => {
    const fault = new Error('an observer failed on purpose')
    const failing = stage.watch(await stage.place(0), {
      records: () => {
        throw fault
      },
    })
    const other = stage.watch(await stage.place(0))
    await stage.fill(1)
    await Promise.all([failing.untilOffset(1), other.untilOffset(1)])
    await stage.fill(4)
    await Promise.all([failing.untilOffset(5), other.untilOffset(5)])
    await failing.until(() => failing.errors.length === failing.calls, 'an error for each call that threw')
    check(
      failing.errors.every((error) => error === fault),
      'another error was told than the one thrown',
    )
    checkEqual(other.errors, [], 'the errors told to the other tail')
  })

  test('waits for a slow observer, which misses nothing and holds no other tail up for good', async (stage) => {
    let remaining = 5
    const slow = stage.watch(await stage.place(0), {
      records: () => {
        // Busy rather than waiting: a call has returned when its observer is done.
        if (remaining-- > 0) for (const until = Date.now() + 10; Date.now() < until; );
      },
    })
    const quick = stage.watch(await stage.place(0))
    for (const _ of range(1, 10)) await stage.fill(10)
    await Promise.all([slow.untilOffset(100), quick.untilOffset(100)])
    checkEqual(slow.received, quick.received, 'what the slow tail told')
  })
}
