import type { LogPage, LogRecord } from '@millrace/log'
import { Deadline } from './deadline.ts'
import type { Entry } from './entry.ts'
import { answerOf, problemWith } from './errors.ts'
import type { History } from './history.ts'
import type { Lookout } from './lookout.ts'
import type { Topic } from './topic.ts'
import { Turns } from './turns.ts'

/** About how much data a page has at most, in characters. */
const pageSize = 1_048_576

/** Reads records by their offsets. */
export class Reader {
  readonly #topic: Topic
  readonly #lookout: Lookout
  readonly #timeout: number
  readonly #keyReads = new Turns(() => this.#readKeys())

  /** @param timeout how long a page may take, in milliseconds */
  constructor(topic: Topic, lookout: Lookout, timeout: number) {
    this.#topic = topic
    this.#lookout = lookout
    this.#timeout = timeout
  }

  /** Records after an offset, with the bounds of the same moment. */
  async page(after: number, limit: number): Promise<LogPage> {
    const inTime = new Deadline(this.#timeout)
    for (;;) {
      const history = await this.#lookout.look()
      const { firstTag, ...bounds } = history.bounds
      if (after < bounds.first - 1 || after > bounds.head) return { ...bounds, records: [] }
      if (after === bounds.head) return { ...bounds, afterTag: bounds.headTag, records: [] }
      const atHand = history.recent(after, limit + 1)
      if (after === bounds.first - 1 || atHand.length > 0) {
        const records = after === bounds.first - 1 ? history.recent(after + 1, limit) : atHand.slice(1)
        if (records.length > 0 || limit === 0) {
          return { ...bounds, afterTag: atHand[0]?.tag ?? firstTag, records: upToSize(records) }
        }
      }
      const entries = await this.find(history, after + 1)
      // What has become of the log meanwhile is looked at again.
      const { firstTag: _, ...now } = history.bounds
      const [first] = entries
      if (
        first !== undefined &&
        history === this.#lookout.history &&
        first.place >= history.standing.start &&
        after >= now.first - 1
      ) {
        const records = entries.slice(0, limit).map(({ record }) => record as LogRecord)
        return { ...now, afterTag: first.headTag, records: upToSize(records) }
      }
      inTime.check('it forgets faster than it can be read')
    }
  }

  /** The records from an offset on, as many as are read at once; none when the log has changed meanwhile. */
  async find(history: History, offset: number): Promise<readonly Entry[]> {
    const landmark = history.landmark(offset)
    // Or later: between two records there may be what does not count.
    let from = landmark.place + offset - landmark.offset
    for (;;) {
      try {
        const { entries, next } = await this.#topic.fetch(from)
        // What has come since the last look may be of another life.
        const records = entries.filter(({ record, place }) => record !== undefined && place < history.end)
        const last = records.at(-1)
        const reached = last?.record?.offset ?? 0
        if (last && reached >= offset) {
          history.addLandmark({ offset: reached + 1, place: last.place + 1 })
          const found = records.findIndex(({ record }) => (record?.offset ?? 0) >= offset)
          return records[found]?.record?.offset === offset ? records.slice(found) : []
        }
        if (next === from) throw problemWith('unavailable', 'the leader does not have all events yet')
        if (next >= history.end) return []
        from = Math.max(next, last ? last.place + offset - reached : 0)
      } catch (error) {
        if (answerOf(error) !== 'OFFSET_OUT_OF_RANGE') throw error
        return []
      }
    }
  }

  /** Reads all that is held for its keys, once; what comes later is taken as it comes. */
  readKeys(): Promise<void> {
    return this.#keyReads.take()
  }

  async #readKeys(): Promise<void> {
    const history = await this.#lookout.look()
    if (history.hasKeys) return
    const keys = new Map<string, Pick<LogRecord, 'offset' | 'tag'>>()
    const { start } = history.standing
    const isOver = () => history !== this.#lookout.history || history.standing.start !== start
    let next = history.bounds.first
    while (next <= history.standing.head) {
      const entries = await this.find(history, next)
      if (isOver()) return
      for (const { record } of entries) {
        if (record === undefined) continue
        next = record.offset + 1
        if (record.key === undefined) continue
        keys.delete(record.key)
        keys.set(record.key, { offset: record.offset, ...(record.tag !== undefined && { tag: record.tag }) })
      }
      if (entries.length > 0) continue
      await this.#lookout.look()
      if (isOver()) return
      next = Math.max(next, history.bounds.first)
    }
    history.setKeys(keys)
  }
}

function upToSize(records: readonly LogRecord[]): readonly LogRecord[] {
  let size = 0
  const end = records.findIndex(({ data }, index) => {
    size += data.length
    return index > 0 && size > pageSize
  })
  return end < 0 ? records : records.slice(0, end)
}
