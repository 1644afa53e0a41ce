import { expect, it, onTestFinished } from 'vitest'
import { ResumingReader } from './resuming-reader.fixture.ts'
import { openFile, serveNumbers, temporaryFile } from './serve-numbers.fixture.ts'

it('servers of one file bring each what the others publish, in one order', async () => {
  const file = temporaryFile()
  const servers = await Promise.all([1, 2, 3].map(() => serveNumbers(openFile(file))))
  const readers = servers.map(({ url }) => new ResumingReader({ url: () => url('?topic=lines/*') }))
  onTestFinished(() => {
    for (const reader of readers) reader.close()
  })
  for (const reader of readers) await reader.until(() => reader.open)
  const ids = await Promise.all(servers.map(({ say }, index) => say(`${index}`, 50)))
  const last = Math.max(...ids.flat().map((id) => Number(id.split('.')[1])))
  expect(last).toBe(150)
  await Promise.all(
    readers.map((reader) =>
      reader.until(() => servers.every((_, index) => reader.seen.last(`lines/${index}`) === 50)),
    ),
  )
  // Each sees ids rise without a break in any line, and a place has one id wherever it is read.
  expect(readers.flatMap(({ seen }) => seen.faults)).toEqual([])
  expect(readers.map(({ lastEventId }) => lastEventId)).toEqual(
    Array(3).fill(ids.flat().find((id) => id.split('.')[1] === '150')),
  )
})
