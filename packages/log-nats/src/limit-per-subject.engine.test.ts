import { judge, type LogBounds, type LogRecord, type NewRecord } from '@millrace/log'
import { describeLog } from '@millrace/log/conformance'
import { type NatsServer, natsServer } from '@millrace/test-engines'
import type { StreamConfig } from '@nats-io/jetstream'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type NatsLog, natsLog } from './nats-log.ts'

let server: NatsServer
beforeAll(async () => {
  server = await natsServer()
})
afterAll(() => server.remove())

const logs: NatsLog[] = []
afterEach(async () => {
  await Promise.all(logs.splice(0).map((log) => log.close()))
})

let count = 0
const names = new WeakMap<NatsLog, string>()

function join(name: string): NatsLog {
  const log = natsLog({ connection: server.url, name, pollInterval: 50 })
  names.set(log, name)
  logs.push(log)
  return log
}

/** A log whose stream an operator has made. */
async function open(config: Partial<StreamConfig>): Promise<NatsLog> {
  count += 1
  const name = `log-${count}`
  await server.operate(({ streams }) => streams.add({ name, subjects: [`${name}.x${count}.>`], ...config }))
  return join(name)
}

const nameOf = (log: NatsLog) => names.get(log) ?? ''

async function held(log: NatsLog): Promise<{ readonly first: number; readonly missing: readonly number[] }> {
  const { state } = await server.operate(({ streams }) =>
    streams.info(nameOf(log), { deleted_details: true }),
  )
  return { first: state.first_seq, missing: state.deleted ?? [] }
}

let number = 0
function record(topic: string, properties: Partial<NewRecord> = {}): NewRecord {
  number += 1
  return { topic, event: 'placed', version: 1, time: number, data: `${number}`, ...properties }
}

const of = (topic: string, length: number) => Array.from({ length }, () => record(topic))
const offsets = (records: readonly LogRecord[]) => records.map(({ offset }) => offset)
const from = (first: number, last: number) => Array.from({ length: last + 1 - first }, (_, at) => first + at)

function follow(log: NatsLog, after = { epoch: 'another', offset: 0 }) {
  const records: LogRecord[] = []
  const resets: LogBounds[] = []
  log.tail(after, {
    records: (more) => records.push(...more),
    reset: (bounds) => resets.push(bounds),
  })
  return { records, resets }
}

/** What somebody gets to see who comes with a place, and where that ends: at the head, or because something behind it is missing. */
async function readFrom(log: NatsLog, place: number) {
  const seen: number[] = []
  for (let after = place; ; after = seen.at(-1) ?? place) {
    const page = await log.read(after, 7)
    const verdict = judge({ epoch: page.epoch, offset: after }, page)
    if (verdict !== 'resumed' || after === page.head) return { seen, verdict, first: page.first }
    seen.push(...offsets(page.records))
  }
}

const soon = { timeout: 20_000, interval: 10 }

describe('a limit per subject', () => {
  it('ends history behind what it was that made room last', async () => {
    const log = await open({ max_msgs_per_subject: 5 })
    await log.append([record('quiet/1'), ...of('busy/1', 8), ...of('busy/2', 5), ...of('busy/1', 1)])
    // Of the first busy one 2 to 5 are gone.
    expect(await held(log)).toEqual({ first: 1, missing: [2, 3, 4, 5] })
    const { epoch, first, head } = await log.bounds()
    expect({ first, head }).toEqual({ first: 6, head: 15 })
    expect(await log.read(0, 100)).toMatchObject({ first: 6, records: [] })
    expect(await log.read(4, 100)).toMatchObject({ first: 6, records: [] })
    expect(offsets((await log.read(5, 100)).records)).toEqual(from(6, 15))
    const late = follow(log, { epoch, offset: 1 })
    const inTime = follow(log, { epoch, offset: 5 })
    await vi.waitFor(() => expect([late.records.length, inTime.records.length]).toEqual([10, 10]), soon)
    expect(late.resets).toMatchObject([{ first: 6, head: 15 }])
    expect(inTime.resets).toEqual([])
  })

  it('disturbs nobody who keeps up', async () => {
    const log = await open({ max_msgs_per_subject: 1 })
    await log.bounds()
    const { epoch } = await log.bounds()
    const here = follow(log, { epoch, offset: 0 })
    const elsewhere = follow(join(nameOf(log)), { epoch, offset: 0 })
    for (let step = 1; step <= 30; step += 1) {
      await log.append([record(`busy/${step % 2}`)])
      await vi.waitFor(
        () => expect([here.records.length, elsewhere.records.length]).toEqual([step, step]),
        soon,
      )
    }
    for (const { records, resets } of [here, elsewhere]) {
      expect(offsets(records)).toEqual(from(1, 30))
      expect(resets).toEqual([])
    }
  })

  it('lets places be recognised whose own record is gone', async () => {
    const log = await open({ max_msgs_per_subject: 2 })
    const [, seen] = await log.append([record('quiet/1'), record('busy/1')])
    const tag = seen?.tag
    await log.append([record('quiet/2'), ...of('busy/1', 2)])
    expect((await held(log)).missing).toEqual([2])
    const fresh = join(nameOf(log))
    for (const reader of [log, fresh]) {
      expect(await reader.read(2, 10)).toMatchObject({ afterTag: tag })
      expect(await reader.read(2, 0)).toMatchObject({ first: 3, afterTag: tag })
    }
    const { epoch } = await log.bounds()
    const { records, resets } = follow(fresh, { epoch, offset: 2, ...{ tag } })
    await vi.waitFor(() => expect(offsets(records)).toEqual([3, 4, 5]), soon)
    expect(resets).toEqual([])
  })

  it('is told to whoever comes to a hole that had not been there', async () => {
    const log = await open({ max_msgs_per_subject: 3 })
    await log.append([...of('quiet/1', 3), ...of('busy/1', 3)])
    const { epoch, first } = await log.bounds()
    expect(first).toBe(1)
    // Within the time for which what was found is good enough.
    await log.append(of('busy/1', 2))
    expect(await readFrom(log, 0)).toEqual({ seen: [1, 2, 3], verdict: 'trimmed', first: 6 })
    expect(await readFrom(log, 4)).toMatchObject({ seen: [], verdict: 'trimmed' })
    expect(await readFrom(log, 5)).toMatchObject({ seen: [6, 7, 8], verdict: 'resumed' })
    expect(await log.bounds()).toMatchObject({ epoch, first: 6, head: 8 })
  })

  it('never lets anybody pass a hole untold, whoever appends and whoever reads', async () => {
    const limit = 4
    const log = await open({ max_msgs_per_subject: limit })
    const writers = [log, join(nameOf(log))]
    await log.bounds()
    const passed: string[] = []
    let appending = true
    const reading = Promise.all(
      [...writers, join(nameOf(log))].map(async (reader, at) => {
        for (let place = 0, round = 0; appending || round < 20; round += 1) {
          const { seen, first } = await readFrom(reader, place)
          const gap = seen.findIndex((offset, index) => offset !== place + 1 + index)
          if (gap >= 0) passed.push(`${seen[gap]} after ${place} at ${gap}`)
          place = Math.max(0, first - 3 + ((round * 3 + at) % 7))
        }
      }),
    )
    await Promise.all(
      writers.map(async (writer, at) => {
        for (let call = 0; call < 60; call += 1) {
          const topics = Array.from(
            { length: 1 + (call % 4) },
            (_, index) => `t/${(call * 7 + index * at) % 9}`,
          )
          await writer.append(topics.map((topic) => record(topic)))
        }
      }),
    )
    appending = false
    await reading
    expect(passed).toEqual([])
    // And when all stands still, each place is judged as what is missing wants it, by those who were there and by who comes later.
    const newest = (await held(log)).missing.reduce((one, other) => Math.max(one, other), 0)
    const { head } = await log.bounds()
    expect(newest).toBeGreaterThan(100)
    for (const reader of [...writers, join(nameOf(log))]) {
      await vi.waitFor(async () => expect((await reader.bounds()).first).toBe(newest + 1), soon)
      expect(await readFrom(reader, newest - 1)).toMatchObject({ seen: [], verdict: 'trimmed' })
      expect(await readFrom(reader, newest)).toMatchObject({
        seen: from(newest + 1, head),
        verdict: 'resumed',
      })
    }
  })

  it('has what a trim takes go from before its holes as well', async () => {
    const log = await open({ max_msgs_per_subject: 2 })
    await log.append([...of('quiet/1', 2), ...of('busy/1', 6)])
    await log.trim(2)
    expect((await held(log)).first).toBe(2)
    await log.trim(9)
    expect(await log.bounds()).toMatchObject({ first: 9, head: 8 })
    expect(await log.append([record('quiet/1')])).toMatchObject([{ offset: 9 }])
  })

  it('leaves records alone that have a key, and so a subject of their own', async () => {
    const log = await open({ max_msgs_per_subject: 1 })
    const [one] = await log.append([record('busy/1', { key: 'one' }), ...of('busy/1', 3)])
    expect(await log.append([record('busy/1', { key: 'one' })])).toEqual([one])
  })

  it('goes on where an operator removes the newest record', async () => {
    const log = await open({ max_msgs_per_subject: 100 })
    await log.append(of('busy/1', 3))
    const { epoch } = await log.bounds()
    await server.operate(({ streams }) => streams.deleteMessage(nameOf(log), 3))
    const { records, resets } = follow(log, { epoch, offset: 1 })
    await vi.waitFor(() => expect(resets).toMatchObject([{ first: 4, head: 3 }]), soon)
    await log.append([record('busy/1')])
    await vi.waitFor(() => expect(offsets(records)).toEqual([4]), soon)
    expect(resets).toHaveLength(1)
    expect(await log.bounds()).toMatchObject({ first: 4, head: 4 })
  })

  it('leaves the last records of a topic to be read, also from before what can be resumed', async () => {
    const log = await open({ max_msgs_per_subject: 3 })
    const quiet = of('quiet/1', 2)
    const keyed = record('quiet/1', { key: 'one' })
    await log.append([...quiet, keyed, record('quiet/1/2'), ...of('busy/1', 600)])
    expect((await log.bounds()).first).toBe(602)
    const latest = await log.latest('quiet/1', 100)
    expect(latest).toEqual(
      [...quiet, keyed].map((one, at) => ({ ...one, offset: at + 1, tag: latest[0]?.tag })),
    )
    expect(offsets(await log.latest('quiet/1', 2))).toEqual([2, 3])
    expect(offsets(await log.latest('busy/1', 100))).toEqual([602, 603, 604])
    expect(await log.latest('quiet/*', 100)).toEqual([])
    await expect(log.latest('quiet/1', 0)).rejects.toThrow(RangeError)
  })

  it('may end, and what it has made stays told', async () => {
    const log = await open({ max_msgs_per_subject: 1 })
    await log.append([record('quiet/1'), ...of('busy/1', 1_200), record('quiet/2')])
    await server.operate(async ({ streams }) => {
      const { config } = await streams.info(nameOf(log))
      await streams.update(nameOf(log), { ...config, max_msgs_per_subject: -1 })
    })
    const fresh = join(nameOf(log))
    expect(await fresh.bounds()).toMatchObject({ first: 1_201, head: 1_202 })
    expect(await readFrom(fresh, 0)).toMatchObject({ seen: [], verdict: 'trimmed' })
  })
})

describeLog<NatsLog>(
  'natsLog with a limit per subject that nothing reaches',
  {
    open: () => open({ max_msgs_per_subject: 100_000 }),
    join: async (log) => join(nameOf(log)),
    trim: (log, keepFrom) => log.trim(keepFrom),
    tags: true,
    interleavings: 1,
    patience: 10_000,
  },
  { describe, it },
)
