import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, rmSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describeLog } from '@millrace/log/conformance'
import { afterAll, describe, it } from 'vitest'
import type { SqliteLogOptions } from './options.ts'
import { type SqliteLog, sqliteLog } from './sqlite-log.ts'
import { temporaryDirectory } from './temporary.fixture.ts'

const directory = temporaryDirectory('memory')
afterAll(() => directory.remove())

let files = 0
const paths = new WeakMap<SqliteLog, string>()

function open(options: Partial<SqliteLogOptions> = {}): SqliteLog {
  files += 1
  const file = directory.file(`${files}.db`)
  const log = sqliteLog({ pollInterval: 20, ...options, file })
  paths.set(log, file)
  return log
}

function fileOf(log: SqliteLog): string {
  return paths.get(log) ?? ''
}

/** A copy of the file as it is now. */
function copyOf(log: SqliteLog): string {
  const copy = `${fileOf(log)}.copy`
  rmSync(copy, { force: true })
  const other = new DatabaseSync(fileOf(log))
  other.exec(`VACUUM INTO '${copy}'`)
  other.close()
  return copy
}

describeLog<SqliteLog>(
  'sqliteLog',
  {
    open: async () => open(),
    tags: true,
    backUp: async (log) => {
      const copy = copyOf(log)
      // As the SQLite shell's .restore does, while the log is open.
      return async () => {
        const other = new DatabaseSync(fileOf(log))
        other.exec(`
          ATTACH '${copy}' AS copy;
          BEGIN IMMEDIATE;
          DELETE FROM main.life; INSERT INTO main.life SELECT * FROM copy.life;
          DELETE FROM main.records; INSERT INTO main.records SELECT * FROM copy.records;
          COMMIT`)
        other.close()
        return log
      }
    },
    openWith: async (wake) => open({ wake }),
    join: async (log) => {
      const joined = sqliteLog({ file: fileOf(log), pollInterval: 20 })
      paths.set(joined, fileOf(log))
      return joined
    },
    trim: (log, keepFrom) => log.trim(keepFrom),
    recreate: (log) => log.restart(),
    disturbances: {
      'another connection holds the file': async (log) => {
        const other = new DatabaseSync(fileOf(log))
        other.exec('BEGIN IMMEDIATE')
        return () => other.close()
      },
      'another process dies in the middle of a transaction': async (log) => {
        const script = `
          const database = new (require('node:sqlite').DatabaseSync)(process.argv[1])
          database.exec('PRAGMA cache_size = 1; BEGIN IMMEDIATE; DELETE FROM records')
          database.exec("UPDATE life SET epoch = 'wrong', head = 1000")
          process.stdout.write('half way')
          setInterval(() => {}, 1000)`
        const other = spawn(process.execPath, ['-e', script, fileOf(log)], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        await once(other.stdout, 'data')
        return async () => {
          other.kill('SIGKILL')
          await once(other, 'close')
        }
      },
      'a reader keeps the write-ahead log from being emptied': async (log) => {
        const other = new DatabaseSync(fileOf(log))
        other.exec('BEGIN; SELECT * FROM life')
        return () => other.close()
      },
      'the mark beside the file is deleted': async (log) => {
        rmSync(`${fileOf(log)}-mark`)
        return () => {}
      },
    },
  },
  { describe, it },
)

describeLog<SqliteLog>(
  'sqliteLog whose file is deleted, or replaced',
  {
    open: async () => open(),
    tags: true,
    backUp: async (log) => {
      const copy = copyOf(log)
      // With all that stands beside it, so that nothing on the disk remembers what is lost.
      return async () => {
        await log.close()
        for (const ending of ['', '-wal', '-shm', '-mark']) rmSync(`${fileOf(log)}${ending}`, { force: true })
        copyFileSync(copy, fileOf(log))
        const again = sqliteLog({ file: fileOf(log), pollInterval: 20 })
        paths.set(again, fileOf(log))
        return again
      }
    },
    recreate: (log) => {
      for (const ending of ['', '-wal', '-shm']) rmSync(`${fileOf(log)}${ending}`)
    },
  },
  { describe, it },
)
