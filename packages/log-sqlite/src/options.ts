import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Settings of an SQLite log. What exceeds any of the three limits is forgotten, oldest first. */
export interface SqliteLogOptions {
  /**
   * Path of the file, or its `file:` URL. It is made when it is missing; its directory is not. Beside it stand
   * `<file>-wal` and `<file>-shm`, which belong to SQLite, and `<file>-mark`.
   */
  readonly file: string | URL
  /**
   * How many records are kept, at least 1.
   *
   * @default 1_000_000
   */
  readonly maxRecords?: number
  /**
   * How long a record is kept after its append, in milliseconds, above 0. An older one is read no more from that moment
   * on, and leaves the file a little later, at the latest after a tenth of this time or a minute.
   *
   * @default Infinity
   */
  readonly maxAge?: number
  /**
   * How much room the records may take in the file, in bytes, above 0. Counted as the UTF-8 length of topic, event, data
   * and key, and 64 for each record, which is about what the file takes. The newest record is kept even if it is larger.
   * The file never shrinks; freed room is used again.
   *
   * @default 1_073_741_824 (1 GiB)
   */
  readonly maxBytes?: number
  /**
   * How long an append or a read waits while another connection holds the file, in milliseconds, from 0 on. It waits
   * without blocking the event loop.
   *
   * @default 5_000
   */
  readonly lockTimeout?: number
  /**
   * How often tails look for what other processes have appended, in milliseconds, above 0, while there are tails. They are
   * told of it at once by the file system; this is for file systems that do not tell.
   *
   * @default 100
   */
  readonly pollInterval?: number
  /**
   * The clock that ages are measured by, in milliseconds since 1970. Processes that share a file must agree on it.
   *
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Schedules a tail's look at the log after an append, its own process's or another's; called once for each tail. A
   * test can drop, double or delay looks here.
   *
   * @default queueMicrotask
   */
  readonly wake?: (look: () => void) => void
}

/** The settings with their defaults. */
export type Settings = Readonly<Required<Omit<SqliteLogOptions, 'file'>>> & { readonly path: string }

/** How much is kept. */
export type Retention = Pick<Settings, 'maxRecords' | 'maxAge' | 'maxBytes' | 'now'>

/** @throws TypeError or RangeError for what is out of range. */
export function settingsOf(options: SqliteLogOptions): Settings {
  const { maxRecords = 1_000_000, maxAge = Number.POSITIVE_INFINITY, maxBytes = 1024 ** 3 } = options
  const { lockTimeout = 5_000, pollInterval = 100 } = options
  // Looked up at each call, so that faked globals count.
  const { now = () => Date.now(), wake = (look) => queueMicrotask(look) } = options
  if (!(maxRecords >= 1)) throw new RangeError(`maxRecords must be at least 1, not ${maxRecords}`)
  if (!(maxAge > 0)) throw new RangeError(`maxAge must be above 0, not ${maxAge}`)
  if (!(maxBytes > 0)) throw new RangeError(`maxBytes must be above 0, not ${maxBytes}`)
  if (!(lockTimeout >= 0)) throw new RangeError(`lockTimeout must be at least 0, not ${lockTimeout}`)
  // Above this a timer of Node fires at once.
  if (!(pollInterval > 0 && pollInterval < 2 ** 31)) {
    throw new RangeError(`pollInterval must be above 0 and below 2 ** 31, not ${pollInterval}`)
  }
  const path = pathOf(options.file)
  return { path, maxRecords, maxAge, maxBytes, lockTimeout, pollInterval, now, wake }
}

/** The absolute path, which stays the same when the process changes its directory. */
function pathOf(file: string | URL): string {
  // Several connections open it: a database in memory would be another one for each.
  if (file === '' || file === ':memory:') {
    throw new TypeError('An SQLite log needs a file; for one in memory take memoryLog of @millrace/log')
  }
  return file instanceof URL ? fileURLToPath(file) : resolve(file)
}
