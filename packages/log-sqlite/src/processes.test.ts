import { expect, it } from 'vitest'
import { follow, readAll } from './follow.fixture.ts'
import { Publisher } from './publisher.fixture.ts'
import { sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

it('has one dense order for three processes that append at once, and tells it to each', async () => {
  const directory = temporaryDirectory()
  const file = directory.file()
  const log = sqliteLog({ file })
  try {
    const { epoch } = await log.bounds()
    const tail = follow(log, { epoch, offset: 0 })
    const count = 1_500
    const publishers = ['a', 'b'].map((writer) => new Publisher(file, writer, 0, count))
    for (let number = 0; number < count; number += 1) {
      await log.append([{ topic: 'c', event: 'd', version: 1, time: 0, data: `${number}` }])
    }
    for (const publisher of publishers) await publisher.done()
    const records = await readAll(log)
    expect(records.map(({ offset }) => offset)).toEqual(
      Array.from({ length: 3 * count }, (_, index) => index + 1),
    )
    for (const [index, publisher] of publishers.entries()) {
      expect(publisher.acknowledged).toHaveLength(count)
      for (const { number, offset } of publisher.acknowledged) {
        expect(JSON.parse(records[offset - 1]?.data ?? '')).toMatchObject({ writer: 'ab'[index], number })
      }
    }
    // A writer's own order is kept.
    const own = records.filter(({ topic }) => topic === 'c').map(({ data }) => Number(data))
    expect(own).toEqual(own.map((_, index) => index))
    await tail.until(3 * count)
    expect(tail.records).toEqual(records)
    expect([...tail.resets, ...tail.errors]).toEqual([])
  } finally {
    await log.close()
    directory.remove()
  }
})

it('is made once when several processes open a file that is missing', async () => {
  const directory = temporaryDirectory()
  const file = directory.file()
  const publishers = ['a', 'b', 'c'].map((writer) => new Publisher(file, writer, 0, 100))
  for (const publisher of publishers) await publisher.done()
  const log = sqliteLog({ file })
  const records = await readAll(log)
  expect(records.map(({ offset }) => offset)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1))
  for (const publisher of publishers) expect(publisher.acknowledged).toHaveLength(100)
  await log.close()
  directory.remove()
})
