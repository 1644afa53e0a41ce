import { copyFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { controlEvent } from '@millrace/protocol'
import { expect, it, onTestFinished } from 'vitest'
import { createEventClient } from '../index.ts'
import { lineOf } from './lines.fixture.ts'
import { readToLast } from './read-to-last.fixture.ts'
import { openFile, serveNumbers, temporaryFile } from './serve-numbers.fixture.ts'

// What subscribers are told by a server whose file was put back to an older state, over real sockets.

/** Serves a file for as long as the task takes. */
async function whileServed<Value>(
  file: string,
  task: (served: Awaited<ReturnType<typeof serveNumbers>>) => Promise<Value>,
): Promise<Value> {
  const log = openFile(file)
  const served = await serveNumbers(log)
  const value = await task(served)
  await served.events.close({ drain: 0 })
  await log.close()
  return value
}

/** A file with five records, put back after three more that are lost, with nothing beside it that remembers them. */
async function putBack() {
  const file = temporaryFile()
  const kept = await whileServed(file, ({ say }) => say('a', 5))
  copyFileSync(file, `${file}.copy`)
  const lost = await whileServed(file, ({ say }) => say('a', 3, 'lost'))
  rmSync(`${file}-mark`)
  copyFileSync(`${file}.copy`, file)
  return { file, kept, lost }
}

const cases = [
  { verdict: 'ahead', more: 0 },
  { verdict: 'ahead', more: 1 },
  { verdict: 'diverged', more: 3 },
  { verdict: 'diverged', more: 6 },
]

it.each(cases)(
  'a plain reader of lost events is told $verdict when $more others have taken their offsets, and one before them goes on',
  async ({ verdict, more }) => {
    const { file, kept, lost } = await putBack()
    await whileServed(file, ({ say }) => say('a', more, 'again'))
    await whileServed(file, async ({ url, say }) => {
      const comeBack = (id: string | undefined) =>
        readToLast(url('?topic=lines/a'), { 'last-event-id': id ?? '' }, async (seen) => {
          if (seen === 1) await say('a', 1, 'after')
        })
      const blocks = await comeBack(lost.at(-1))
      expect(blocks.map(({ event, data }) => [event, data.verdict ?? data.filler])).toEqual([
        [controlEvent.open, verdict],
        [controlEvent.reset, verdict],
        ['said', 'after'],
      ])
      expect(blocks[0]?.id).toBe(lost.at(-1))
      // The place that the reset names is one of this history.
      const next = await comeBack(blocks[1]?.id)
      expect(next[0]?.data.verdict).toBe('resumed')

      const earlier = await comeBack(kept.at(-1))
      expect(earlier.slice(0, more + 1).map(({ data }) => data.verdict ?? data.filler)).toEqual([
        'resumed',
        ...Array.from({ length: more }, () => 'again'),
      ])
    })
  },
)

it.each(cases)(
  'a subscriber is told $verdict when $more others have taken the offsets',
  async ({ verdict, more }) => {
    const { file, lost } = await putBack()
    await whileServed(file, ({ say }) => say('a', more, 'again'))
    await whileServed(file, async ({ url, say }) => {
      const client = createEventClient({ url: url('') })
      onTestFinished(() => client.close())
      client.onStatus(({ state }) => {
        if (state === 'open') void say('a', 1, 'after')
      })
      const told: unknown[] = []
      for await (const event of client.subscribe(lineOf('a'), { from: lost.at(-1) ?? '' })) {
        told.push(event.name === 'said' ? event.data.filler : event.data.verdict)
        if (told.at(-1) === 'after') break
      }
      expect(told).toEqual([verdict, 'after'])
    })
  },
)

it.each([
  { verdict: 'ahead', more: 0 },
  { verdict: 'diverged', more: 3 },
  { verdict: 'diverged', more: 7 },
])(
  'an open stream is told $verdict when the file is put back beneath the server and goes on by $more',
  async ({ verdict, more }) => {
    const file = temporaryFile()
    await whileServed(file, ({ say }) => say('a', 5))
    copyFileSync(file, `${file}.copy`)
    const log = openFile(file)
    const { url, say } = await serveNumbers(log)
    const client = createEventClient({ url: url('') })
    onTestFinished(() => client.close())
    const other = new DatabaseSync(file)
    onTestFinished(() => other.close())
    const told: unknown[] = []
    client.onStatus(({ state }) => {
      if (state === 'open') void say('a', 3, 'lost')
    })
    for await (const event of client.subscribe(lineOf('a'))) {
      told.push(event.name === 'said' ? event.data.filler : event.data.verdict)
      if (told.length === 3) goBack(other, `${file}.copy`, more)
      if (told.length === 4) {
        // The file can be written again, and the log changes its epoch.
        other.exec('ROLLBACK')
        await say('a', 1, 'after')
      }
      if (told.at(-1) === 'after') break
    }
    expect(told.slice(0, 4)).toEqual(['lost', 'lost', 'lost', verdict])
    // Of the new epoch it has seen nothing.
    const again = Array.from({ length: more }, () => 'again')
    const kept = Array.from({ length: 5 }, () => undefined)
    expect(told.slice(4)).toEqual(['epoch', ...kept, ...again, 'after'])
  },
)

/** Puts a copy back as the SQLite shell's .restore does, with some more events, and keeps the log from changing its epoch. */
function goBack(other: DatabaseSync, copy: string, more: number): void {
  other.exec(`
    ATTACH '${copy}' AS copy;
    BEGIN IMMEDIATE;
    DELETE FROM main.life; INSERT INTO main.life SELECT * FROM copy.life;
    DELETE FROM main.records; INSERT INTO main.records SELECT * FROM copy.records`)
  for (let number = 6; number < 6 + more; number += 1) {
    other.exec(`
      INSERT INTO records (offset, total, appended, version, time, topic, event, data, tag)
      VALUES (${number}, ${number * 100}, 0, 1, 0, 'lines/a', 'said', '{"number":${number},"filler":"again"}', 'again');
      UPDATE life SET head = ${number}, total = ${number * 100}, tag = 'again'`)
  }
  other.exec('COMMIT; BEGIN IMMEDIATE')
}
