import { LogClosedError, type LogFinding, type LogUse, type NewRecord } from '@millrace/log'
import { type EngineLog, engineLog } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { diagnose } from './diagnose.ts'
import { type PostgresLogOptions, settingsOf } from './options.ts'
import { PostgresEngine, type PostgresTransaction } from './postgres-engine.ts'
import { requireKeepable } from './record.ts'

export type { PostgresTransaction } from './postgres-engine.ts'

/** How often what is too much is forgotten, in milliseconds, where something was appended. */
const sweepInterval = 1_000

/**
 * About how much of the calls under way goes into one transaction: so much that its commit, which waits for the disk, is little beside it,
 * and so little that others who publish do not wait for long.
 */
const batch = { batchLength: 5_000, batchSize: 4_194_304 }

/** A log in Postgres. */
export interface PostgresLog extends EngineLog {
  /**
   * Has records appended within a transaction of the application's: when it commits they get their places, in the order in which
   * transactions commit, and when it is rolled back they never were. Resolves when they are written down in the transaction.
   *
   * @throws LogEngineError for a record that cannot be kept, and for a transaction of another database, which then cannot commit; what the
   * transaction throws
   */
  appendWithin(transaction: PostgresTransaction, records: readonly NewRecord[]): Promise<void>
  /** Looks whether Postgres can be reached and is set up to keep a log. @throws LogClosedError after `close` */
  diagnose(use?: LogUse): Promise<readonly LogFinding[]>
  /**
   * Forgets every record below an offset, as retention does, for all processes.
   *
   * @throws LogEngineError when that cannot be done.
   */
  trim(keepFrom: number): Promise<void>
  /**
   * Forgets everything and begins a new life: a new epoch, offsets from 1 again, and a reset for every tail, in all processes.
   *
   * @throws LogEngineError when that cannot be done.
   */
  restart(): Promise<void>
}

/**
 * A log in PostgreSQL (14 or later), shared by all processes that name the same database and schema. It connects with its first use and not
 * before.
 *
 * Every method may reject, and a tail's observer may be told, with a `LogEngineError`, whose message says what to do.
 *
 * @throws TypeError for a schema's name that is none.
 * @throws RangeError for a limit that is out of range.
 */
export function postgresLog(options: PostgresLogOptions): PostgresLog {
  const settings = settingsOf(options)
  const engine = new PostgresEngine(settings)
  const { pollInterval } = settings
  const log = engineLog(engine, {
    ...batch,
    pollInterval,
    ...(options.wake !== undefined && { wake: options.wake }),
  })
  let closing = false
  const sweeper = sweepWhileUsed(settings.maxAge, () => engine.sweep())
  return {
    async append(records: readonly NewRecord[]): Promise<readonly Position[]> {
      records.forEach(requireKeepable)
      try {
        return await log.append(records)
      } finally {
        // Afterwards, for a sweep that came before it in Postgres has not seen it.
        sweeper.used()
      }
    },
    async appendWithin(transaction, records) {
      if (closing) throw new LogClosedError()
      records.forEach(requireKeepable)
      if (records.length > 0) await engine.appendWithin(transaction, records)
      sweeper.used()
    },
    read: (after, limit) => log.read(after, limit),
    tail: (after, observer) => log.tail(after, observer),
    bounds: () => log.bounds(),
    async diagnose(use) {
      if (closing) throw new LogClosedError()
      return diagnose(settings, use)
    },
    get health() {
      return log.health
    },
    trim: (keepFrom) => engine.trim(keepFrom),
    restart: () => engine.restart(),
    async close() {
      closing = true
      await sweeper.stop()
      await log.close()
    },
  }
}

/** Forgets what is too much soon after it was appended, and what grows too old while nothing is. */
function sweepWhileUsed(maxAge: number, sweep: () => Promise<void>) {
  const idle = Number.isFinite(maxAge)
    ? Math.min(Math.max(maxAge / 10, sweepInterval), 60_000)
    : Number.POSITIVE_INFINITY
  let isUsed = false
  let last = performance.now()
  let sweeping: Promise<void> | undefined
  const timer = setInterval(() => {
    if (sweeping !== undefined || (!isUsed && performance.now() - last < idle)) return
    isUsed = false
    last = performance.now()
    // What fails is tried again, and told by whatever else is asked of the log.
    sweeping = sweep()
      .catch(() => {})
      .finally(() => {
        sweeping = undefined
      })
  }, sweepInterval).unref()
  return {
    used() {
      isUsed = true
    },
    async stop() {
      clearInterval(timer)
      await sweeping
    },
  }
}
