import type { Position } from '@millrace/protocol'
import { LogClosedError } from '../errors.ts'
import type { Log, LogBounds, LogPage, NewRecord, TailObserver } from '../log.ts'
import { AppendQueue } from './append-queue.ts'
import type { Engine } from './engine.ts'
import { EngineTail } from './engine-tail.ts'

/** How a log of an engine works. */
export interface EngineLogOptions {
  /**
   * How often the tails look without having been woken, in milliseconds, above 0: the longest that an event can be late when the engine's
   * word of it was lost.
   *
   * @default 1_000
   */
  readonly pollInterval?: number
  /**
   * The most records that calls under way at once are gathered into, at least 1.
   *
   * @default 1_000
   */
  readonly batchLength?: number
  /**
   * How large they are at most together, above 0, by `sizeOf`; for engines whose steps have a limit. A call that is larger itself is a step alone.
   *
   * @default Infinity
   */
  readonly batchSize?: number
  /** How large a record is. @default the length of its data */
  readonly sizeOf?: (record: NewRecord) => number
  /** Schedules a tail's look, as the memory log's. @default immediately */
  readonly wake?: (look: () => void) => void
}

/** How a log's engine is doing, as this process sees it. */
export interface EngineHealth {
  /** Whether the last thing that was asked of it was answered. */
  readonly up: boolean
  /** Why not. */
  readonly error?: unknown
  /** How many records the tails of this process are behind the head, at the last look. */
  readonly lag: number
  /** How many calls have failed since the log was opened. */
  readonly failures: number
}

/** A log on an engine. */
export interface EngineLog extends Log {
  /** How the engine is doing, without asking it. */
  readonly health: EngineHealth
}

/** Makes a log of an engine's few atomic steps. @throws RangeError for a setting that is out of range */
export function engineLog(engine: Engine, options: EngineLogOptions = {}): EngineLog {
  return new LogOfEngine(engine, options)
}

class LogOfEngine implements EngineLog {
  readonly #engine: Engine
  readonly #pollInterval: number
  readonly #wake: (look: () => void) => void
  readonly #appends: AppendQueue
  readonly #tails = new Set<EngineTail>()
  readonly #underWay = new Set<Promise<unknown>>()
  #health: EngineHealth = { up: true, lag: 0, failures: 0 }
  #unwatch: (() => void) | undefined
  #closing: Promise<void> | undefined

  constructor(engine: Engine, options: EngineLogOptions) {
    const { pollInterval = 1_000, batchLength = 1_000, batchSize = Number.POSITIVE_INFINITY, wake } = options
    requireRange('pollInterval', pollInterval > 0 && pollInterval < 2 ** 31, 'be from above 0 to 2^31 - 1')
    requireRange(
      'batchLength',
      Number.isSafeInteger(batchLength) && batchLength > 0,
      'be a whole number from 1',
    )
    requireRange('batchSize', batchSize > 0, 'be above 0')
    this.#engine = engine
    this.#pollInterval = pollInterval
    this.#wake = wake ?? ((look) => look())
    this.#appends = new AppendQueue((records) => this.#watched(engine.append(records)), {
      records: batchLength,
      size: batchSize,
      sizeOf: options.sizeOf ?? (({ data }) => data.length),
    })
  }

  get health(): EngineHealth {
    return this.#health
  }

  async append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    this.#refuseWhenClosed()
    if (records.length === 0) return []
    // Copied now: who appends may change them before their turn has come.
    const positions = await this.#appends.add(records.map((record) => ({ ...record })))
    this.#wakeTails()
    return positions
  }

  async read(after: number, limit: number): Promise<LogPage> {
    this.#refuseWhenClosed()
    return this.#watched(this.#engine.read(after, limit))
  }

  async bounds(): Promise<LogBounds> {
    const { records: _, afterTag: __, ...bounds } = await this.read(0, 0)
    return bounds
  }

  tail(after: Position, observer: TailObserver): () => void {
    this.#refuseWhenClosed()
    const host = {
      read: (offset: number, limit: number) => this.#watched(this.#engine.read(offset, limit)),
      renew: (lost: Position) => this.#watched(this.#engine.renew(lost)),
      looked: (lag: number) => {
        if (lag !== this.#health.lag) this.#health = { ...this.#health, lag }
      },
    }
    const tail = new EngineTail(host, after, observer)
    this.#tails.add(tail)
    this.#unwatch ??= this.#watch()
    // Later, so that the caller has the stop function before the first call. Not a wake, which may be lost.
    queueMicrotask(tail.look)
    return () => {
      tail.stop()
      this.#tails.delete(tail)
      if (this.#tails.size > 0) return
      this.#unwatch?.()
      this.#unwatch = undefined
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const tail of this.#tails) tail.stop()
    this.#tails.clear()
    this.#unwatch?.()
    this.#unwatch = undefined
    await this.#appends.idle()
    await Promise.allSettled(this.#underWay)
    await this.#engine.close()
  }

  #watch(): () => void {
    let stopped = false
    const stop = this.#engine.watch({
      wake: () => {
        if (!stopped) this.#wakeTails()
      },
      failed: (error) => {
        if (!stopped) this.#failed(error)
      },
    })
    // Not by way of `wake`: this is what makes up for wakes that were lost.
    const timer = setInterval(() => {
      for (const tail of this.#tails) tail.look()
    }, this.#pollInterval)
    ;(timer as { unref?: () => void }).unref?.()
    return () => {
      stopped = true
      clearInterval(timer)
      stop()
    }
  }

  #watched<Value>(answer: Promise<Value>): Promise<Value> {
    const settled = answer.then(
      () => {
        if (!this.#health.up)
          this.#health = { up: true, lag: this.#health.lag, failures: this.#health.failures }
      },
      (error: unknown) => this.#failed(error),
    )
    this.#underWay.add(settled)
    void settled.then(() => this.#underWay.delete(settled))
    return answer
  }

  #failed(error: unknown): void {
    const { lag, failures } = this.#health
    this.#health = { up: false, error, lag, failures: failures + 1 }
  }

  // Nothing remembers that a wake is under way: were that one lost, no other would follow.
  #wakeTails(): void {
    for (const tail of this.#tails) this.#wake(tail.look)
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== undefined) throw new LogClosedError()
  }
}

function requireRange(name: string, holds: boolean, wanted: string): void {
  if (!holds) throw new RangeError(`${name} must ${wanted}`)
}
