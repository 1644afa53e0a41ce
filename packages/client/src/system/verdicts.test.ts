import { controlEvent, type Verdict } from '@millrace/protocol'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createEventClient } from '../index.ts'
import { lineOf } from './lines.fixture.ts'
import { readToLast } from './read-to-last.fixture.ts'
import { logs, serveNumbers, type TestLog } from './serve-numbers.fixture.ts'

// Every end of a resume, on every log, over real sockets: as a plain reader is told it, and as the client tells its subscriber.

interface Case {
  /** Lets something happen to a log that holds five records, and gives the cursor to come back with; none for a first visit. */
  readonly cursor: (log: TestLog, ids: readonly string[]) => Promise<string | undefined> | string | undefined
  /** The numbers that follow of those that the log holds by then. One that is published later always comes. */
  readonly follow: readonly number[]
}

/** The text of a place that is so many records beyond another one. */
function beyond(id: string | undefined, records: number): string {
  const [epoch, offset] = (id ?? '').split('.')
  return `${epoch}.${Number(offset) + records}`
}

const isReset = (verdict: string) => verdict !== 'fresh' && verdict !== 'resumed'

// `diverged` is what becomes of a log that was put back: see put-back.test.ts.
const cases: { readonly [Each in Exclude<Verdict, 'diverged'>]: Case } = {
  fresh: { cursor: () => undefined, follow: [] },
  resumed: { cursor: (_, ids) => ids[1], follow: [3, 4, 5] },
  trimmed: {
    async cursor(log, ids) {
      await log.trim(4)
      return ids[0]
    },
    follow: [4, 5],
  },
  epoch: {
    async cursor(log, ids) {
      await log.restart()
      await log.append([{ topic: 'lines/a', event: 'said', version: 1, time: 0, data: '{"number":8}' }])
      return ids[4]
    },
    follow: [8],
  },
  ahead: { cursor: (_, ids) => beyond(ids[4], 7), follow: [] },
  invalid: { cursor: () => 'nonsense', follow: [] },
}

describe.each(logs)('a log $kind', ({ open }) => {
  it.each(Object.entries(cases))(
    '%s: a plain reader is told, and goes on',
    async (verdict, { cursor, follow }) => {
      const { log, ids } = await logOfFive(open)
      const from = await cursor(log, ids)
      // A server that was started since, so that nothing is left in its memory.
      const { url, say } = await serveNumbers(log)
      const headers = from === undefined ? {} : { 'last-event-id': from }
      const blocks = await readToLast(url('?topic=lines/a'), headers, async (seen) => {
        if (seen === 1) await say('a', 1, 'after')
      })
      expect(blocks.map(({ event, data }) => [event, data.verdict ?? data.filler ?? data.number])).toEqual([
        [controlEvent.open, verdict],
        ...(isReset(verdict) ? [[controlEvent.reset, verdict]] : []),
        ...follow.map((number) => ['said', number]),
        ['said', 'after'],
      ])
      // Cut before the reset was told, it is told again: until then the place is the one from before.
      const before = { fresh: ids[4], invalid: '0.0' }[verdict] ?? from
      expect(blocks[0]?.id).toBe(before)
      if (isReset(verdict)) expect(blocks[1]).toMatchObject({ topic: 'lines/a' })
    },
  )

  // A text that is no cursor the client refuses itself.
  it.each(Object.entries(cases).filter(([verdict]) => verdict !== 'invalid'))(
    '%s: a subscriber is told, and goes on',
    async (verdict, { cursor, follow }) => {
      const { log, ids } = await logOfFive(open)
      const from = await cursor(log, ids)
      const { url, say } = await serveNumbers(log)
      const told: unknown[] = []
      const client = createEventClient({ url: url(''), onError: (error) => told.push(error) })
      onTestFinished(() => client.close())
      client.onStatus(({ state }) => {
        if (state === 'open') void say('a', 1, 'after')
      })
      for await (const event of client.subscribe(lineOf('a'), from === undefined ? {} : { from })) {
        told.push(event.name === 'said' ? (event.data.filler ?? event.data.number) : event.data.verdict)
        if (told.at(-1) === 'after') break
      }
      expect(told).toEqual([...(isReset(verdict) ? [verdict] : []), ...follow, 'after'])
    },
  )
})

/** A log that five records were published to by a server that is gone. */
async function logOfFive(open: () => TestLog) {
  const log = open()
  const { say, events } = await serveNumbers(log)
  const ids = await say('a', 5)
  await events.close({ drain: 0 })
  return { log, ids }
}
