import { LogClosedError, type LogFinding, type LogUse, type NewRecord } from '@millrace/log'
import { type EngineLog, engineLog } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { diagnose } from './diagnose.ts'
import { requireKeepable, sizeOf } from './entry.ts'
import { KafkaEngine } from './kafka-engine.ts'
import { type KafkaLogOptions, type KafkaLogsOptions, type Settings, settingsOf } from './options.ts'

/** How often is looked whether there is too much, in milliseconds. */
const sweepInterval = 1_000

/** About how much of the calls under way goes into one batch, in bytes: less than what a topic takes if nothing is said. */
const batchSize = 786_432

/** A log in Kafka. */
export interface KafkaLog extends EngineLog {
  /** Looks whether Kafka can be reached and the topic is set up to keep a log. @throws LogClosedError after `close` */
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
 * A log in a topic of Kafka (3.1 or later) with one partition, shared by all processes that name the same. It connects with its first use and
 * not before.
 *
 * Every method may reject, and a tail's observer may be told, with a `LogEngineError`, whose message says what to do.
 *
 * @throws TypeError for a name or a broker that is none.
 * @throws RangeError for a limit that is out of range.
 */
export function kafkaLog(options: KafkaLogOptions = {}): KafkaLog {
  return openLog(options, settingsOf(options, 1))
}

/**
 * A log in each partition of a topic, in their order, for `shards(kafkaLogs({ partitions: 3 }))`: each has its own order, epoch and retention, and two
 * connections. A topic with another number of partitions is refused, also when some are added later, which is noticed within about a second.
 *
 * @throws TypeError for a name or a broker that is none.
 * @throws RangeError for a limit that is out of range.
 */
export function kafkaLogs(options: KafkaLogsOptions): readonly KafkaLog[] {
  const { partitions } = options
  const settings = settingsOf(options, partitions)
  return Array.from({ length: partitions }, (_, partition) => openLog(options, { ...settings, partition }))
}

function openLog(options: KafkaLogOptions, settings: Settings): KafkaLog {
  const engine = new KafkaEngine(settings)
  const log = engineLog(engine, {
    batchSize,
    sizeOf,
    ...(options.pollInterval !== undefined && { pollInterval: options.pollInterval }),
    ...(options.wake !== undefined && { wake: options.wake }),
  })
  // What fails is tried again, and told by whatever else is asked of the log.
  const sweeping = setInterval(() => void engine.sweep().catch(() => {}), sweepInterval).unref()
  let closing = false
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
