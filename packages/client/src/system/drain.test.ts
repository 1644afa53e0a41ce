import { setTimeout as wait } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { expect, it, onTestFinished } from 'vitest'
import { lineOf } from './lines.fixture.ts'
import { ResumingReader } from './resuming-reader.fixture.ts'
import { openFile, serveNumbers, temporaryFile } from './serve-numbers.fixture.ts'

const count = 500
const drain = 2_000

it(`${count} clients of a server that is drained go on elsewhere, one after the other, and miss nothing`, async () => {
  const file = temporaryFile()
  const old = await serveNumbers(openFile(file))
  const young = await serveNumbers(openFile(file))
  // What a load balancer does: it sends nobody to who is not ready.
  const url = () => (old.events.ready ? old : young).url('?topic=lines/a')
  const readers = Array.from(
    { length: count },
    () => new ResumingReader({ url, retry: () => 50 * Math.random() }),
  )
  onTestFinished(() => {
    for (const reader of readers) reader.close()
  })
  for (const reader of readers) await reader.until(() => reader.open)
  expect(old.events.stats().connections).toBe(count)

  let number = 0
  let publishing: typeof old | undefined = old
  async function publish(): Promise<void> {
    while (publishing !== undefined) {
      number += 1
      await publishing.events.publish(lineOf('a'), 'said', { number })
      await wait(20)
    }
  }
  const published = publish()
  const begin = performance.now()
  const lengths = readers.map((reader) =>
    reader.until(() => reader.ends.length > 0).then(() => performance.now() - begin),
  )
  const closing = old.events.close({ drain })
  expect(old.events.close({ drain: 1 })).toBe(closing)
  // It may publish as long as it has subscribers.
  await wait(drain / 2)
  publishing = young
  await closing
  // Node's own waits for every socket.
  await new Promise((resolve) => old.server.close(resolve))
  const ended = await Promise.all(lengths)
  publishing = undefined
  await published

  await Promise.all(
    readers.map((reader) =>
      reader.until(() => reader.verdicts.length > 1 && reader.seen.last('lines/a') === number),
    ),
  )
  expect(new Set(readers.flatMap(({ seen }) => seen.faults))).toEqual(new Set())
  for (const { verdicts, byes, ends } of readers) {
    expect({ verdicts, byes, ends }).toEqual({
      verdicts: ['fresh', 'resumed'],
      byes: ['drain'],
      ends: ['whole'],
    })
  }
  expect(young.events.stats()).toMatchObject({ connections: count, resumes: { resumed: count } })
  expect(Math.max(...ended)).toBeGreaterThan(0.75 * drain)
  // Evenly over four fifths of the time: nobody before its turn, and on a machine that is busy some later.
  const times = ended.toSorted((one, other) => one - other)
  const early = times.filter((time, turn) => time < (turn / count) * 0.8 * drain - 20)
  expect(early).toEqual([])
  // Nor are they kept to be sent away at once in the end.
  expect(times[count / 4]).toBeLessThan(0.8 * drain)
})

it('clients that leave while a server is drained do not hold it up', async () => {
  const { url, events, server } = await serveNumbers(memoryLog())
  const readers = Array.from({ length: 20 }, () => new ResumingReader({ url: () => url('?topic=lines/a') }))
  for (const reader of readers) await reader.until(() => reader.open)
  // Longer than any test lasts.
  const closing = events.close({ drain: 600_000 })
  for (const reader of readers) reader.close()
  await closing
  await new Promise((resolve) => server.close(resolve))
  // The first was told good-bye at once, and may have been faster than its leave.
  const { left, drain } = events.stats().closed
  expect(left + drain).toBe(20)
  expect(left).toBeGreaterThanOrEqual(19)
})
