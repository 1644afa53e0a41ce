import type { Position } from '@millrace/protocol'
import { type LogFinding, type LogUse, retentionFinding } from './diagnosis.ts'
import { isEpoch, randomEpoch } from './epoch.ts'
import { LogClosedError } from './errors.ts'
import { History, type Retention } from './history.ts'
import type { Log, LogBounds, LogPage, NewRecord, TailObserver } from './log.ts'
import { MemoryTail } from './memory-tail.ts'

/** Settings of a memory log. What exceeds any of the three limits is forgotten, oldest first. */
export interface MemoryLogOptions {
  /**
   * Identity of the log's first life: 1 to 32 characters of `0-9a-z`. Give one only where it must be known beforehand,
   * as in a test: a fixed epoch makes a restarted process pass its new history off as the old one.
   *
   * @default ten random characters
   */
  readonly epoch?: string
  /**
   * How many records are kept, at least 1.
   *
   * @default 100_000
   */
  readonly maxRecords?: number
  /**
   * How long a record is kept after its append, in milliseconds, above 0. It is forgotten when the log is next used;
   * no timer runs for it. Unlimited by default, because memory is bounded by the other two and every record kept is a
   * reconnect that resumes: set it where data must not be held for longer.
   *
   * @default Infinity
   */
  readonly maxAge?: number
  /**
   * How much memory the records may take, in bytes, above 0. Counted as two for each character of topic, event, data,
   * key and trace, and 160 for each record. The newest record is kept even if it is larger.
   *
   * @default 67_108_864 (64 MiB)
   */
  readonly maxBytes?: number
  /**
   * The clock that ages are measured by, in milliseconds.
   *
   * @default Date.now
   */
  readonly now?: () => number
  /**
   * Schedules a tail's look at the log after an append; called once for each tail. The look must not run inside the
   * call. A microtask by default: it exists in every runtime, and it runs when the current job is done, so all that
   * the job appended reaches a tail as one batch, before whoever awaits the append goes on. A test can drop, double or
   * delay looks here.
   *
   * @default queueMicrotask, once for all tails
   */
  readonly wake?: (look: () => void) => void
}

/** A log in the memory of one process. It also does on demand what befalls other logs, so that it can be rehearsed. */
export interface MemoryLog extends Log {
  /**
   * Forgets every record below an offset, as retention does.
   *
   * @throws LogClosedError after `close`.
   */
  trim(keepFrom: number): void
  /**
   * Forgets everything and begins a new life, as when an engine's data was lost or restored: a new epoch, offsets from
   * 1 again, and a reset for every tail.
   *
   * @param epoch The new life's identity, another one than before. Random by default.
   * @throws LogClosedError after `close`.
   * @throws TypeError for an epoch that is not one, or is the present one.
   */
  restart(epoch?: string): void
}

/**
 * Makes a log in memory, for one process, development and tests. Its history ends with the process, which subscribers
 * are then told as a new epoch.
 *
 * @throws TypeError for an epoch that is not 1 to 32 characters of `0-9a-z`.
 * @throws RangeError for a limit that is out of range.
 */
export function memoryLog(options: MemoryLogOptions = {}): MemoryLog {
  const { maxRecords = 100_000, maxAge = Number.POSITIVE_INFINITY, maxBytes = 64 * 1024 * 1024 } = options
  // Looked up at each call, so that faked globals count, and not called as methods, which browsers refuse.
  const { epoch = randomEpoch(), now = () => Date.now(), wake = createWake() } = options
  if (!(maxRecords >= 1)) throw new RangeError(`maxRecords must be at least 1, not ${maxRecords}`)
  if (!(maxAge > 0)) throw new RangeError(`maxAge must be above 0, not ${maxAge}`)
  if (!(maxBytes > 0)) throw new RangeError(`maxBytes must be above 0, not ${maxBytes}`)
  return new InMemoryLog(epoch, { maxRecords, maxAge, maxBytes, now }, wake)
}

// One look is enough for all that a job appends, and none is lost here.
function createWake(): (look: () => void) => void {
  const due = new Set<() => void>()
  const lookAll = () => {
    const looks = [...due]
    due.clear()
    for (const look of looks) look()
  }
  return (look) => {
    if (due.size === 0) queueMicrotask(lookAll)
    due.add(look)
  }
}

class InMemoryLog implements MemoryLog {
  readonly #retention: Retention
  readonly #wake: (look: () => void) => void
  readonly #tails = new Set<MemoryTail>()
  #current: History | undefined

  constructor(epoch: string, retention: Retention, wake: (look: () => void) => void) {
    this.#retention = retention
    this.#wake = wake
    this.#current = this.#begin(epoch)
  }

  // Not an asynchronous function, because to make one's state for each event costs as much as to append it.
  append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    try {
      const positions = this.#history().append(records)
      this.#wakeTails()
      return Promise.resolve(positions)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async read(after: number, limit: number): Promise<LogPage> {
    const history = this.#history()
    // The bounds first: asking for them forgets what is too old to be read.
    return { ...history.bounds(), records: history.after(after, limit) }
  }

  tail(after: Position, observer: TailObserver): () => void {
    this.#history()
    const tail = new MemoryTail(() => this.#history(), after, observer)
    this.#tails.add(tail)
    // Later, so that the caller has the stop function before the first call. Not a wake, which may be lost.
    queueMicrotask(tail.look)
    return () => {
      tail.stop()
      this.#tails.delete(tail)
    }
  }

  async bounds(): Promise<LogBounds> {
    return this.#history().bounds()
  }

  async diagnose(use?: LogUse): Promise<readonly LogFinding[]> {
    this.#history()
    return [
      {
        level: 'warn',
        subject: 'processes',
        message:
          'The log is in the memory of one process: no other one sees its events, and its history ends with it, which subscribers are told (epoch)',
        cure: 'Take a log that outlives the process where that matters (docs/choosing-a-log.md)',
      },
      retentionFinding(this.#retention.maxAge, use),
    ]
  }

  async close(): Promise<void> {
    for (const tail of this.#tails) tail.stop()
    this.#tails.clear()
    this.#current = undefined
  }

  trim(keepFrom: number): void {
    // Wakes nobody: a tail at the head has lost nothing, and one behind it is about to look anyway.
    this.#history().trim(keepFrom)
  }

  restart(epoch: string = randomEpoch()): void {
    if (epoch === this.#history().epoch) throw new TypeError(`A new life needs another epoch than ${epoch}`)
    this.#current = this.#begin(epoch)
    this.#wakeTails()
  }

  #begin(epoch: string): History {
    if (!isEpoch(epoch)) throw new TypeError(`Not an epoch (1 to 32 characters of 0-9a-z): ${epoch}`)
    return new History(epoch, this.#retention)
  }

  #history(): History {
    if (this.#current === undefined) throw new LogClosedError()
    return this.#current
  }

  // Nothing remembers that a wake is under way: were that one lost, no other would follow. Looks that find nothing are
  // cheaper than such a memory.
  #wakeTails(): void {
    for (const tail of this.#tails) this.#wake(tail.look)
  }
}
