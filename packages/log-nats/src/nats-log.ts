import { LogClosedError, type LogFinding, type LogRecord, type LogUse, type NewRecord } from '@millrace/log'
import { type EngineLog, engineLog } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { diagnose } from './diagnose.ts'
import { NatsEngine } from './nats-engine.ts'
import { type NatsLogOptions, settingsOf } from './options.ts'
import { requireKeepable } from './record.ts'

/** A log in NATS JetStream. */
export interface NatsLog extends EngineLog {
  /** Looks whether NATS can be reached and is set up to keep a log. @throws LogClosedError after `close` */
  diagnose(use?: LogUse): Promise<readonly LogFinding[]>
  /**
   * The newest records of a topic that the stream still holds, oldest first: also those from before the place where history without a hole
   * begins, as the last ones of each subject are that `max_msgs_per_subject` keeps. Made for snapshots. It reads all that is held of
   * the topic, so for a topic of which that is much it takes its time.
   *
   * @param topic Its address (`orders/42`), no pattern.
   * @param limit How many at most, a whole number from 1.
   * @throws LogClosedError after `close`.
   * @throws LogEngineError when they cannot be read.
   */
  latest(topic: string, limit: number): Promise<readonly LogRecord[]>
  /**
   * Forgets every record below an offset, as retention does, for all processes.
   *
   * @throws LogEngineError when that cannot be done.
   */
  trim(keepFrom: number): Promise<void>
  /**
   * Forgets everything and begins a new life: the stream is deleted and made anew, with a new epoch, offsets from 1 again, and a reset
   * for every tail, in all processes.
   *
   * @throws LogEngineError when that cannot be done.
   */
  restart(): Promise<void>
}

/**
 * A log in NATS JetStream (2.9 or later), shared by all processes that name the same. It connects with its first use and not before, and
 * makes its stream where there is none.
 *
 * Every method may reject, and a tail's observer may be told, with a `LogEngineError`, whose message says what to do.
 *
 * @throws TypeError for a name that is none.
 * @throws RangeError for a limit that is out of range.
 */
export function natsLog(options: NatsLogOptions = {}): NatsLog {
  const settings = settingsOf(options)
  const engine = new NatsEngine(settings)
  const log = engineLog(engine, {
    ...(options.pollInterval !== undefined && { pollInterval: options.pollInterval }),
    ...(options.wake !== undefined && { wake: options.wake }),
  })
  let closing = false
  return {
    async append(records: readonly NewRecord[]): Promise<readonly Position[]> {
      for (const record of records) requireKeepable(record, engine.maxPayload)
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
    async latest(topic, limit) {
      if (closing) throw new LogClosedError()
      if (!Number.isSafeInteger(limit) || limit < 1)
        throw new RangeError('limit must be a whole number from 1')
      return engine.latest(topic, limit)
    },
    trim: (keepFrom) => engine.trim(keepFrom),
    restart: () => engine.restart(),
    close() {
      closing = true
      return log.close()
    },
  }
}
