import { memoryLog } from '@millrace/log'
import { expect, it, onTestFinished } from 'vitest'
import { countingLog } from './counting-log.fixture.ts'
import { ResumingReader } from './resuming-reader.fixture.ts'
import { serveNumbers } from './serve-numbers.fixture.ts'

// The whole of it, 5,000 clients, is in the benchmarks (`storm`).
const count = 1_500
const missed = 100
const lines = Array.from({ length: 10 }, (_, index) => `line-${index}`)

it(`${count} clients that are cut at once and come back have what they missed, from memory and encoded once`, async () => {
  const log = countingLog(memoryLog())
  const { url, say, events } = await serveNumbers(log)
  const readers = Array.from({ length: count }, (_, index) => {
    const line = lines[index % lines.length] ?? ''
    const address = () => url(`?topic=lines/${line}`)
    return {
      line: `lines/${line}`,
      reader: new ResumingReader({ url: address, retry: () => 100 * Math.random() }),
    }
  })
  onTestFinished(() => {
    for (const { reader } of readers) reader.close()
  })
  const haveAll = (last: number) =>
    Promise.all(
      readers.map(({ reader, line }) => reader.until(() => reader.open && reader.seen.last(line) === last)),
    )
  for (const { reader } of readers) await reader.until(() => reader.open)
  for (const line of lines) await say(line, 1)
  await haveAll(1)
  const before = { ...events.stats(), ...log.calls }

  for (const { reader } of readers) reader.leave()
  while (events.stats().connections > 0) await new Promise(setImmediate)
  for (let turn = 0; turn < missed; turn += 1) await Promise.all(lines.map((line) => say(line, 1)))
  for (const { reader } of readers) reader.comeBack()
  await haveAll(1 + missed)
  const after = { ...events.stats(), ...log.calls }
  expect(readers.flatMap(({ reader }) => reader.seen.faults)).toEqual([])
  expect(after.resumes.resumed - before.resumes.resumed).toBe(count)
  expect(after.delivered - before.delivered).toBe(count * missed)
  // However many take them.
  expect(after.encoded - before.encoded).toBe(lines.length * missed)
  expect(after.read - before.read).toBeLessThanOrEqual(lines.length)
})
