import { describe, expect, it } from 'vitest'
import { type ConformanceRunner, describeLog, type LogHarness } from './conformance.ts'
import { randomEpoch } from './epoch.ts'
import type { TailObserver } from './log.ts'
import { type TaggedLog, taggedLog } from './tagged-log.fixture.ts'

const harness: LogHarness<TaggedLog> = {
  open: async () => taggedLog(randomEpoch()),
  trim: (log, keepFrom) => log.trim(keepFrom),
  tags: true,
  backUp: async (log) => {
    const putBack = log.backUp()
    return async () => {
      putBack()
      return log
    }
  },
}

describeLog('a log with tags', harness, { describe, it })

/** The names of the tests that fail for a log with a fault. */
async function failures(
  fault: (log: TaggedLog) => Partial<TaggedLog>,
  changes: Partial<LogHarness<TaggedLog>> = {},
): Promise<string[]> {
  const tests: { name: string; body: () => Promise<void> }[] = []
  const runner: ConformanceRunner = {
    describe: (_, body) => body(),
    it: (name, body) => tests.push({ name, body }),
  }
  const open = async () => {
    const log = taggedLog(randomEpoch())
    return { ...log, ...fault(log) }
  }
  describeLog('a broken log', { ...harness, ...changes, open, patience: 30 }, runner)
  const failed: string[] = []
  for (const { name, body } of tests) {
    if (!/races/.test(name)) await body().catch(() => failed.push(name))
  }
  return failed
}

const told = (observer: TailObserver, changes: Partial<TailObserver>): TailObserver => ({
  records: (records) => observer.records(records),
  reset: (bounds) => observer.reset(bounds),
  error: (error) => observer.error?.(error),
  ...changes,
})

const faults: readonly { fault: string; test: string; of: (log: TaggedLog) => Partial<TaggedLog> }[] = [
  {
    fault: 'derives tags from offsets',
    test: 'sees that an offset was given away a second time',
    of: (log) => ({
      append: async (records) =>
        (await log.append(records)).map(({ epoch, offset }) => ({ epoch, offset, tag: `${offset}` })),
      read: async (after, limit) => {
        const page = await log.read(after, limit)
        return { ...page, afterTag: page.afterTag && `${after}` }
      },
    }),
  },
  {
    fault: 'does not say which record is at the place that is read from',
    test: 'reads after any offset, page by page, to the head',
    of: (log) => ({
      read: async (after, limit) => {
        const { afterTag: _, ...page } = await log.read(after, limit)
        return page
      },
    }),
  },
  {
    fault: 'forgets the tag of the record before the first',
    test: 'tells what was trimmed and never clamps to what is left',
    of: (log) => ({
      read: async (after, limit) => {
        const { afterTag, ...page } = await log.read(after, limit)
        return { ...page, afterTag: after < page.first ? undefined : afterTag }
      },
    }),
  },
  {
    fault: 'gives positions without tags',
    test: 'numbers records from 1 without holes and answers with their positions',
    of: (log) => ({
      append: async (records) => (await log.append(records)).map(({ epoch, offset }) => ({ epoch, offset })),
    }),
  },
  {
    fault: 'gives a repeat a tag of its own',
    test: 'gives the first position again for a key that it holds',
    of: (log) => {
      let calls = 0
      return {
        append: async (records) => {
          calls += 1
          return (await log.append(records)).map((position) => ({ ...position, tag: `${calls}` }))
        },
      }
    },
  },
  {
    fault: 'has no tag of its head',
    test: 'has a record as soon as its append resolves',
    of: (log) => ({
      bounds: async () => {
        const { headTag: _, ...bounds } = await log.bounds()
        return bounds
      },
      read: async (after, limit) => {
        const { headTag: _, ...page } = await log.read(after, limit)
        return page
      },
    }),
  },
  {
    fault: 'tells records without tags',
    test: 'tells from the start, from the middle and from the head on',
    of: (log) => ({
      tail: (after, observer) =>
        log.tail(
          after,
          told(observer, {
            records: (records) => observer.records(records.map(({ tag: _, ...record }) => record)),
          }),
        ),
    }),
  },
  {
    fault: 'has a tail that looks at offsets alone',
    test: 'resets a tail that has seen what is lost, however far the log has come again',
    of: (log) => ({
      tail: (after, observer) => {
        let silent = false
        return log.tail(
          after,
          told(observer, {
            reset: ({ head }) => {
              silent = head > 0
            },
            records: (records) => (silent ? undefined : observer.records(records)),
          }),
        )
      },
    }),
  },
]

describe('the suite', () => {
  it.each(faults)('notices a log that $fault', async ({ test, of }) => {
    expect(await failures(of)).toContain(test)
  })

  it('notices tags that were not announced', async () => {
    const names = await failures(() => ({}), { tags: false })
    expect(names).toContain('numbers records from 1 without holes and answers with their positions')
  })
})
