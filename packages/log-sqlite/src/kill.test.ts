import { existsSync } from 'node:fs'
import type { Log, LogRecord } from '@millrace/log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callSize } from './call-size.fixture.ts'
import { aRecord, follow, readAll } from './follow.fixture.ts'
import { Publisher } from './publisher.fixture.ts'
import { sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

const rounds = 12

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(() => directory.remove())

const kept = { maxRecords: 10_000_000 }

/** Lets a publisher work and ends it in the middle of it. */
async function killInTheMiddle(file: string, round: number, from: number): Promise<Publisher> {
  const publisher = new Publisher(file, `w${round}`, from)
  await publisher.started()
  await new Promise<void>((resolve) => setTimeout(resolve, Math.random() * 60))
  await publisher.kill()
  return publisher
}

/** Fails when something acknowledged is not where it was said to be, or the order has a hole. */
async function checkHistory(log: Log, round: number, { acknowledged }: Publisher): Promise<number> {
  const records = await readAll(log)
  expect(records.map(({ offset }) => offset)).toEqual(records.map((_, index) => index + 1))
  for (const { number, offset } of acknowledged) {
    expect(JSON.parse(records[offset - 1]?.data ?? '{}')).toMatchObject({ writer: `w${round}`, number })
  }
  expect(new Set(records.map(({ data }) => data)).size).toBe(records.length)
  checkCalls(records.filter(({ topic }) => topic === `writers/w${round}`))
  return acknowledged.length
}

// A call is kept as a whole or not at all, its records side by side.
function checkCalls(records: readonly LogRecord[]): void {
  const offsets = new Map(records.map(({ offset, data }) => [JSON.parse(data).number as number, offset]))
  const numbers = [...offsets.keys()].sort((one, other) => one - other)
  const last = numbers.at(-1) ?? -1
  for (let first = numbers[0] ?? 0; first <= last; first += callSize(first)) {
    const begin = offsets.get(first)
    for (let index = 0; index < callSize(first); index += 1) {
      expect(offsets.get(first + index)).toBe(begin === undefined ? undefined : begin + index)
    }
  }
}

describe('a process killed while it appends', () => {
  it(`loses nothing that was acknowledged, ${rounds} times`, async () => {
    const file = directory.file()
    let epoch: string | undefined
    let acknowledged = 0
    for (let round = 0; round < rounds; round += 1) {
      const publisher = await killInTheMiddle(file, round, round * 1_000_000)
      const log = sqliteLog({ file, ...kept })
      acknowledged += await checkHistory(log, round, publisher)
      const bounds = await log.bounds()
      expect(bounds.epoch).toBe(epoch ?? bounds.epoch)
      epoch = bounds.epoch
      await log.close()
    }
    expect(acknowledged).toBeGreaterThan(rounds * 10)
  })

  it('leaves a file that can be opened, also when it was just making it', async () => {
    for (let round = 0; round < 6; round += 1) {
      const file = directory.file(`${round}.db`)
      const publisher = new Publisher(file, 'w', 0)
      while (!existsSync(file)) await new Promise<void>((resolve) => setTimeout(resolve, 1))
      await new Promise<void>((resolve) => setTimeout(resolve, round * 5))
      await publisher.kill()
      const log = sqliteLog({ file, ...kept })
      const { head } = await log.bounds()
      expect(await log.append([aRecord(0)])).toMatchObject([{ offset: head + 1 }])
      await log.close()
    }
  })

  it(`disturbs no other process, ${rounds} times`, async () => {
    const file = directory.file()
    const log = sqliteLog({ file, ...kept })
    const { epoch } = await log.bounds()
    const tail = follow(log, { epoch, offset: 0 })
    for (let round = 0; round < rounds; round += 1) {
      const publisher = await killInTheMiddle(file, round, round * 1_000_000)
      await checkHistory(log, round, publisher)
      await log.append([{ topic: 'a', event: 'b', version: 1, time: 0, data: `"after ${round}"` }])
    }
    const records = await readAll(log)
    await tail.until(records.length)
    expect(tail.records).toEqual(records)
    expect([...tail.resets, ...tail.errors]).toEqual([])
    await log.close()
  })
})
