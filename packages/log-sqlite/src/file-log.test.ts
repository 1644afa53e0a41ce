import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describeLog } from '@millrace/log/conformance'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type FileLog, fileLog } from './file-log.fixture.ts'

let directory = ''
let count = 0
const paths = new WeakMap<FileLog, string>()

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'file-log-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function openAt(path: string, wake?: (look: () => void) => void): Promise<FileLog> {
  const log = await fileLog(path, wake)
  paths.set(log, path)
  return log
}

function newPath(): string {
  count += 1
  return join(directory, `${count}.jsonl`)
}

describeLog<FileLog>(
  'fileLog',
  {
    open: () => openAt(newPath()),
    openWith: (wake) => openAt(newPath(), wake),
    trim: (log, keepFrom) => log.trim(keepFrom),
    tags: true,
    async backUp(log) {
      const path = paths.get(log) ?? ''
      await copyFile(path, `${path}.copy`)
      return async () => {
        await log.close()
        await copyFile(`${path}.copy`, path)
        return openAt(path)
      }
    },
  },
  { describe, it },
)
