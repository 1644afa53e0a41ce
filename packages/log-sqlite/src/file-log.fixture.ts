import { type FileHandle, open, readFile, rename, writeFile } from 'node:fs/promises'
import {
  beforeFirst,
  judge,
  type Log,
  type LogBounds,
  LogClosedError,
  type LogPage,
  type LogRecord,
  type NewRecord,
  positionOf,
  randomEpoch,
  randomTag,
  type TailObserver,
} from '@millrace/log'
import type { Position } from '@millrace/protocol'

/** A file of lines: the first one is the place before the oldest record, each other one what a call appended. */
export async function fileLog(
  path: string,
  wake: (look: () => void) => void = queueMicrotask,
): Promise<FileLog> {
  const text = await readFile(path, 'utf8').catch(() => '')
  // Behind the last line end is what a crash left half written. Nobody was told that it was kept.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  const [start = JSON.stringify({ epoch: randomEpoch(), offset: 0 }), ...lines] = whole
    .split('\n')
    .slice(0, -1)
  const log = new FileLog(path, wake)
  await log.rewrite(
    JSON.parse(start),
    lines.flatMap((line) => JSON.parse(line) as LogRecord[]),
  )
  return log
}

export class FileLog implements Log {
  readonly #path: string
  readonly #wake: (look: () => void) => void
  readonly #looks = new Set<() => void>()
  #start: Position = { epoch: '', offset: 0 }
  #records: LogRecord[] = []
  #file: FileHandle | undefined
  #length = 0
  #last: Promise<unknown> = Promise.resolve()
  #closed = false

  constructor(path: string, wake: (look: () => void) => void) {
    this.#path = path
    this.#wake = wake
  }

  append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    // Copied now: who appends may change them before their turn has come.
    const copies = records.map((record) => ({ ...record }))
    return this.#inTurn(async () => {
      const { epoch } = this.#start
      const tag = randomTag()
      const added: LogRecord[] = []
      const positions = copies.map((record) => {
        const known = record.key === undefined ? undefined : this.#find(record.key, added)
        if (known !== undefined) return positionOf(epoch, known)
        const offset = this.#head + added.length + 1
        added.push(Object.freeze({ ...record, offset, tag }))
        return { epoch, offset, tag }
      })
      // One line for a call, so that a crash keeps all of it or none.
      if (added.length > 0) await this.#write(`${JSON.stringify(added)}\n`)
      this.#records.push(...added)
      for (const look of this.#looks) this.#wake(look)
      return positions
    })
  }

  async read(after: number, limit: number): Promise<LogPage> {
    return this.#page(after, limit)
  }

  async bounds(): Promise<LogBounds> {
    const { records: _, afterTag: __, ...bounds } = this.#page(0, 0)
    return bounds
  }

  tail(after: Position, observer: TailObserver): () => void {
    this.#refuseWhenClosed()
    let position = after
    const look = (): void => {
      // Stopped, or the log was closed.
      if (!this.#looks.has(look)) return
      const { records, afterTag, ...bounds } = this.#page(position.offset, 1_000)
      const last = records.at(-1)
      // First the new place, then the call, which may throw, stop this tail or append.
      if (judge(position, bounds, afterTag) !== 'resumed') {
        position = beforeFirst(bounds)
        tell(() => observer.reset(bounds))
      } else if (last !== undefined) {
        position = positionOf(bounds.epoch, last)
        tell(() => observer.records(records))
      } else return
      // There may be more. Others have their turn before.
      setTimeout(look, 0)
    }
    const tell = (call: () => void): void => {
      try {
        call()
      } catch (error) {
        if (this.#looks.has(look)) observer.error?.(error)
      }
    }
    this.#looks.add(look)
    // Never before this function has returned, and not by way of wakes, which may be lost.
    queueMicrotask(look)
    return () => this.#looks.delete(look)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#looks.clear()
    await this.#last
    await this.#file?.close()
  }

  /** Forgets every record below an offset. */
  trim(keepFrom: number): Promise<void> {
    return this.#inTurn(async () => {
      const kept = this.#records.filter(({ offset }) => offset >= keepFrom)
      const forgotten = this.#records[this.#records.length - kept.length - 1]
      // Its tag as well, for those who have seen it last.
      if (forgotten !== undefined) await this.rewrite(positionOf(this.#start.epoch, forgotten), kept)
    })
  }

  /** Makes the file anew with these records: under another name first, so that a crash leaves the old one or the new one. */
  async rewrite(start: Position, records: LogRecord[]): Promise<void> {
    const lines = [start, ...records.map((record) => [record])].map((line) => `${JSON.stringify(line)}\n`)
    await writeFile(`${this.#path}.new`, lines.join(''), { flush: true })
    await rename(`${this.#path}.new`, this.#path)
    await this.#file?.close()
    this.#file = await open(this.#path, 'r+')
    this.#length = Buffer.byteLength(lines.join(''))
    // At once, for those who read meanwhile.
    this.#start = start
    this.#records = records
  }

  get #head(): number {
    return this.#start.offset + this.#records.length
  }

  #find(key: string, added: readonly LogRecord[]): LogRecord | undefined {
    const isSame = (record: LogRecord) => record.key === key
    return this.#records.find(isSame) ?? added.find(isSame)
  }

  #page(after: number, limit: number): LogPage {
    this.#refuseWhenClosed()
    const { epoch, offset, tag } = this.#start
    const index = after - offset
    const bounds = {
      epoch,
      first: offset + 1,
      head: this.#head,
      headTag: (this.#records.at(-1) ?? { tag }).tag,
    }
    // No clamping: whoever asks for a place that is not here gets nothing, and sees by the bounds why.
    if (index < 0 || after > bounds.head) return { ...bounds, records: [] }
    const afterTag = index === 0 ? tag : this.#records[index - 1]?.tag
    return { ...bounds, afterTag, records: this.#records.slice(index, index + limit) }
  }

  async #write(line: string): Promise<void> {
    try {
      const { bytesWritten } = await (this.#file as FileHandle).write(line, this.#length)
      await this.#file?.datasync()
      this.#length += bytesWritten
    } catch (error) {
      // Nothing of it may be there when the log is opened again, and the next call writes in its place.
      await this.#file?.truncate(this.#length)
      throw error
    }
  }

  // One after the other, in the order of the calls, whatever becomes of those before.
  #inTurn<Value>(task: () => Promise<Value>): Promise<Value> {
    if (this.#closed) return Promise.reject(new LogClosedError())
    const turn = this.#last.then(task)
    this.#last = turn.catch(() => {})
    return turn
  }

  #refuseWhenClosed(): void {
    if (this.#closed) throw new LogClosedError()
  }
}
