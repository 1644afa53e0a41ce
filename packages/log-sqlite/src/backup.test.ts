import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { headOf, judge } from '@millrace/log'
import { formatCursor, type Position } from '@millrace/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aRecord, follow, readAll } from './follow.fixture.ts'
import { renewEpoch } from './renew-epoch.ts'
import { sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

let directory: ReturnType<typeof temporaryDirectory>
let file: string
beforeEach(() => {
  directory = temporaryDirectory('memory')
  file = directory.file()
})
afterEach(() => directory.remove())

/** Opens the log, appends so many records and closes it again. */
async function session(count: number) {
  const log = sqliteLog({ file })
  for (let number = 0; number < count; number += 1) await log.append([aRecord(number)])
  const bounds = await log.bounds()
  await log.close()
  return bounds
}

it('keeps its epoch from one session to the next', async () => {
  const { epoch } = await session(3)
  expect(await session(2)).toMatchObject({ epoch, first: 1, head: 5 })
})

it('has another epoch when an older copy was put in its place', async () => {
  await session(3)
  copyFileSync(file, directory.file('backup.db'))
  const lost = await session(2)
  copyFileSync(directory.file('backup.db'), file)
  const restored = sqliteLog({ file })
  const bounds = await restored.bounds()
  expect(bounds).toMatchObject({ first: 1, head: 3 })
  expect(await readAll(restored)).toHaveLength(3)
  // Also when as much has been appended again as was lost.
  await restored.append([aRecord(7), aRecord(8), aRecord(9)])
  const cursor = { epoch: lost.epoch, offset: lost.head }
  expect(judge(cursor, await restored.bounds())).toBe('epoch')
  await restored.close()
  expect(await session(1)).toMatchObject({ epoch: bounds.epoch, head: 7 })
})

it('has another epoch when the copy is of an earlier life', async () => {
  await session(3)
  copyFileSync(file, directory.file('backup.db'))
  const log = sqliteLog({ file })
  const { epoch } = await log.bounds()
  await log.restart()
  await log.close()
  copyFileSync(directory.file('backup.db'), file)
  const restored = await session(0)
  expect(restored.head).toBe(3)
  expect(restored.epoch).not.toBe(epoch)
})

it('keeps its epoch when it is moved, with and without its mark', async () => {
  const { epoch } = await session(3)
  mkdirSync(directory.file('elsewhere'))
  renameSync(file, directory.file('elsewhere/events.db'))
  renameSync(`${file}-mark`, directory.file('elsewhere/events.db-mark'))
  file = directory.file('elsewhere/events.db')
  expect(await session(1)).toMatchObject({ epoch, first: 1, head: 4 })
  rmSync(`${file}-mark`)
  expect(await session(1)).toMatchObject({ epoch, first: 1, head: 5 })
})

describe('a directory that is put back whole, so that nothing on the disk remembers', () => {
  /** Three records, two more that are lost, and what the log says of a place after that. */
  async function putBack() {
    const kept = await session(3)
    const backup = temporaryDirectory('memory')
    cpSync(directory.path, backup.path, { recursive: true })
    const lost = await session(2)
    rmSync(file)
    cpSync(backup.path, directory.path, { recursive: true })
    backup.remove()
    return { kept: headOf(kept), lost: headOf(lost) }
  }

  async function verdictOn(position: Position): Promise<string> {
    const log = sqliteLog({ file })
    const page = await log.read(position.offset, 0)
    await log.close()
    return judge(position, page, page.afterTag)
  }

  it('is told to those who have seen more, by their cursors', async () => {
    const { kept, lost } = await putBack()
    expect(await session(0)).toMatchObject({ epoch: kept.epoch, head: 3 })
    expect([await verdictOn(kept), await verdictOn(lost)]).toEqual(['resumed', 'ahead'])
    await session(2)
    expect([await verdictOn(kept), await verdictOn(lost)]).toEqual(['resumed', 'diverged'])
    await session(4)
    expect([await verdictOn(kept), await verdictOn(lost)]).toEqual(['resumed', 'diverged'])
    // Where it was seen without a tag, only another epoch would help.
    const { epoch, offset } = lost
    expect(await verdictOn({ epoch, offset })).toBe('resumed')
    renewEpoch(file)
    expect(await verdictOn({ epoch, offset })).toBe('epoch')
  })
})

it('has another epoch when it was put back and went on before its mark came back', async () => {
  await session(3)
  copyFileSync(file, directory.file('backup.db'))
  const { epoch } = await session(2)
  renameSync(`${file}-mark`, directory.file('mark'))
  copyFileSync(directory.file('backup.db'), file)
  expect(await session(4)).toMatchObject({ epoch, head: 7 })
  renameSync(directory.file('mark'), `${file}-mark`)
  const again = await session(0)
  expect(again.epoch).not.toBe(epoch)
  expect(again.head).toBe(7)
})

describe('a file that is put back under an open log', () => {
  /** Puts the first three records back in the place of all, as the SQLite shell's .restore does. */
  function restore(): void {
    const other = new DatabaseSync(file)
    other.exec(`
      ATTACH '${directory.file('backup.db')}' AS backup;
      BEGIN IMMEDIATE;
      DELETE FROM main.life; INSERT INTO main.life SELECT * FROM backup.life;
      DELETE FROM main.records; INSERT INTO main.records SELECT * FROM backup.records;
      COMMIT`)
    other.close()
  }

  async function open() {
    const { epoch } = await session(3)
    copyFileSync(file, directory.file('backup.db'))
    const log = sqliteLog({ file, pollInterval: 5 })
    return { log, epoch }
  }

  it('has another epoch from the next append on', async () => {
    const { log, epoch } = await open()
    await log.append([aRecord(4), aRecord(5)])
    restore()
    const [position] = await log.append([aRecord(6)])
    expect(position).toMatchObject({ offset: 4 })
    expect(position?.epoch).not.toBe(epoch)
    await log.close()
  })

  it('has another epoch as soon as a tail misses what it has told, which is reset once', async () => {
    const { log, epoch } = await open()
    const tails = [follow(log, { epoch, offset: 0 }), follow(log, { epoch, offset: 3 })]
    // This process itself has appended nothing.
    const other = sqliteLog({ file })
    await other.append([aRecord(4), aRecord(5)])
    await other.close()
    await Promise.all([tails[0]?.until(5), tails[1]?.until(2)])
    restore()
    await Promise.all([tails[0]?.until(8), tails[1]?.until(5)])
    const bounds = await log.bounds()
    expect(bounds.epoch).not.toBe(epoch)
    for (const tail of tails) expect(tail.resets).toEqual([bounds])
    await log.close()
  })

  it('is told to a tail also where the epoch cannot be changed', async () => {
    const { log, epoch } = await open()
    await log.append([aRecord(4), aRecord(5)])
    const tail = follow(log, { epoch, offset: 0 })
    await tail.until(5)
    restore()
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    await tail.until(8)
    expect(tail.resets).toMatchObject([{ epoch, first: 1, head: 3 }])
    other.close()
    await log.append([aRecord(6)])
    await tail.until(12)
    expect(tail.resets).toHaveLength(2)
    expect(tail.resets[1]?.epoch).not.toBe(epoch)
    await log.close()
  })

  it('keeps its epoch whatever cursors say, for anybody can write those', async () => {
    const { log, epoch } = await open()
    for (const offset of [3, 9]) {
      const tail = follow(log, { epoch, offset, tag: 'forged' })
      await tail.until(3)
      expect(tail.resets).toEqual([await log.bounds()])
    }
    await log.append([aRecord(4)])
    expect(await log.bounds()).toMatchObject({ epoch, head: 4 })
    await log.close()
  })
})

it.each(['', 'nonsense', `${'z'.repeat(80)}.1`, '\0'.repeat(64)])(
  'takes no harm from the mark %j',
  async (text) => {
    const { epoch } = await session(3)
    writeFileSync(`${file}-mark`, text)
    const after = await session(1)
    expect(after).toMatchObject({ epoch, first: 1, head: 4 })
    const mark = readFileSync(`${file}-mark`, 'latin1').slice(0, 64)
    expect(mark).toBe(`${formatCursor(headOf(after))}`.padEnd(63).concat('\n'))
  },
)

it('begins anew where the file is missing, whatever the mark says', async () => {
  const { epoch } = await session(3)
  rmSync(file)
  const anew = await session(1)
  expect(anew).toMatchObject({ first: 1, head: 1 })
  expect(anew.epoch).not.toBe(epoch)
  expect(await session(1)).toMatchObject({ epoch: anew.epoch, head: 2 })
})
