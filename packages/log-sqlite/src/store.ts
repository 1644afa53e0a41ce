import { type BigIntStats, statSync } from 'node:fs'
import type { DatabaseSync } from 'node:sqlite'
import { judge, randomEpoch } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { openForReading, openForWriting } from './database.ts'
import { attempt, isLocked } from './errors.ts'
import { Mark } from './mark.ts'
import type { Settings } from './options.ts'
import { Reader } from './reader.ts'
import type { Witness } from './witness.ts'
import { Writer } from './writer.ts'

/** A log's file while it is open: one connection that writes, one that reads, and the mark beside it. */
export class Store {
  readonly path: string
  readonly reader: Reader
  readonly writer: Writer
  readonly mark: Mark
  // The writer last: the last one to close tidies the write-ahead log up, and the other may not write.
  readonly #connections: DatabaseSync[] = []
  readonly #identity: BigIntStats | undefined

  /** @param witness of what this process has seen of the log so far, by way of other stores */
  constructor(settings: Settings, witness: Witness) {
    const { path } = settings
    this.path = path
    this.mark = new Mark(path)
    // Read before the log is, which may go on meanwhile: a mark that is read later would lie beyond it.
    const mark = this.mark.read()
    this.#connections.push(openForWriting(path, this.mark, settings.lockTimeout))
    try {
      this.#connections.unshift(openForReading(path))
      const [forReading, forWriting] = this.#connections as [DatabaseSync, DatabaseSync]
      // Tables that are missing or damaged show when statements are prepared.
      this.reader = attempt(path, () => new Reader(forReading, settings))
      this.writer = attempt(path, () => new Writer(forWriting, settings, witness))
      this.#identity = identityOf(path)
      if (mark !== undefined) this.#checkAgainst(mark)
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Whether the file at the path is another one than was opened, or none. What is written now would be lost. */
  get isReplaced(): boolean {
    const now = identityOf(this.path)
    return now?.ino !== this.#identity?.ino || now?.dev !== this.#identity?.dev
  }

  /** Makes known that something has been committed, to other processes and to whoever opens the log next. */
  announce(position: Position): void {
    this.mark.write(position)
  }

  /** Changes the epoch and keeps the records. */
  renewEpoch(): string {
    return attempt(this.path, () => {
      const epoch = randomEpoch()
      this.writer.begin()
      try {
        this.mark.blank()
        this.writer.renew(epoch)
        this.writer.commit()
      } catch (error) {
        this.writer.rollback()
        throw error
      }
      this.announce(this.writer.position)
      return epoch
    })
  }

  /** Changes the epoch if the log was put back to an older state. Answers whether it did. */
  renewIfPutBack(): boolean {
    return attempt(this.path, () => {
      this.writer.begin()
      try {
        this.writer.commit()
      } catch (error) {
        this.writer.rollback()
        throw error
      }
      if (this.writer.hasNews) this.announce(this.writer.position)
      return this.writer.hasNews
    })
  }

  close(): void {
    for (const connection of this.#connections) connection.close()
    this.mark.close()
  }

  // A log that ends before its mark, or has another record there, was put back to an older copy. It would give offsets away a
  // second time under the same epoch, or has done so.
  #checkAgainst(mark: Position): void {
    const page = attempt(this.path, () => this.reader.page(mark.offset, 0))
    const verdict = judge(mark, page, page.afterTag)
    if (verdict === 'resumed' || verdict === 'trimmed') return
    try {
      this.renewEpoch()
    } catch (error) {
      if (!isLocked(error)) throw error
    }
  }
}

function identityOf(path: string): BigIntStats | undefined {
  return attempt(path, () => statSync(path, { bigint: true, throwIfNoEntry: false }))
}
