import { expect, it, onTestFinished } from 'vitest'
import { countingLog } from './counting-log.fixture.ts'
import { ResumingReader } from './resuming-reader.fixture.ts'
import { logs, serveNumbers } from './serve-numbers.fixture.ts'

const count = 500
const missed = 100

// Whose memory holds nothing of what they missed.
it.each(logs)(
  `${count} clients that come back to a server that was started anew, on a log $kind, do not read it one by one`,
  async ({ open }) => {
    const log = countingLog(open())
    let served = await serveNumbers(log)
    const asking = { url: () => served.url('?topic=lines/a'), retry: () => 100 * Math.random() }
    const readers = Array.from({ length: count }, () => new ResumingReader(asking))
    onTestFinished(() => {
      for (const reader of readers) reader.close()
    })
    const haveAll = (last: number) =>
      Promise.all(
        readers.map((reader) => reader.until(() => reader.open && reader.seen.last('lines/a') === last)),
      )
    for (const reader of readers) await reader.until(() => reader.open)
    await served.say('a', 1)
    await haveAll(1)
    for (const reader of readers) reader.leave()
    await served.say('a', missed)
    await served.events.close({ drain: 0 })

    served = await serveNumbers(log)
    log.calls.read = 0
    for (const reader of readers) reader.comeBack()
    await haveAll(1 + missed)
    expect(readers.flatMap(({ seen }) => seen.faults)).toEqual([])
    // One of these topics, and what the search for topics that are complete reads.
    expect(log.calls.read).toBeLessThanOrEqual(5)
    expect(served.events.stats().encoded).toBeLessThanOrEqual(5 * (missed + 1))
  },
)
