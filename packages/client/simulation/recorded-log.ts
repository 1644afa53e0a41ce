import type { Log, LogBounds, LogPage, MemoryLog, NewRecord, TailObserver } from '@millrace/log'
import type { Position } from '@millrace/protocol'

/** One life of a log, as it truly was: nothing is forgotten here. */
export interface Life {
  readonly epoch: string
  /** How many lives there were before. */
  readonly number: number
  readonly records: NewRecord[]
  /** Offsets by key. */
  readonly keys: Map<string, number>
  /** Topics that are complete. */
  readonly complete: Set<string>
  /** Up to which offset the log has forgotten. */
  trimmed: number
}

/** All that was ever appended, to judge by what a client was told. */
export class Truth {
  readonly #lives: Life[] = []

  begin(epoch: string): Life {
    const life: Life = {
      epoch,
      number: this.#lives.length,
      records: [],
      keys: new Map(),
      complete: new Set(),
      trimmed: 0,
    }
    this.#lives.push(life)
    return life
  }

  life(epoch: string): Life | undefined {
    return this.#lives.find((life) => life.epoch === epoch)
  }

  /** Whether a topic has ended in a life or in one after it, or in the one before, of which a stream may still tell. */
  wasComplete(topic: string, since: string): boolean {
    const first = this.#lives.findIndex(({ epoch }) => epoch === since)
    return this.#lives.slice(Math.max(0, first - 1)).some(({ complete }) => complete.has(topic))
  }

  get present(): Life {
    return this.#lives.at(-1) as Life
  }

  get head(): Position {
    const { epoch, records } = this.present
    return { epoch, offset: records.length }
  }

  /** The place before what the log still holds. */
  get oldest(): Position {
    const { epoch, trimmed } = this.present
    return { epoch, offset: trimmed }
  }
}

/** A memory log that writes down the truth beside what it does. */
export class RecordedLog implements Log {
  readonly #log: MemoryLog
  readonly #truth: Truth
  readonly #appended: () => void

  constructor(log: MemoryLog, truth: Truth, appended: () => void) {
    this.#log = log
    this.#truth = truth
    this.#appended = appended
  }

  append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    const { present } = this.#truth
    for (const record of records) {
      const known = record.key === undefined ? undefined : present.keys.get(record.key)
      if (known !== undefined && known > present.trimmed) continue
      if (record.key !== undefined) present.keys.set(record.key, present.records.length + 1)
      present.records.push(record)
      if (record.event === 'millrace.end') present.complete.add(record.topic)
    }
    const appending = this.#log.append(records)
    this.#appended()
    return appending
  }

  read(after: number, limit: number): Promise<LogPage> {
    return this.#log.read(after, limit)
  }

  tail(after: Position, observer: TailObserver): () => void {
    return this.#log.tail(after, observer)
  }

  bounds(): Promise<LogBounds> {
    return this.#log.bounds()
  }

  close(): Promise<void> {
    return this.#log.close()
  }

  /** Forgets all but the newest. */
  keep(count: number): void {
    const { present } = this.#truth
    present.trimmed = Math.max(present.trimmed, present.records.length - count)
    this.#log.trim(present.trimmed + 1)
  }

  restart(epoch: string): void {
    this.#truth.begin(epoch)
    this.#log.restart(epoch)
  }
}
