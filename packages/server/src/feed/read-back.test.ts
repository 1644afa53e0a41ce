import { type Log, memoryLog } from '@millrace/log'
import { expect, it } from 'vitest'
import { readBack } from './read-back.ts'

async function filledLog(count: number) {
  const log = memoryLog({ epoch: 'e1' })
  const records = Array.from({ length: count }, (_, index) => ({
    topic: 'orders/1',
    event: 'placed',
    version: 1,
    time: 0,
    data: `${index + 1}`,
  }))
  await log.append(records)
  return log
}

async function offsetsOf(log: Log, between: { after: number; upTo: number }, epoch = 'e1') {
  const stretch = await readBack(log, { epoch, ...between, limit: 3 })
  return stretch?.records.map(({ offset }) => offset)
}

it('reads all of a stretch, a page at a time', async () => {
  expect(await offsetsOf(await filledLog(12), { after: 2, upTo: 10 })).toEqual([3, 4, 5, 6, 7, 8, 9, 10])
})

it('reads what is left where the log has forgotten the beginning, also between two pages', async () => {
  const log = await filledLog(12)
  log.trim(4)
  expect(await offsetsOf(log, { after: 0, upTo: 6 })).toEqual([4, 5, 6])
  const { read } = log
  const trimming = {
    ...log,
    bounds: log.bounds,
    read: async (after: number, limit: number) => {
      const page = await read.call(log, after, limit)
      log.trim(9)
      return page
    },
  }
  expect(await offsetsOf(trimming, { after: 3, upTo: 10 })).toEqual([9, 10])
})

it('reads nothing of another life, nor of a log that went back', async () => {
  const log = await filledLog(5)
  expect(await offsetsOf(log, { after: 0, upTo: 4 }, 'e0')).toBeUndefined()
  expect(await offsetsOf(log, { after: 0, upTo: 6 })).toBeUndefined()
})
