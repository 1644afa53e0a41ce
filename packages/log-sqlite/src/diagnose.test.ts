import { existsSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import type { LogFinding } from '@millrace/log'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SqliteLogOptions } from './options.ts'
import { sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

let directory: ReturnType<typeof temporaryDirectory>
beforeEach(() => {
  directory = temporaryDirectory()
})
afterEach(() => directory.remove())

async function diagnose(options: Partial<SqliteLogOptions> = {}): Promise<readonly LogFinding[]> {
  const log = sqliteLog({ file: directory.file(), ...options })
  try {
    return await log.diagnose({ streamAge: 3_600_000 })
  } finally {
    await log.close()
  }
}

const about = (findings: readonly LogFinding[], subject: string) =>
  findings.find((finding) => finding.subject === subject)

describe('a diagnosis', () => {
  it('looks at the file, the disk, the mark and the retention', async () => {
    const findings = await diagnose({ maxBytes: 1_024 })
    expect(findings.map(({ subject }) => subject)).toEqual(['file', 'disk', 'mark', 'retention'])
    expect(findings.slice(1).map(({ level }) => level)).toEqual(['ok', 'ok', 'ok'])
  })

  const isLinux = process.platform === 'linux'

  it.skipIf(!isLinux || !existsSync('/dev/shm'))('warns of a file in memory', async () => {
    const inMemory = temporaryDirectory('memory')
    try {
      const findings = await diagnose({ file: inMemory.file() })
      expect(about(findings, 'file')).toMatchObject({
        level: 'warn',
        message: expect.stringContaining('tmpfs'),
      })
    } finally {
      inMemory.remove()
    }
  })

  // Whichever this machine has.
  it.skipIf(!isLinux || statfsSync(tmpdir()).type !== 0xef53)('finds nothing wrong with a disk', async () => {
    expect(about(await diagnose(), 'file')).toMatchObject({ level: 'ok' })
  })

  it.skipIf(!isLinux || statfsSync(tmpdir()).type !== 0x794c7630)(
    'warns of a container’s own layer',
    async () => {
      expect(about(await diagnose(), 'file')).toMatchObject({
        level: 'warn',
        message: expect.stringContaining('overlayfs'),
      })
    },
  )

  it('warns of a disk that has less room than the log may take', async () => {
    expect(about(await diagnose({ maxBytes: 2 ** 60 }), 'disk')).toMatchObject({ level: 'warn' })
  })

  it('warns of a mark that cannot be written', async () => {
    mkdirSync(`${directory.file()}-mark`)
    expect(about(await diagnose(), 'mark')).toMatchObject({ level: 'warn' })
  })

  it('holds the retention against how long streams last', async () => {
    expect(about(await diagnose({ maxAge: 3_599_999 }), 'retention')).toMatchObject({ level: 'warn' })
  })

  it('says what is wrong with a file that cannot be opened any more', async () => {
    const log = sqliteLog({ file: directory.file() })
    rmSync(directory.path, { recursive: true })
    expect(await log.diagnose()).toMatchObject([{ level: 'fault', subject: 'file' }])
    await log.close()
    await expect(log.diagnose()).rejects.toMatchObject({ code: 'log-closed' })
  })
})
