import { setTimeout as sleep } from 'node:timers/promises'
import type { LogRecord, NewRecord } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { expect, it, vi } from 'vitest'
import type { TroubledLog } from './trouble-harness.ts'
import { soon, type TroubleStage } from './trouble-stage.ts'

/** The least that is to be disturbed while connections are cut at random. */
const leastCuts = 20
const leastRecords = 100

/** Connections that break, of several processes that append. */
export function cutTests(stage: TroubleStage): void {
  it('cut off at random, in the middle of whatever travels: nothing is lost, doubled or out of order', async () => {
    const logName = stage.newName()
    const sound = stage.open(logName)
    const { epoch } = await sound.bounds()
    const writers = [stage.open(logName, 'proxied'), stage.open(logName, 'proxied')]
    const followed = writers.map((log) => followFrom(log, { epoch, offset: 0 }))
    const proxy = stage.harness.proxy()
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
