import { accessSync, constants, existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { MillraceError } from '@millrace/protocol'

/**
 * What is wrong with a log's file.
 *
 * - `full`: there is no room to append.
 * - `locked`: another connection held the file for longer than `lockTimeout`.
 * - `read-only`: the file may be read but not written.
 * - `not-a-log`: the file is no SQLite database, or one of something else.
 * - `newer`: a later version of this package wrote it.
 * - `damaged`: SQLite finds its contents inconsistent.
 * - `unsupported`: the file system cannot hold a database that several connections share (no write-ahead log).
 * - `unavailable`: the file cannot be opened, read or written for another reason.
 * - `record`: a record cannot be kept unchanged; the file is sound.
 */
export type SqliteLogProblem =
  | 'full'
  | 'locked'
  | 'read-only'
  | 'not-a-log'
  | 'newer'
  | 'damaged'
  | 'unsupported'
  | 'unavailable'
  | 'record'

const code = 'log-sqlite'

/** An SQLite log could not do what was asked. `message` says what to do about it. */
export class SqliteLogError extends MillraceError {
  /** What is wrong, to branch on. */
  readonly problem: SqliteLogProblem
  /** Path of the log's file. */
  readonly file: string

  constructor(problem: SqliteLogProblem, file: string, message: string, options?: ErrorOptions) {
    super('SqliteLogError', code, message, options)
    this.problem = problem
    this.file = file
  }

  /** Whether a value is such an error, also when another copy of this package made it. */
  static override isInstance(value: unknown): value is SqliteLogError {
    return MillraceError.isInstance(value, code)
  }
}

// SQLite's primary result codes, the low byte of what it answers: https://www.sqlite.org/rescode.html
const problems: Readonly<Record<number, SqliteLogProblem>> = {
  5: 'locked',
  6: 'locked',
  8: 'read-only',
  11: 'damaged',
  13: 'full',
  26: 'not-a-log',
}

// The memory that connections share stands in a file, too (-shm); this is what it says when that cannot grow.
const noRoomToShare = 4874

const cannotOpen = 14

const messages: Readonly<Record<SqliteLogProblem, (file: string, detail: string) => string>> = {
  full: (file) =>
    `${file}: there is no room for what is appended. None of it was kept, and what was kept before is safe. Free some space, or keep less (maxBytes); appends work again as soon as there is room`,
  locked: (file) =>
    `${file}: another connection holds the file. End what holds it (a tool with an open transaction, a copy under way), or wait longer (lockTimeout)`,
  'read-only': (file) =>
    `${file}: the file may not be written. Give this process the right to write the file and its directory, or use another file`,
  'not-a-log': (file) =>
    `${file}: the file is not a Millrace log. Nothing in it was changed; name another file`,
  newer: (file, detail) => `${file}: ${detail}. Upgrade @millrace/log-sqlite, or name another file`,
  damaged: (file, detail) =>
    `${file}: the file is damaged (${detail}). Move it away together with its -wal and -shm files; the log then begins anew, and subscribers are told so`,
  unsupported: (file) =>
    `${file}: this file system cannot hold a write-ahead log. Put the file on a local disk, not on a network share`,
  unavailable: (file, detail) =>
    `${file}: the file cannot be used (${detail}). Its directory must exist, on a disk that works, and this process must be allowed to write in it`,
  record: (_, detail) => detail,
}

/** The error for a problem, with what to do about it. */
export function problemWith(
  problem: SqliteLogProblem,
  file: string,
  detail = '',
  cause?: unknown,
): SqliteLogError {
  const options = cause === undefined ? undefined : { cause }
  return new SqliteLogError(problem, file, messages[problem](file, detail), options)
}

/** What SQLite or the file system threw, as an error of this package. Other errors are left as they are. */
export function translate(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || SqliteLogError.isInstance(error)) return error
  const { errcode, syscall } = error as { errcode?: unknown; syscall?: unknown }
  if (typeof errcode === 'number') {
    return problemWith(problemOf(errcode, file), file, error.message, error)
  }
  return typeof syscall === 'string' ? problemWith('unavailable', file, error.message, error) : error
}

function problemOf(errcode: number, file: string): SqliteLogProblem {
  if (errcode === noRoomToShare) return 'full'
  if (errcode === cannotOpen && existsSync(file) && !mayWrite(file)) return 'read-only'
  return problems[errcode & 0xff] ?? 'unavailable'
}

function mayWrite(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    // What belongs to the database stands beside it.
    accessSync(dirname(file), constants.W_OK)
    return true
  } catch {
    return false
  }
}

/** Whether it may go well when it is tried again. */
export function isLocked(error: unknown): boolean {
  return SqliteLogError.isInstance(error) && error.problem === 'locked'
}

/** Does something with a file, and throws what goes wrong as an error of this package. */
export function attempt<Value>(file: string, task: () => Value): Value {
  try {
    return task()
  } catch (error) {
    throw translate(error, file)
  }
}
