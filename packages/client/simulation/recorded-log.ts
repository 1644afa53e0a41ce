import type { Log, LogBounds, LogPage, MemoryLog, NewRecord, TailObserver } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { LosingLog } from './losing-log.ts'
import type { Truth } from './truth.ts'

/** A log that writes down the truth beside what it does. */
export class RecordedLog implements Log {
  readonly #log: MemoryLog | LosingLog
  readonly truth: Truth
  readonly #name: string
  readonly #appended: () => void

  /**
   * @param epoch of the life that it begins with
   * @param name what stands behind the epochs of the shard that it is; nothing where it is none
   */
  constructor(log: MemoryLog | LosingLog, epoch: string, truth: Truth, name: string, appended: () => void) {
    this.#log = log
    this.truth = truth
    this.#name = name
    this.#appended = appended
    truth.begin(epoch + name)
  }

  append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    const { present } = this.truth
    const appending = this.#log.append(records)
    const tag = this.#log instanceof LosingLog ? this.#log.tag : undefined
    for (const record of records) {
      const known = record.key === undefined ? undefined : present.keys.get(record.key)
      if (known === undefined || known <= present.trimmed) this.truth.append({ ...record, tag })
    }
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
    const { present } = this.truth
    present.trimmed = Math.max(present.trimmed, present.records.length - count)
    this.#log.trim(present.trimmed + 1)
  }

  /** Loses the newest, if it is one of those that can: they have tags. */
  lose(count: number): void {
    const { records, trimmed } = this.truth.present
    const kept = Math.max(trimmed, records.length - count)
    if (!(this.#log instanceof LosingLog) || kept === records.length) return
    this.truth.lose(kept)
    this.#log.lose(kept)
  }

  restart(epoch: string): void {
    this.truth.begin(epoch + this.#name)
    this.#log.restart(epoch)
  }
}
