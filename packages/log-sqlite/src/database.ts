import { DatabaseSync } from 'node:sqlite'
import { randomEpoch } from '@millrace/log'
import { attempt, isLocked, problemWith } from './errors.ts'
import type { Mark } from './mark.ts'
import { insertLife, type Marks, newerThan, recognize, selectMarks, stepsFrom } from './schema.ts'

// So that one large transaction does not leave a large write-ahead log behind for good.
const walBytes = 16 * 1024 * 1024

/**
 * FULL, because an append is durable when it resolves: the write-ahead log is synced at each commit. NORMAL syncs it at
 * checkpoints only and would lose what was acknowledged when the machine loses power. On Apple's systems a sync reaches the
 * disk only with `fullfsync`; others do not know it. No waiting for locks inside of SQLite, which would block the event loop.
 */
const settings = `
  PRAGMA synchronous = FULL;
  PRAGMA fullfsync = 1;
  PRAGMA checkpoint_fullfsync = 1;
  PRAGMA journal_size_limit = ${walBytes};
  PRAGMA busy_timeout = 0;`

/** Opens a log's file for writing, and makes the log when the file is new. Blocks while another process makes it. */
export function openForWriting(file: string, mark: Mark, lockTimeout: number): DatabaseSync {
  return opened(file, (database) => {
    whileLocked(file, lockTimeout, () => {
      const marks = marksOf(database, file)
      toWriteAheadLog(database, file)
      database.exec(settings)
      if (recognize(marks) !== 'log') bringUp(database, file, mark)
    })
    checkWritable(database, file)
  })
}

/** Opens a log's file once more, for reading. */
export function openForReading(file: string): DatabaseSync {
  return opened(file, (database) => database.exec('PRAGMA query_only = 1; PRAGMA busy_timeout = 0;'))
}

function opened(file: string, prepare: (database: DatabaseSync) => void): DatabaseSync {
  return attempt(file, () => {
    const database = new DatabaseSync(file)
    try {
      prepare(database)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  })
}

// Nothing has been written yet: a file that is not ours stays as it is.
function marksOf(database: DatabaseSync, file: string): Marks {
  const marks = database.prepare(selectMarks).get() as unknown as Marks
  const kind = recognize(marks)
  if (kind === 'foreign') throw problemWith('not-a-log', file)
  if (kind === 'newer') throw problemWith('newer', file, newerThan(marks))
  return marks
}

function toWriteAheadLog(database: DatabaseSync, file: string): void {
  const answer = database.prepare('PRAGMA journal_mode = WAL').get() as { journal_mode: string }
  if (answer.journal_mode !== 'wal') throw problemWith('unsupported', file)
}

// Makes the log, or takes one of an earlier format to the present one, all of it or nothing.
function bringUp(database: DatabaseSync, file: string, mark: Mark): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    // Another process may have been first.
    const marks = marksOf(database, file)
    const kind = recognize(marks)
    if (kind === 'empty') mark.blank()
    if (kind !== 'log') database.exec(stepsFrom(marks))
    if (kind === 'empty') database.prepare(insertLife).run(randomEpoch())
    database.exec('COMMIT')
  } catch (error) {
    rollback(database)
    throw error
  }
}

/** Ends a transaction without its changes. Some failures have done so already. */
export function rollback(database: DatabaseSync): void {
  try {
    database.exec('ROLLBACK')
  } catch {
    // No transaction is open, which is what was wanted.
  }
}

// Better found out now than at the first append. A transaction alone would tell nothing: it begins on a read-only file as
// well. Who finds the file locked knows that it can be written.
function checkWritable(database: DatabaseSync, file: string): void {
  try {
    attempt(file, () => database.exec('BEGIN IMMEDIATE; UPDATE life SET one = one'))
  } catch (error) {
    if (!isLocked(error)) throw error
  } finally {
    rollback(database)
  }
}

// Only here, where a log is opened, is waiting allowed to block: there is no log yet that anything could wait for.
function whileLocked(file: string, timeout: number, task: () => void): void {
  const deadline = performance.now() + timeout
  const nothing = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    try {
      attempt(file, task)
      return
    } catch (error) {
      if (!isLocked(error) || performance.now() > deadline) throw error
      Atomics.wait(nothing, 0, 0, 5)
    }
  }
}
