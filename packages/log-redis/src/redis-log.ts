import { LogClosedError, type LogFinding, type LogUse, type NewRecord } from '@millrace/log'
import { type EngineLog, engineLog } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { diagnose } from './diagnose.ts'
import { type RedisLogOptions, settingsOf } from './options.ts'
import { requireKeepable } from './record.ts'
import { RedisEngine } from './redis-engine.ts'

/** A log in Redis. */
export interface RedisLog extends EngineLog {
  /** Looks whether Redis can be reached and is set up to keep a log. @throws LogClosedError after `close` */
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
 * A log in Redis (6.2 or later) or Valkey, shared by all processes that name the same. It connects with its first use and not before.
 *
 * Every method may reject, and a tail's observer may be told, with a `LogEngineError`, whose message says what to do.
 *
 * @throws TypeError for a name that is none.
 * @throws RangeError for a limit that is out of range.
 */
export function redisLog(options: RedisLogOptions = {}): RedisLog {
  const settings = settingsOf(options)
  const engine = new RedisEngine(settings)
  const log = engineLog(engine, {
    ...(options.pollInterval !== undefined && { pollInterval: options.pollInterval }),
    ...(options.wake !== undefined && { wake: options.wake }),
  })
  let closing = false
  const sweeping = sweepEvery(settings.maxAge, () => engine.sweep())
  return {
    async append(records: readonly NewRecord[]): Promise<readonly Position[]> {
      records.forEach(requireKeepable)
      return log.append(records)
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
    close() {
      closing = true
      clearInterval(sweeping)
      return log.close()
    },
  }
}

// What grows too old while nothing is appended. Every process does so, and the second finds nothing to do.
function sweepEvery(maxAge: number, sweep: () => Promise<void>): NodeJS.Timeout | undefined {
  if (!Number.isFinite(maxAge)) return undefined
  const interval = Math.min(Math.max(maxAge / 10, 1_000), 60_000)
  // What fails is tried again, and told by whatever else is asked of the log.
  return setInterval(() => void sweep().catch(() => {}), interval).unref()
}
