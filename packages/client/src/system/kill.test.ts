import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { positionOf } from '@millrace/log'
import { sqliteLog } from '@millrace/log-sqlite'
import { formatCursor } from '@millrace/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { createEventClient } from '../index.ts'
import { lineOf, numbers } from './lines.fixture.ts'
import { NumbersProcess } from './numbers-process.fixture.ts'
import type { Batch } from './numbers-server.fixture.ts'
import { ResumingReader } from './resuming-reader.fixture.ts'
import { Sequence } from './sequence.fixture.ts'

const rounds = 10
// The client itself, and readers that cost this process less.
const clientCount = 40
const readerCount = 160
const lines = ['a', 'b', 'c']

it(`a server that is killed ${rounds} times under 200 subscribers loses nothing, doubles nothing and keeps the order`, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-kill-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, 'events.db')
  let current = new NumbersProcess()
  let next = new NumbersProcess()
  onTestFinished(async () => void (await Promise.all([current.kill(), next.kill()])))
  const port = await current.serve({ file, port: 0 })
  const base = `http://127.0.0.1:${port}`

  // Half of them follow every line, the others one.
  const lineFor = (index: number) => (index % 2 === 0 ? '*' : (lines[index % lines.length] ?? ''))
  const readers = Array.from({ length: readerCount }, (_, index) => {
    const url = `${base}/events?topic=lines/${lineFor(index)}&from=earliest`
    return new ResumingReader({ url: () => url, retry: () => 5 + Math.random() * 40 })
  })
  onTestFinished(() => {
    for (const reader of readers) reader.close()
  })
  const clients = Array.from({ length: clientCount }, (_, index) => {
    const seen = new Sequence()
    const client = createEventClient({
      url: `${base}/events`,
      backoff: { base: 10, floor: 5, cap: 40 },
      onError: (error) => seen.faults.push(String(error)),
    })
    const line = lineFor(index)
    const topic = line === '*' ? numbers.lines() : lineOf(line)
    client.subscribe(
      topic,
      (event) => {
        if (event.name === 'said') seen.take(event.topic, event.data.number, event.id)
        else seen.faults.push(`reset ${event.data.verdict}`)
      },
      { from: 'earliest' },
    )
    return { seen, client }
  })
  onTestFinished(async () => void (await Promise.all(clients.map(({ client }) => client.close()))))

  const publishers = lines.map((line) => publishing(`${base}/publish`, line))
  const published = () => publishers.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
  const repeated = () => publishers.reduce((sum, { repeats }) => sum + repeats(), 0)

  for (let round = 0; round < rounds; round += 1) {
    const before = published()
    while (published() < before + 30) await wait(5)
    // Some while everybody is there, some in the middle of their coming back.
    if (round % 2 === 0) await Promise.all(readers.map((reader) => reader.until(() => reader.open)))
    await wait(Math.random() * 60)
    await current.kill()
    ;[current, next] = [next, new NumbersProcess()]
    await current.serve({ file, port })
  }
  await Promise.all(publishers.map(({ stop }) => stop()))

  const totals = new Map(
    lines.map((line, index) => [`lines/${line}`, publishers[index]?.acknowledged.length ?? 0]),
  )
  const subscribers = [...readers.map(({ seen }) => seen), ...clients.map(({ seen }) => seen)]
  const all = [...readers.map((_, index) => lineFor(index)), ...clients.map((_, index) => lineFor(index))]
  const isComplete = (seen: Sequence, line: string) =>
    [...totals].every(
      ([topic, total]) => seen.last(topic) >= (line === '*' || topic.endsWith(line) ? total : 0),
    )
  await expect
    .poll(() => subscribers.filter((seen, index) => !isComplete(seen, all[index] ?? '')).length)
    .toBe(0)
  expect(new Set(subscribers.flatMap(({ faults }) => faults))).toEqual(new Set())

  // What was acknowledged stands where it was said to be, whatever had to be said again; and nothing else does.
  await current.kill()
  const log = sqliteLog({ file })
  const { head, epoch } = await log.bounds()
  const { records } = await log.read(0, head + 1)
  await log.close()
  const places = new Map(
    records.map((record) => [
      `${record.topic} ${JSON.parse(record.data).number}`,
      formatCursor(positionOf(epoch, record)),
    ]),
  )
  expect(records).toHaveLength(head)
  expect(places.size).toBe(head)
  const told = publishers.flatMap(({ acknowledged }, index) =>
    acknowledged.map((id, number) => [`lines/${lines[index]} ${number + 1}`, id] as const),
  )
  expect(new Map(told)).toEqual(places)
  // Enough of it happened: streams resumed, and publishers did not know what had become of their events.
  expect(readers.filter(({ verdicts }) => verdicts.includes('resumed')).length).toBe(readerCount)
  expect(repeated()).toBeGreaterThanOrEqual(rounds)
})

/** Publishes a line's numbers without end, and says each again until it is acknowledged. */
function publishing(url: string, line: string) {
  const acknowledged: string[] = []
  let stopped = false
  let repeats = 0
  async function publish(): Promise<void> {
    while (!stopped) {
      const count = 1 + Math.floor(Math.random() * 4)
      const batch: Batch = { line, from: acknowledged.length + 1, count }
      acknowledged.push(...(await insist(batch)))
      await wait(2)
    }
  }
  async function insist(batch: Batch): Promise<string[]> {
    for (;;) {
      try {
        const response = await fetch(url, { method: 'POST', body: JSON.stringify(batch) })
        if (response.ok) return (await response.json()) as string[]
      } catch {
        // Whether it was published nobody can say.
      }
      repeats += 1
      await wait(3)
    }
  }
  const publishes = publish()
  return {
    acknowledged,
    repeats: () => repeats,
    stop() {
      stopped = true
      return publishes
    },
  }
}
