import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { memoryLog } from '@millrace/log'
import { expect, it, onTestFinished } from 'vitest'
import { serveNumbers } from '../system/serve-numbers.fixture.ts'

const kills = 10
const script = fileURLToPath(new URL('durable-reader.fixture.ts', import.meta.url))

it.each([
  ['handler', 'with an async handler'],
  ['ack', 'acknowledging in any order'],
])(`a process that is killed ${kills} times under load skips nothing, %s`, async (mode) => {
  const { url, say } = await serveNumbers(memoryLog())
  const directory = mkdtempSync(join(tmpdir(), 'millrace-durable-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'handled')
  const handled = () => (existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n').map(Number) : [])
  const cursors = join(directory, 'cursors.json')
  const stored = () => (existsSync(cursors) ? readFileSync(cursors, 'utf8') : '')
  let total = 0
  let going = true
  const publishing = (async () => {
    while (going) {
      await say('a', 5)
      total += 5
      await wait(10)
    }
  })()
  const start = () =>
    spawn(
      process.execPath,
      [
        '--conditions=@millrace/source',
        '--disable-warning=ExperimentalWarning',
        script,
        url('').replace('?', ''),
        directory,
        mode,
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    )
  const kill = async (reader: ReturnType<typeof start>) => {
    const exited = once(reader, 'exit')
    reader.kill('SIGKILL')
    await exited
  }
  let reader = start()
  onTestFinished(() => void reader.kill('SIGKILL'))
  const ends: number[] = []
  for (let round = 0; round < kills; round += 1) {
    const before = handled().length
    const place = stored()
    await expect.poll(() => handled().length).toBeGreaterThan(before + 20)
    // Else no life might come so far that the next has a place to begin at.
    await expect.poll(stored).not.toBe(place)
    await wait(Math.random() * 120)
    await kill(reader)
    ends.push(handled().length)
    reader = start()
  }
  // There is something for the last one, too.
  await expect.poll(() => handled().length).toBeGreaterThan(ends.at(-1) ?? 0)
  going = false
  await publishing
  await expect.poll(() => new Set(handled()).size).toBe(total)
  await kill(reader)
  const numbers = handled()
  // Each life goes on without a gap: not behind what the one before has come to.
  if (mode !== 'ack') {
    for (const end of ends) expect(numbers[end]).toBeLessThanOrEqual((numbers[end - 1] ?? 0) + 1)
  }
  // And not from the beginning.
  expect(Math.min(...numbers.slice(ends.at(-1)))).toBeGreaterThan(1)
})
