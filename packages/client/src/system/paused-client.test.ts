import { setTimeout as wait } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { expect, it, onTestFinished } from 'vitest'
import { ResumingReader } from './resuming-reader.fixture.ts'
import { serveNumbers } from './serve-numbers.fixture.ts'

// The largest event there may be, and what is written in one go.
const mostHeld = 256 * 1024

it('clients that stop reading cost a bounded number of bytes, are cut, and go on without a gap', async () => {
  const pausedCount = 5
  // What they miss is no longer in memory when they come back.
  const { url, say, events } = await serveNumbers(memoryLog({ maxBytes: 1024 ** 3 }), {
    stallTimeout: 2_000,
    limits: { ringBytes: 1_000_000 },
  })
  const readers = Array.from({ length: pausedCount + 1 }, () => {
    return new ResumingReader({ url: () => url('?topic=lines/a') })
  })
  onTestFinished(() => {
    for (const reader of readers) reader.close()
  })
  const [healthy, ...paused] = readers as [ResumingReader, ...ResumingReader[]]
  for (const reader of readers) await reader.until(() => reader.open)
  for (const reader of paused) reader.pause()

  let said = 0
  let held = 0
  const filler = 'x'.repeat(120_000)
  // Until every one of them was cut, which takes more than any socket holds by itself.
  while (events.stats().closed.stalled < pausedCount) {
    await say('a', 1, filler)
    said += 1
    await healthy.until(() => healthy.seen.last('lines/a') === said)
    if (said > 50) await wait(10)
    held = Math.max(held, events.stats().bufferedBytes)
  }
  expect(held).toBeGreaterThan(0)
  expect(held).toBeLessThanOrEqual(pausedCount * mostHeld)
  expect(said * filler.length).toBeGreaterThan(10 * mostHeld)
  expect(events.stats()).toMatchObject({ connections: 1, bufferedBytes: 0 })

  for (const reader of paused) reader.resume()
  await say('a', 1)
  await Promise.all(readers.map((reader) => reader.until(() => reader.seen.last('lines/a') === said + 1)))
  expect(readers.map(({ seen }) => seen.faults)).toEqual(readers.map(() => []))
  expect(paused.map(({ verdicts }) => verdicts)).toEqual(paused.map(() => ['fresh', 'resumed']))
  expect(healthy.verdicts).toEqual(['fresh'])
})
