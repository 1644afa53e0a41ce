import { judge, type Log, type LogRecord } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import type { Entry } from './entry.ts'
import type { FeedPage } from './feed-page.ts'
import { FrameRun } from './frame-run.ts'

/** Records of one look: enough to fill a socket, few enough to be read from an engine in one go. */
export const pageLength = 1_000

/** Memory that the joined bytes of a page may take, which many sessions read. */
export const sharedPageBytes = 1024 * 1024

/** Reads the log for those who are behind what is in memory. A storm of reconnects asks for the same pages: each is read and encoded once while it is under way. */
export class PageReader {
  readonly #log: Log
  readonly #entry: (epoch: string, record: LogRecord) => Entry
  readonly #reads = new Map<string, Promise<FeedPage>>()

  constructor(log: Log, entry: (epoch: string, record: LogRecord) => Entry) {
    this.#log = log
    this.#entry = entry
  }

  /** @param resets how often the log was reset: what was asked before answers nobody who asks because of it */
  read(position: Position, resets: number): Promise<FeedPage> {
    const key = `${resets} ${position.epoch} ${position.offset}`
    let reading = this.#reads.get(key)
    if (reading === undefined) {
      reading = this.#readPage(position).finally(() => this.#reads.delete(key))
      this.#reads.set(key, reading)
    }
    return reading
  }

  async #readPage({ epoch, offset }: Position): Promise<FeedPage> {
    const { records, ...bounds } = await this.#log.read(offset, pageLength)
    // Of another life, the same offsets are other records. Whether the tag fits is for each who shares it to judge.
    const fits = judge({ epoch, offset }, bounds) === 'resumed'
    const entries = fits ? records.map((record) => this.#entry(bounds.epoch, record)) : []
    return { ...bounds, entries, start: FrameRun.empty(sharedPageBytes) }
  }
}
