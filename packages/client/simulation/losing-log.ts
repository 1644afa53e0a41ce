import {
  beforeFirst,
  headOf,
  judge,
  type Log,
  type LogBounds,
  type LogPage,
  type LogRecord,
  type NewRecord,
  positionOf,
  type TailObserver,
} from '@millrace/log'
import type { Position } from '@millrace/protocol'

/** A log in memory, with tags, that can lose what it has acknowledged: as by a failover or a backup that was put back. */
export class LosingLog implements Log {
  /** Of the last append. */
  tag = ''
  #epoch: string
  // Also what is forgotten, for its tags.
  #records: LogRecord[] = []
  #first = 1
  #appends = 0
  readonly #looks = new Set<() => void>()
  readonly #wake: (look: () => void) => void

  constructor(epoch: string, wake: (look: () => void) => void) {
    this.#epoch = epoch
    this.#wake = wake
  }

  async append(appended: readonly NewRecord[]): Promise<readonly Position[]> {
    this.#appends += 1
    this.tag = `t${this.#appends.toString(36)}`
    const positions = appended.map((record) => {
      const held = this.#records.slice(this.#first - 1)
      const known = record.key === undefined ? undefined : held.find(({ key }) => key === record.key)
      if (known !== undefined) return positionOf(this.#epoch, known)
      const offset = this.#records.push({ ...record, offset: this.#records.length + 1, tag: this.tag })
      return { epoch: this.#epoch, offset, tag: this.tag }
    })
    this.#wakeAll()
    return positions
  }

  async read(after: number, limit: number): Promise<LogPage> {
    return this.#page(after, limit)
  }

  async bounds(): Promise<LogBounds> {
    return this.#bounds()
  }

  tail(after: Position, observer: TailObserver): () => void {
    let position = after
    const look = (): void => {
      if (!this.#looks.has(look)) return
      const page = this.#page(position.offset, Number.POSITIVE_INFINITY)
      const { records, afterTag, ...bounds } = page
      if (judge(position, page, afterTag) !== 'resumed') {
        position = beforeFirst(bounds)
        observer.reset(bounds)
        queueMicrotask(look)
      } else if (records.length > 0) {
        position = headOf(bounds)
        observer.records(records)
      }
    }
    this.#looks.add(look)
    queueMicrotask(look)
    return () => this.#looks.delete(look)
  }

  async close(): Promise<void> {
    this.#looks.clear()
  }

  trim(keepFrom: number): void {
    this.#first = Math.min(Math.max(this.#first, keepFrom), this.#records.length + 1)
  }

  /** Loses all but the first. */
  lose(kept: number): void {
    this.#records = this.#records.slice(0, kept)
    this.#wakeAll()
  }

  /** Begins a new life. */
  restart(epoch: string): void {
    this.#epoch = epoch
    this.#records = []
    this.#first = 1
    this.#wakeAll()
  }

  #wakeAll(): void {
    for (const look of this.#looks) this.#wake(look)
  }

  #bounds(): LogBounds {
    const head = this.#records.length
    return { epoch: this.#epoch, first: this.#first, head, headTag: this.#records[head - 1]?.tag }
  }

  #page(after: number, limit: number): LogPage {
    const isHeld = after >= this.#first - 1
    const records = isHeld ? this.#records.slice(after, after + limit) : []
    return { ...this.#bounds(), records, afterTag: isHeld ? this.#records[after - 1]?.tag : undefined }
  }
}
