import type { Position } from '@millrace/protocol'
import { judge } from '../judge.ts'
import type { Log, LogBounds, LogRecord, TailObserver } from '../log.ts'
import { ConformanceError, check } from './check.ts'

interface Waiter {
  readonly done: () => boolean
  readonly resolve: () => void
}

/** What a test does inside a tail's callbacks. */
export interface WatcherHooks {
  records?(records: readonly LogRecord[]): void
  reset?(bounds: LogBounds): void
  /** Whether its offset may have become another record's, so that bounds do not tell why it is reset. */
  readonly mayDiverge?: boolean
}

/** A tail under watch: keeps all that it tells and notes what no tail may do. */
export class Watcher {
  readonly received: LogRecord[] = []
  readonly resets: LogBounds[] = []
  readonly errors: unknown[] = []
  /** How many times records came. */
  calls = 0
  readonly #patience: number
  readonly #mayDiverge: boolean
  readonly #violations: string[] = []
  readonly #stop: () => void
  readonly #waiters = new Set<Waiter>()
  #epoch: string
  #expected: number
  #inside = false
  #stopped = false

  constructor(log: Log, after: Position, patience: number, hooks: WatcherHooks) {
    this.#patience = patience
    this.#mayDiverge = hooks.mayDiverge === true
    this.#epoch = after.epoch
    this.#expected = after.offset + 1
    let returned = false
    const observer: TailObserver = {
      records: (records) =>
        this.#enter(returned, () => {
          this.#take(records)
          hooks.records?.(records)
        }),
      reset: (bounds) =>
        this.#enter(returned, () => {
          this.#restart(bounds)
          hooks.reset?.(bounds)
        }),
      error: (error) => this.#enter(returned, () => this.errors.push(error)),
    }
    this.#stop = log.tail(after, observer)
    returned = true
  }

  /** The life of the log that the tail is in. */
  get epoch(): string {
    return this.#epoch
  }

  /** Offset of the last record that came, or of the place before the next. */
  get position(): number {
    return this.#expected - 1
  }

  stop(): void {
    this.#stopped = true
    this.#stop()
  }

  /** Resolves when the condition holds after a call; fails when patience ends before. */
  async until(done: () => boolean, what: string): Promise<void> {
    if (done()) return
    await new Promise<void>((resolve, reject) => {
      const waiter = {
        done,
        resolve: () => {
          clearTimeout(timer)
          resolve()
        },
      }
      this.#waiters.add(waiter)
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter)
        const seen = `${this.received.length} records, ${this.resets.length} resets and ${this.errors.length} errors`
        reject(new ConformanceError(`waited in vain for ${what}; the tail told ${seen}`))
      }, this.#patience)
    })
  }

  untilOffset(offset: number): Promise<void> {
    return this.until(() => this.position >= offset, `offset ${offset}`)
  }

  untilReset(): Promise<void> {
    return this.until(() => this.resets.length > 0, 'a reset')
  }

  /** Fails when the tail did what no tail may do. */
  verify(): void {
    check(this.#violations.length === 0, `the tail ${this.#violations.join('; the tail ')}`)
  }

  #take(records: readonly LogRecord[]): void {
    this.calls += 1
    if (records.length === 0) this.#violations.push('told no records')
    for (const record of records) {
      if (record.offset !== this.#expected) {
        this.#violations.push(`told offset ${record.offset} where ${this.#expected} was next`)
      }
      this.#expected = record.offset + 1
      this.received.push(record)
    }
  }

  #restart(bounds: LogBounds): void {
    this.resets.push(bounds)
    if (!this.#mayDiverge && judge({ epoch: this.#epoch, offset: this.position }, bounds) === 'resumed') {
      this.#violations.push(`was reset although it could go on after ${this.position}`)
    }
    this.#epoch = bounds.epoch
    this.#expected = bounds.first
  }

  #enter(returned: boolean, body: () => void): void {
    if (!returned) this.#violations.push('called before it had returned')
    if (this.#inside) this.#violations.push('called while a call was running')
    if (this.#stopped) this.#violations.push('called after it was stopped')
    this.#inside = true
    try {
      body()
    } finally {
      this.#inside = false
      for (const waiter of this.#waiters) {
        if (!waiter.done()) continue
        this.#waiters.delete(waiter)
        waiter.resolve()
      }
    }
  }
}
