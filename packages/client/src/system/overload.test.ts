import { get } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'
import { memoryLog } from '@millrace/log'
import { expect, it, onTestFinished } from 'vitest'
import { ResumingReader } from './resuming-reader.fixture.ts'
import { serveNumbers } from './serve-numbers.fixture.ts'

const places = 100
const crowd = 500

it('a crowd that finds no place is sent away, and those who have one notice nothing', async () => {
  const { url, say, events } = await serveNumbers(memoryLog(), { limits: { connections: places } })
  const readers = Array.from({ length: places }, () => {
    return new ResumingReader({ url: () => url('?topic=lines/a') })
  })
  onTestFinished(() => {
    for (const reader of readers) reader.close()
  })
  for (const reader of readers) await reader.until(() => reader.open)

  let isOver = false
  const answers = Promise.all(Array.from({ length: crowd }, () => ask(url('?topic=lines/a&v=1')))).finally(
    () => {
      isOver = true
    },
  )
  let said = 0
  while (!isOver) {
    await say('a', 1)
    said += 1
    await wait(10)
  }
  for (const { status, retryAfter } of await answers) {
    expect(status).toBe(503)
    expect(Number(retryAfter)).toBeGreaterThan(0)
  }
  await Promise.all(readers.map((reader) => reader.until(() => reader.seen.last('lines/a') === said)))
  expect(said).toBeGreaterThan(3)
  expect(new Set(readers.flatMap(({ seen }) => seen.faults))).toEqual(new Set())
  const { connections, opened, refused, delivered } = events.stats()
  expect({ connections, opened, refused: refused.connections, delivered }).toEqual({
    connections: places,
    opened: places,
    refused: crowd,
    delivered: places * said,
  })
})

function ask(
  url: string,
): Promise<{ readonly status: number | undefined; readonly retryAfter: string | undefined }> {
  return new Promise((resolve, reject) => {
    get(url, { agent: false }, (response) => {
      response.resume()
      resolve({ status: response.statusCode, retryAfter: response.headers['retry-after'] })
    }).on('error', reject)
  })
}
