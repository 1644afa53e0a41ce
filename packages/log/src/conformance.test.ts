import type { Position } from '@millrace/protocol'
import { describe, expect, it } from 'vitest'
import { type ConformanceRunner, describeLog, type LogHarness } from './conformance.ts'
import { LogClosedError } from './errors.ts'
import type { Log, LogRecord, NewRecord, TailObserver } from './log.ts'
import { type MemoryLog, type MemoryLogOptions, memoryLog } from './memory-log.ts'

type Wake = NonNullable<MemoryLogOptions['wake']>

/** A memory log whose wakes a test can take over, and which several logs can share. */
interface Rig extends MemoryLog {
  disturbWakes(wake: Wake | undefined): void
  join(): Rig
}

function rig(calm: Wake = (look) => queueMicrotask(look)): Rig {
  let disturbed: Wake | undefined
  const memory = memoryLog({ wake: (look) => (disturbed ?? calm)(look) })
  const view = (): Rig => {
    let closed = false
    const stops = new Set<() => void>()
    const open = <Value>(use: () => Value): Value => {
      if (closed) throw new LogClosedError()
      return use()
    }
    return {
      append: async (records) => open(() => memory.append(records)),
      read: async (after, limit) => open(() => memory.read(after, limit)),
      bounds: async () => open(() => memory.bounds()),
      tail: (after, observer) =>
        open(() => {
          const stop = memory.tail(after, observer)
          stops.add(stop)
          return stop
        }),
      close: async () => {
        closed = true
        for (const stop of stops) stop()
      },
      trim: (keepFrom) => memory.trim(keepFrom),
      restart: (epoch) => memory.restart(epoch),
      disturbWakes: (wake) => {
        disturbed = wake
      },
      join: view,
    }
  }
  return view()
}

const disturbWith = (wake: () => Wake) => async (log: Rig) => {
  log.disturbWakes(wake())
  return () => log.disturbWakes(undefined)
}

const later = (look: () => void, turns: number): void => {
  setTimeout(turns > 1 ? () => later(look, turns - 1) : look, 0)
}

const harness: LogHarness<Rig> = {
  open: async () => rig(),
  openWith: async (wake) => rig(wake),
  join: async (log) => log.join(),
  trim: (log, keepFrom) => log.trim(keepFrom),
  recreate: (log) => log.restart(),
  disturbances: {
    'wakes are dropped': disturbWith(() => () => {}),
    'wakes are doubled': disturbWith(() => (look) => {
      queueMicrotask(look)
      queueMicrotask(look)
      later(look, 1)
    }),
    'wakes are delayed': disturbWith(() => (look) => later(look, 3)),
    'wakes are dropped, doubled, delayed and swapped in turn': disturbWith(() => {
      let count = 0
      return (look) => {
        count += 1
        if (count % 4 === 0) return
        if (count % 4 === 1) later(look, 4)
        if (count % 4 === 2) later(look, 1)
        if (count % 4 === 3) {
          queueMicrotask(look)
          later(look, 2)
        }
      }
    }),
  },
}

describeLog('a shared memory log', harness, { describe, it })

// The suite itself, under test: for each way to break a log, a test of the suite that must notice.

type Fault = (log: Rig) => Partial<Rig>

/** Runs the suite against logs with a fault and returns the names of the tests that failed, group by group. */
async function failures(fault: Fault, only?: RegExp, patience = 50): Promise<string[]> {
  const tests: { name: string; body: () => Promise<void> }[] = []
  const groups: string[] = []
  const runner: ConformanceRunner = {
    describe: (name, body) => {
      groups.push(name)
      body()
      groups.pop()
    },
    it: (name, body) => tests.push({ name: `${groups.at(-1)}: ${name}`, body }),
  }
  const broken = (log: Rig): Rig => ({ ...log, join: () => broken(log.join()), ...fault(log) })
  describeLog(
    'a broken log',
    { ...harness, open: async () => broken(rig()), openWith: async (wake) => broken(rig(wake)), patience },
    runner,
  )
  const failed: string[] = []
  for (const { name, body } of tests) {
    if (only?.test(name) === false) continue
    await body().catch(() => failed.push(name))
  }
  return failed
}

const observing = (observer: TailObserver, changes: Partial<TailObserver>): TailObserver => ({
  records: (records) => observer.records(records),
  reset: (bounds) => observer.reset(bounds),
  error: (error) => observer.error?.(error),
  ...changes,
})

const faults: readonly { fault: string; group: string; test: string; of: Fault }[] = [
  {
    fault: 'splits calls so that others come between',
    group: 'append',
    test: 'puts the records of one call next to each other, whatever else is appended',
    of: (log) => ({
      append: async (records) => {
        const positions: Position[] = []
        for (const record of records) positions.push(...(await log.append([record])))
        return positions
      },
    }),
  },
  {
    fault: 'acknowledges before the record is there',
    group: 'append',
    test: 'has a record as soon as its append resolves',
    of: (log) => ({
      append: async (records) => {
        const { epoch, head } = await log.bounds()
        setTimeout(() => log.append(records).catch(() => {}), 0)
        return records.map((_, index) => ({ epoch, offset: head + index + 1 }))
      },
    }),
  },
  {
    fault: 'swaps calls',
    group: 'append',
    test: 'keeps the order of calls that follow each other without waiting',
    of: (log) => {
      let calls = 0
      return {
        append: async (records) => {
          calls += 1
          if (calls % 2 === 1) await new Promise<void>((resolve) => setTimeout(resolve, 0))
          return log.append(records)
        },
      }
    },
  },
  {
    fault: 'clamps a read to what is held',
    group: 'read',
    test: 'tells what was trimmed and never clamps to what is left',
    of: (log) => ({
      read: async (after, limit) => {
        const { first } = await log.bounds()
        return log.read(Math.max(after, first - 1), limit)
      },
    }),
  },
  {
    fault: 'ignores the limit',
    group: 'read',
    test: 'never gives more than the limit, and something when there is something',
    of: (log) => ({ read: (after, limit) => log.read(after, limit + 1) }),
  },
  {
    fault: 'takes the bounds at another moment than the records',
    group: 'read',
    test: 'takes records and bounds from one moment',
    of: (log) => {
      let stale = { epoch: '', first: 1, head: 0 }
      return {
        read: async (after, limit) => {
          const { records } = await log.read(after, limit)
          const page = { ...stale, records }
          stale = await log.bounds()
          return page
        },
      }
    },
  },
  {
    fault: 'ignores keys',
    group: 'idempotency',
    test: 'gives the first position again for a key that it holds',
    of: (log) => ({ append: (records) => log.append(records.map(withoutKey)) }),
  },
  {
    fault: 'never forgets a key',
    group: 'idempotency',
    test: 'forgets a key with its record',
    of: (log) => {
      const known = new Map<string, Position>()
      return {
        append: async (records) => {
          const remembered = records.map(({ key }) => (key === undefined ? undefined : known.get(key)))
          if (remembered.length === 1 && remembered[0] !== undefined) return [remembered[0]]
          const positions = await log.append(records)
          for (const [index, { key }] of records.entries()) {
            const position = positions[index]
            if (key !== undefined && position !== undefined) known.set(key, position)
          }
          return positions
        },
      }
    },
  },
  {
    fault: 'gives an absent key as undefined',
    group: 'payloads',
    test: 'returns no key unchanged, read and told',
    of: (log) => ({
      read: async (after, limit) => {
        const page = await log.read(after, limit)
        const records = page.records.map((record) => ({ key: undefined, ...record }) as unknown as LogRecord)
        return { ...page, records }
      },
    }),
  },
  {
    fault: 'loses the trace',
    group: 'payloads',
    test: 'returns a trace unchanged, read and told',
    of: (log) => ({
      append: (records) => log.append(records.map(({ trace: _, ...record }) => record)),
    }),
  },
  {
    fault: 'gives a trace where there was none',
    group: 'payloads',
    test: 'returns a key unchanged, read and told',
    of: (log) => ({
      append: (records) => log.append(records.map((record) => ({ trace: '', ...record }))),
    }),
  },
  {
    fault: 'loses what is no Latin-1',
    group: 'payloads',
    test: 'returns data of every script unchanged, read and told',
    of: (log) => ({
      append: (records) =>
        log.append(records.map((record) => ({ ...record, data: record.data.replace(/[^\0-\xff]/gu, '?') }))),
    }),
  },
  {
    fault: 'normalizes line separators',
    group: 'payloads',
    test: 'returns data with line and paragraph separators unchanged, read and told',
    of: (log) => ({
      append: (records) =>
        log.append(
          records.map((record) => ({ ...record, data: record.data.replace(/[\u2028\u2029]/g, '\n') })),
        ),
    }),
  },
  {
    fault: 'tells records twice',
    group: 'tail',
    test: 'tells from the start, from the middle and from the head on',
    of: (log) => ({
      tail: (after, observer) =>
        log.tail(
          after,
          observing(observer, {
            records: (records) => {
              observer.records(records)
              observer.records(records)
            },
          }),
        ),
    }),
  },
  {
    fault: 'begins at the head whatever the place',
    group: 'tail',
    test: 'tells from the start, from the middle and from the head on',
    of: (log) => ({
      tail: (after, observer) => {
        let stop: (() => void) | undefined
        let stopped = false
        log.bounds().then(({ epoch, head }) => {
          if (!stopped) stop = log.tail({ epoch, offset: Math.max(head, after.offset) }, observer)
        })
        return () => {
          stopped = true
          stop?.()
        }
      },
    }),
  },
  {
    fault: 'tells records after the stop',
    group: 'tail',
    test: 'stops at once when stopped inside a call',
    of: (log) => ({
      tail: (after, observer) => {
        const stop = log.tail(after, observer)
        return () => setTimeout(stop, 0)
      },
    }),
  },
  {
    fault: 'calls the observer inside an append',
    group: 'tail',
    test: 'takes an append from inside a call and tells it in a later one',
    of: (log) => {
      const tails = new Set<TailObserver>()
      let head = 0
      return {
        append: (records) => {
          const told = records.map((record) => {
            head += 1
            return { ...record, offset: head }
          })
          const answer = log.append(records)
          for (const tail of tails) tail.records(told)
          return answer
        },
        tail: (_after, observer) => {
          tails.add(observer)
          return () => tails.delete(observer)
        },
      }
    },
  },
  {
    fault: 'gives a failing observer up',
    group: 'tail',
    test: 'spares the others when an observer throws, and goes on with that one',
    of: (log) => ({
      tail: (after, observer) => {
        const stop = log.tail(
          after,
          observing(observer, {
            records: (records) => {
              try {
                observer.records(records)
              } catch (error) {
                stop()
                throw error
              }
            },
          }),
        )
        return stop
      },
    }),
  },
  {
    fault: 'resets no tail from another epoch',
    group: 'reset',
    test: 'resets a tail from another epoch and goes on from the oldest record',
    of: (log) => ({ tail: (after, observer) => log.tail(after, observing(observer, { reset() {} })) }),
  },
  {
    fault: 'resets without need',
    group: 'reset',
    test: 'does not reset a tail whose next record is the oldest',
    of: (log) => ({
      tail: (after, observer) => {
        log.bounds().then((bounds) => observer.reset(bounds))
        return log.tail(after, observer)
      },
    }),
  },
  {
    fault: 'keeps its epoch when recreated',
    group: 'reset',
    test: 'gives a recreated log another epoch and begins again',
    of: (log) => ({ bounds: async () => ({ ...(await log.bounds()), epoch: 'same' }) }),
  },
  {
    fault: 'answers after close',
    group: 'close',
    test: 'refuses everything once closed',
    of: () => ({ close: async () => {} }),
  },
  {
    fault: 'goes on telling after close',
    group: 'close',
    test: 'stops its tails',
    of: (log) => ({ close: () => new Promise((resolve) => setTimeout(() => resolve(log.close()), 0)) }),
  },
  {
    fault: 'leaves appends open for ever at close',
    group: 'disturbances',
    test: 'loses, doubles and swaps nothing although wakes are dropped',
    of: (log) => {
      let calls = 0
      return {
        append: (records) => {
          calls += 1
          return calls === 10 ? new Promise(() => {}) : log.append(records)
        },
      }
    },
  },
  {
    fault: 'stays deaf after a lost wake',
    group: 'disturbances',
    test: 'loses, doubles and swaps nothing although wakes are dropped',
    of: (log) => ({ disturbWakes: (wake) => wake !== undefined && log.disturbWakes(wake) }),
  },
  {
    fault: 'loses an acknowledged record now and then',
    group: 'model',
    test: 'behaves like an array through 60 mixed steps, seed 1',
    of: (log) => {
      let calls = 0
      return {
        append: async (records) => {
          calls += 1
          if (calls !== 7) return log.append(records)
          const { epoch, head } = await log.bounds()
          return records.map((_, index) => ({ epoch, offset: head + index + 1 }))
        },
      }
    },
  },
  {
    fault: 'answers a read from a moment ago',
    group: 'races',
    test: 'keeps every promise in 5 races on one log, part 1 of 20',
    of: (log) => {
      let last: { after: number; page: ReturnType<Log['read']> } | undefined
      return {
        read: (after, limit) => {
          // Equal reads share an answer, as they may while the first one is under way, but not later.
          if (last?.after !== after) last = { after, page: log.read(after, limit) }
          return last.page.then((page) => ({ ...page, records: page.records.slice(0, limit) }))
        },
      }
    },
  },
  {
    fault: 'goes on silently after records that were trimmed in front of a tail',
    group: 'races',
    test: 'keeps every promise in 5 races on one log, part 1 of 20',
    of: (log) => ({
      tail: (after, observer) => log.tail(after, observing(observer, { reset() {} })),
    }),
  },
  {
    fault: 'forgets a key while it holds the record',
    group: 'races',
    test: 'keeps every promise in 5 races on two logs of one history, part 1 of 20',
    of: (log) => {
      let calls = 0
      return {
        append: (records) => {
          calls += 1
          return log.append(calls % 5 === 0 ? records.map(withoutKey) : records)
        },
      }
    },
  },
  {
    fault: 'lets the calls of two logs overlap',
    group: 'races',
    test: 'keeps every promise in 5 races on two logs of one history, part 1 of 20',
    of: (log) => ({
      append: async (records) => {
        const positions: Position[] = []
        for (const record of records) positions.push(...(await log.append([record])))
        return positions
      },
    }),
  },
  {
    fault: 'tells again what a doubled wake finds',
    group: 'wakes',
    test: 'loses, doubles and swaps nothing although wakes are doubled',
    of: (log) => ({
      tail: (after, observer) => {
        let last: readonly LogRecord[] = []
        let again = 0
        return log.tail(
          after,
          observing(observer, {
            records: (records) => {
              observer.records(records)
              last = records
              again += 1
              if (again === 10) observer.records(last)
            },
          }),
        )
      },
    }),
  },
  {
    fault: 'shares no history between logs of one engine',
    group: 'join',
    test: 'tells and reads what another log appends',
    of: () => ({ join: rig }),
  },
]

function withoutKey({ key: _, ...record }: NewRecord): NewRecord {
  return record
}

describe('the suite', () => {
  it('finds no fault in a sound log', async () => {
    expect(await failures(() => ({}), undefined, 4_000)).toEqual([])
  })

  it.each(faults)('notices a log that $fault', async ({ group, test, of }) => {
    // Of the races the one part: the others would find it as well, each in its own time.
    const only = group === 'races' ? new RegExp(`^races: ${test}$`) : new RegExp(`^${group}: `)
    expect(await failures(of, only)).toContain(`${group}: ${test}`)
  })

  it('tries only what the harness can do', () => {
    const names: string[] = []
    const runner: ConformanceRunner = {
      describe: (name, body) => {
        names.push(name)
        body()
      },
      it: (name) => names.push(name),
    }
    describeLog('a plain log', { open: async () => memoryLog() }, runner)
    expect(names).not.toContain('join')
    expect(names).not.toContain('wakes')
    expect(names).not.toContain('disturbances')
    expect(names.filter((name) => /trim|recreated/.test(name))).toEqual([])
  })

  it('leaves no log open, whether a test passes or fails', async () => {
    const open = new Set<Log>()
    let answers = 0
    const bodies: (() => Promise<void>)[] = []
    const counted = (log: Rig): Rig => {
      open.add(log)
      return {
        ...log,
        append: async (records) => {
          answers += 1
          const positions = await log.append(records)
          // Every third answer is wrong, so that many tests fail.
          return answers % 3 === 0 ? positions.map(({ epoch }) => ({ epoch, offset: -1 })) : positions
        },
        join: () => counted(log.join()),
        close: async () => {
          open.delete(log)
          await log.close()
        },
      }
    }
    describeLog(
      'a log',
      { ...harness, open: async () => counted(rig()), patience: 20 },
      { describe: (_, body) => body(), it: (_, body) => bodies.push(body) },
    )
    const outcomes = await Promise.allSettled(bodies.map((body) => body()))
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['fulfilled', 'rejected']))
    expect(open.size).toBe(0)
  })
})
