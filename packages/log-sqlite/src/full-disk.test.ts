import { execFileSync, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SqliteLogError } from './errors.ts'
import { aRecord, follow, readAll } from './follow.fixture.ts'
import { sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(() => directory.remove())

const large = (number: number) => aRecord(number, JSON.stringify('x'.repeat(2_000)))

// A small file system of the test's own: only root may make one, and only where nothing forbids it.
function mount(...options: string[]): boolean {
  return spawnSync('mount', [...options, directory.path], { stdio: 'ignore' }).status === 0
}

const canMount = (() => {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  directory = temporaryDirectory()
  const mounted = mount('-t', 'tmpfs', '-o', 'size=64k', 'tmpfs')
  if (mounted) execFileSync('umount', [directory.path])
  directory.remove()
  return mounted
})()

describe.skipIf(!canMount)('a full disk', () => {
  afterEach(() => execFileSync('umount', [directory.path]))

  it('refuses appends, loses nothing, and goes on when there is room', async () => {
    mount('-t', 'tmpfs', '-o', 'size=2m', 'tmpfs')
    const log = sqliteLog({ file: directory.file() })
    const tail = follow(log, { epoch: (await log.bounds()).epoch, offset: 0 })
    let acknowledged = 0
    let failure: unknown
    while (failure === undefined) {
      await log.append([large(acknowledged)]).then(
        () => {
          acknowledged += 1
        },
        (error: unknown) => {
          failure = error
        },
      )
    }
    expect(failure).toBeInstanceOf(SqliteLogError)
    expect(failure).toMatchObject({ problem: 'full', code: 'log-sqlite', file: directory.file() })
    expect(acknowledged).toBeGreaterThan(50)
    // Reading and following go on meanwhile.
    expect(await readAll(log)).toHaveLength(acknowledged)
    const settled = await Promise.allSettled([log.append([large(0)]), log.append([large(0)])])
    for (const outcome of settled) expect(outcome).toMatchObject({ reason: { problem: 'full' } })

    mount('-o', 'remount,size=8m')
    const [position] = await log.append([large(acknowledged)])
    expect(position?.offset).toBe(acknowledged + 1)
    await tail.until(acknowledged + 1)
    expect([...tail.resets, ...tail.errors]).toEqual([])
    await log.close()

    const again = sqliteLog({ file: directory.file() })
    const records = await readAll(again)
    expect(records.map(({ time }) => time)).toEqual(records.map((_, index) => large(index).time))
    expect(records).toHaveLength(acknowledged + 1)
    await again.close()
  })

  it('is told when a log is opened for the first time', () => {
    mount('-t', 'tmpfs', '-o', 'size=8k', 'tmpfs')
    expect(() => sqliteLog({ file: directory.file() })).toThrow(expect.objectContaining({ problem: 'full' }))
  })

  it('is told as a read-only file where nothing may be written', async () => {
    mount('-t', 'tmpfs', '-o', 'size=8m', 'tmpfs')
    const log = sqliteLog({ file: directory.file() })
    await log.append([large(1)])
    await log.close()
    mount('-o', 'remount,ro')
    expect(() => sqliteLog({ file: directory.file() })).toThrow(
      expect.objectContaining({ problem: 'read-only' }),
    )
    mount('-o', 'remount,rw')
    const again = sqliteLog({ file: directory.file() })
    expect(await readAll(again)).toHaveLength(1)
    await again.close()
  })
})

it.skipIf(process.platform === 'win32')('loses nothing when a write to the disk fails', async () => {
  const script = fileURLToPath(new URL('fill-file.fixture.ts', import.meta.url))
  const file = directory.file()
  // No file of that process may become larger than this many blocks, of 512 bytes in some shells and 1,024 in others.
  const command = 'ulimit -f 2048; exec "$@"'
  const call = ['-c', command, 'sh', process.execPath, '--conditions=@millrace/source', script, file]
  const { stdout, stderr } = spawnSync('sh', call, { encoding: 'utf8' })
  expect(stdout, stderr).not.toBe('')
  const { acknowledged, problem, head, read } = JSON.parse(stdout)
  expect(problem).toBe('unavailable')
  expect(acknowledged).toBeGreaterThan(50)
  expect(head).toBeGreaterThanOrEqual(acknowledged)
  expect(read).toBe(1)
  const log = sqliteLog({ file })
  const records = await readAll(log)
  expect(records.length).toBeGreaterThanOrEqual(acknowledged)
  expect(records.map(({ offset }) => offset)).toEqual(records.map((_, index) => index + 1))
  const [position] = await log.append([large(0)])
  expect(position?.offset).toBe(records.length + 1)
  await log.close()
})
