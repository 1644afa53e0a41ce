import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord, NewRecord } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { createEventServer, type EventServer } from '@millrace/server'
import { readyHandler } from '@millrace/server/health'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { countingLog } from './counting-log.ts'
import { numbers } from './numbers.ts'
import { ToldStream } from './told-stream.ts'
import type { TroubledLog, TroubleHarness } from './trouble-harness.ts'

/** How long something may take that has to come, in milliseconds: an engine may have to begin again meanwhile. */
const soon = { timeout: 30_000, interval: 10 }

/** How long a test may take, in milliseconds: an engine may have to begin again, on a machine that is busy. */
const patience = 120_000

/** How long an engine stands still, and within which time that has to be noticed, in milliseconds. */
const frozenFor = 8_000
const noticedWithin = 7_000

/** The least that is to be disturbed while connections are cut at random. */
const leastCuts = 20
const leastRecords = 100

/** How many come back at once, over how many events, to how many topics. */
const storm = { resumes: 500, events: 100, lines: 4 }

/**
 * Declares what must hold of a log, and of a server on it, whose engine is in trouble: the same on each engine. The conformance suite has what its tails
 * and reads tell; this has what an application and its subscribers notice.
 */
export function describeTrouble(name: string, harness: TroubleHarness): void {
  const logs: TroubledLog[] = []
  const servers: EventServer[] = []
  const streams: ToldStream[] = []
  let count = 0

  afterEach(async () => {
    for (const stream of streams.splice(0)) stream.stop()
    await Promise.all(servers.splice(0).map((events) => events.close({ drain: 0 })))
    await Promise.all(logs.splice(0).map((log) => log.close()))
  })

  function newName(): string {
    count += 1
    return `trouble-${count}`
  }

  function open(logName: string, way: 'direct' | 'proxied' = 'direct'): TroubledLog {
    const log = harness.open(logName, way)
    logs.push(log)
    return log
  }

  /** A server on a log, which is begun as a process of its own would be. */
  function serve(log: TroubledLog) {
    const counted = countingLog(log)
    const events = createEventServer({ contract: numbers, log: counted, onError: () => {} })
    servers.push(events)
    const ready = readyHandler(events)
    return {
      events,
      calls: counted.calls,
      say: async (number: number, line = 'a') =>
        (await events.publish(numbers.lines({ line }), 'said', { number }, { key: `${line}/${number}` })).id,
      async follow(line = 'a', cursor?: string): Promise<ToldStream> {
        const stream = await ToldStream.open(events, line, cursor)
        streams.push(stream)
        return stream
      },
      isReady: async () => (await ready(new Request('http://here/ready'))).status === 200,
    }
  }

  /** Serves the log of a name for as long as something takes, so that nobody else has it open. */
  async function whileServed<Value>(
    logName: string,
    act: (served: ReturnType<typeof serve>, log: TroubledLog) => Promise<Value>,
  ): Promise<Value> {
    const log = open(logName)
    const served = serve(log)
    try {
      return await act(served, log)
    } finally {
      await served.events.close({ drain: 0 })
      await log.close()
    }
  }

  async function sayAll(say: (number: number) => Promise<string>, from: number, to: number) {
    const ids: string[] = []
    for (let number = from; number <= to; number += 1) ids.push(await say(number))
    return ids
  }

  /** What is told to who comes back to a new process with a cursor, up to an event that is published then. */
  function comeBack(logName: string, cursor: string | undefined, next: number): Promise<readonly string[]> {
    return whileServed(logName, async ({ follow, say }) => {
      const stream = await follow('a', cursor)
      await stream.count(1)
      await say(next)
      return [...(await stream.until(`${next}`))]
    })
  }

  describe(`${name}, an engine in trouble`, { timeout: patience }, () => {
    it('killed: publishing is refused at once and names no secret, streams stay open, and all heals by itself', async () => {
      const log = open(newName())
      const { say, follow, isReady } = serve(log)
      const stream = await follow()
      await stream.count(1)
      await say(1)
      await stream.until('1')
      expect(await isReady()).toBe(true)
      await harness.server().kill()
      try {
        // Of a connection that broke; then of one that cannot be made.
        for (let attempt = 0; attempt < 2; attempt += 1) {
          const error = await before(4_000, refusalOf(say(2)))
          expect(error).toMatchObject({ problem: 'unavailable', engine: harness.engine })
          expect(error.message).not.toMatch(harness.secrets)
        }
        await vi.waitFor(() => expect(log.health.up).toBe(false), soon)
        expect(`${log.health.error}`).not.toMatch(harness.secrets)
        await vi.waitFor(async () => expect(await isReady()).toBe(false), soon)
      } finally {
        await harness.server().start()
      }
      await vi.waitFor(() => say(2), soon)
      await say(3)
      expect(await stream.until('3')).toEqual(['open fresh', '1', '2', '3'])
      expect(stream.ended).toBe(false)
      await vi.waitFor(async () => expect(await isReady()).toBe(true), soon)
      await vi.waitFor(() => expect(log.health).toMatchObject({ up: true, lag: 0 }), soon)
    })

    it('frozen for 8 s: that is noticed within 7, streams stay open, and nothing is lost or doubled', async () => {
      const log = open(newName())
      const { say, follow, isReady } = serve(log)
      const stream = await follow()
      await stream.count(1)
      await say(1)
      await stream.until('1')
      harness.server().freeze()
      const over = sleep(frozenFor)
      try {
        expect(await before(noticedWithin, refusalOf(say(2)))).toMatchObject({
          // The latter where another call on the same connection was the first to notice.
          problem: expect.stringMatching(/^(timeout|unavailable)$/),
          engine: harness.engine,
        })
        expect(log.health.up).toBe(false)
        expect(await isReady()).toBe(false)
        await over
      } finally {
        harness.server().thaw()
      }
      await vi.waitFor(() => say(2), soon)
      await say(3)
      expect(await stream.until('3')).toEqual(['open fresh', '1', '2', '3'])
      expect(stream.ended).toBe(false)
      // What the frozen engine found when it went on is of no consequence.
      const { records } = await log.read(0, 10)
      expect(records.map(({ data }) => JSON.parse(data).number)).toEqual([1, 2, 3])
    })

    it('cut off at random, in the middle of whatever travels: nothing is lost, doubled or out of order', async () => {
      const logName = newName()
      const sound = open(logName)
      const { epoch } = await sound.bounds()
      const writers = [open(logName, 'proxied'), open(logName, 'proxied')]
      const followed = writers.map((log) => followFrom(log, { epoch, offset: 0 }))
      const proxy = harness.proxy()
      const cutsBefore = proxy.cuts
      const spare = proxy.cutAtRandom()
      const written = await Promise.all(
        writers.map(async (log, writer) => {
          const positions: Position[] = []
          while (positions.length < leastRecords || proxy.cuts - cutsBefore < leastCuts) {
            positions.push(await appendUntilKept(log, recordOf(writer, positions.length + 1)))
            await sleep(Math.random() * 10)
          }
          return positions
        }),
      ).finally(spare)
      const records = await readAll(sound)
      expect(records).toHaveLength(written.flat().length)
      for (const [writer, positions] of written.entries()) {
        const own = records.filter(({ topic }) => topic === `lines/${writer}`)
        expect(own.map(({ data }) => data)).toEqual(positions.map((_, index) => `{"number":${index + 1}}`))
        expect(own.map(({ offset }) => offset)).toEqual(positions.map(({ offset }) => offset))
      }
      for (const { told, resets } of followed) {
        await vi.waitFor(() => expect(told.length).toBeGreaterThanOrEqual(records.length), soon)
        expect(told).toEqual(records)
        expect(resets).toBe(0)
      }
    })

    it('trimmed: who has missed something is told, and who has not goes on', async () => {
      const logName = newName()
      const ids = await whileServed(logName, async ({ say }, log) => {
        const said = await sayAll(say, 1, 5)
        await log.trim(4)
        return said
      })
      expect(await comeBack(logName, ids[0], 6)).toEqual(['open trimmed', 'reset trimmed', '4', '5', '6'])
      expect(await comeBack(logName, ids[2], 7)).toEqual(['open resumed', '4', '5', '6', '7'])
      expect(await comeBack(logName, undefined, 8)).toEqual(['open fresh', '8'])
      expect(await comeBack(logName, 'nonsense', 9)).toEqual(['open invalid', 'reset invalid', '9'])
    })

    it('recreated: everybody is told that it is another life, also who is there', async () => {
      const logName = newName()
      const log = open(logName)
      const { say, follow } = serve(log)
      const stream = await follow()
      await stream.count(1)
      const ids = await sayAll(say, 1, 5)
      await stream.until('5')
      await open(logName).restart()
      await vi.waitFor(() => say(8), soon)
      expect(await stream.until('8')).toEqual(['open fresh', '1', '2', '3', '4', '5', 'reset epoch', '8'])
      expect(await comeBack(logName, ids[4], 9)).toEqual(['open epoch', 'reset epoch', '8', '9'])
      expect(await comeBack(logName, ids[0], 10)).toEqual(['open epoch', 'reset epoch', '8', '9', '10'])
    })

    it.each([
      ['ahead', 0],
      ['ahead', 1],
      ['diverged', 3],
      ['diverged', 5],
    ])(
      'rolled back: who has seen what is lost is told (%s) when %i others have taken its places, and who has not goes on',
      async (verdict, more) => {
        const logName = newName()
        const kept = await whileServed(logName, ({ say }) => sayAll(say, 1, 5))
        const putBack = await harness.backUp(logName)
        const lost = await whileServed(logName, ({ say }) => sayAll(say, 101, 103))
        await putBack()
        await whileServed(logName, ({ say }) => sayAll(say, 201, 200 + more))
        const again = Array.from({ length: more }, (_, index) => `${201 + index}`)
        expect(await comeBack(logName, lost[2], 301)).toEqual([`open ${verdict}`, `reset ${verdict}`, '301'])
        expect(await comeBack(logName, kept[4], 302)).toEqual(['open resumed', ...again, '301', '302'])
      },
    )

    it('rolled back beneath a server: its streams are told, and go on without a gap that nobody told', async () => {
      const logName = newName()
      const log = open(logName)
      const { say, follow } = serve(log)
      const stream = await follow()
      await stream.count(1)
      await sayAll(say, 1, 5)
      const putBack = await harness.backUp(logName)
      await vi.waitFor(() => say(101), soon)
      await stream.until('101')
      await putBack()
      await vi.waitFor(() => say(201), soon)
      const told = await stream.until('201')
      expect(told.slice(0, 7)).toEqual(['open fresh', '1', '2', '3', '4', '5', '101'])
      // Told of it at least once before anything follows. What is held may come again with a new epoch.
      expect(told[7]).toMatch(/^reset (epoch|ahead|diverged)$/)
      expect(
        told
          .slice(8)
          .filter((text) => !text.startsWith('reset'))
          .at(-1),
      ).toBe('201')
    })

    it('asked by many: its connections are as few for a hundred streams of as many topics as for one', async () => {
      const logName = newName()
      const log = open(logName, 'proxied')
      const { say, follow, events } = serve(log)
      const lines = Array.from({ length: 100 }, (_, index) => `line-${index}`)
      const all = await Promise.all(lines.map((line) => follow(line)))
      await Promise.all(lines.map((line) => say(1, line)))
      await Promise.all(all.map((stream) => stream.until('1')))
      expect(await harness.connections(logName)).toBeLessThanOrEqual(harness.mostConnections)
      await events.close({ drain: 0 })
      await log.close()
      await vi.waitFor(async () => expect(await harness.connections(logName)).toBe(0), soon)
    })

    it('come back to by all at once: they are served from memory, and it is read once a topic at most', async () => {
      const logName = newName()
      const lines = Array.from({ length: storm.lines }, (_, index) => `line-${index}`)
      const ids = await whileServed(logName, async ({ say }) => {
        const first = await Promise.all(lines.map((line) => say(1, line)))
        for (let number = 2; number <= storm.events + 1; number += 1)
          await Promise.all(lines.map((line) => say(number, line)))
        return first
      })
      const { follow, calls } = serve(open(logName))
      const expected = ['open resumed', ...Array.from({ length: storm.events }, (_, index) => `${index + 2}`)]
      const all = await Promise.all(
        Array.from({ length: storm.resumes }, (_, index) => {
          const line = index % lines.length
          return follow(lines[line], ids[line])
        }),
      )
      for (const stream of all) expect(await stream.until(`${storm.events + 1}`)).toEqual(expected)
      expect(calls.read).toBeLessThanOrEqual(lines.length)
    })
  })
}

/** What a call is refused with. */
function refusalOf(call: Promise<unknown>): Promise<Error> {
  return call.then(
    () => expect.unreachable(),
    (error) => error,
  )
}

// Two timers of one process go off in their order, however little of the processor it gets.
async function before<Value>(time: number, promise: Promise<Value>): Promise<Value> {
  const timer = new AbortController()
  const late = sleep(time, undefined, { signal: timer.signal }).then(() =>
    expect.unreachable(`it took ${time} ms`),
  )
  late.catch(() => {})
  try {
    return await Promise.race([promise, late])
  } finally {
    timer.abort()
  }
}

function recordOf(writer: number, number: number): NewRecord {
  return {
    topic: `lines/${writer}`,
    event: 'said',
    version: 1,
    time: number,
    data: `{"number":${number}}`,
    key: `${writer}/${number}`,
  }
}

/** As a publisher does: the same record with the same key, until it is answered. */
async function appendUntilKept(log: TroubledLog, record: NewRecord): Promise<Position> {
  return vi.waitFor(async () => (await log.append([record]))[0] as Position, soon)
}

function followFrom(log: TroubledLog, after: Position) {
  const told: LogRecord[] = []
  const followed = { told, resets: 0 }
  log.tail(after, {
    records: (records) => told.push(...records),
    reset: () => {
      followed.resets += 1
    },
    error: () => {},
  })
  return followed
}

async function readAll(log: TroubledLog): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = []
  for (;;) {
    const page = await log.read(records.length, 1_000)
    records.push(...page.records)
    if (records.length === page.head) return records
  }
}
