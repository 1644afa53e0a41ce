import { copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { judge } from '@millrace/log'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { aRecord, readAll } from './follow.fixture.ts'
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
  expect(await session(2)).toEqual({ epoch, first: 1, head: 5 })
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
  expect(await session(1)).toEqual({ epoch, first: 1, head: 4 })
  rmSync(`${file}-mark`)
  expect(await session(1)).toEqual({ epoch, first: 1, head: 5 })
})

it('cannot see that its whole directory is an older one', async () => {
  await session(3)
  const backup = temporaryDirectory('memory')
  cpSync(directory.path, backup.path, { recursive: true })
  const { epoch } = await session(2)
  rmSync(file)
  cpSync(backup.path, directory.path, { recursive: true })
  backup.remove()
  // Hence renewEpoch.
  expect(await session(0)).toEqual({ epoch, first: 1, head: 3 })
})

it.each(['', 'nonsense', `${'z'.repeat(80)}.1`, '\0'.repeat(64)])(
  'takes no harm from the mark %j',
  async (text) => {
    const { epoch } = await session(3)
    writeFileSync(`${file}-mark`, text)
    expect(await session(1)).toEqual({ epoch, first: 1, head: 4 })
    expect(readFileSync(`${file}-mark`, 'latin1').slice(0, 64)).toBe(`${`${epoch}.4`.padEnd(63)}\n`)
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
