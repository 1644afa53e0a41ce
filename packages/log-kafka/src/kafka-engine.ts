import { setTimeout as sleep } from 'node:timers/promises'
import { type LogPage, type LogRecord, randomEpoch } from '@millrace/log'
import type { AppendedRecord, Engine, EngineWatcher } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { planOf } from './append-plan.ts'
import { Deadline } from './deadline.ts'
import { type Entry, markFor, type Standing, type Writing, writingOf } from './entry.ts'
import { answerOf, isPassing, problemWith } from './errors.ts'
import { BrokenHistoryError, History } from './history.ts'
import { awaitNews } from './news.ts'
import type { Settings } from './options.ts'
import { Topic } from './topic.ts'
import { Turns } from './turns.ts'

/** How long an answer that passes by itself is waited out before the next try, in milliseconds. */
const passingDelay = 50

/** How long what was heard of the topic is good enough to append on, in milliseconds. */
const freshness = 1_000

/** How far back the newest entry is looked for at first, in places; each time thirty-two times as far. */
const firstStepBack = 1

/** About how much data a page has at most, in characters. */
const pageSize = 1_048_576

/** A log in one partition: each batch names the place that it was written for, and counts only there. */
export class KafkaEngine implements Engine {
  readonly #settings: Settings
  readonly #topic: Topic
  readonly #warned = new Set<string>()
  readonly #looks = new Turns(() => this.#look())
  readonly #keyReads = new Turns(() => this.#readKeys())
  #history: History | undefined
  #logStart = 0
  #heard = Number.NEGATIVE_INFINITY
  #sweeping = false

  constructor(settings: Settings) {
    this.#settings = settings
    this.#topic = new Topic(settings, 0, (message) => this.#warn(message))
  }

  async append(records: readonly AppendedRecord[]): Promise<readonly Position[]> {
    const hasKeys = records.some(({ key }) => key !== undefined)
    const inTime = this.#deadline()
    let looked = false
    let history = await this.#heardOf()
    for (;;) {
      if (hasKeys && !history.hasKeys) {
        await inTime.race(this.#keyReads.take(), 'it is still being read for its idempotency keys')
        inTime.check('it changes all the time')
        history = await this.#looks.take()
        looked = true
        continue
      }
      const { added, answer } = planOf(records, history)
      // Whether a key is still held is asked now. That one is new needs no asking: whoever has taken it meanwhile has taken the place.
      if (added.length < records.length && !looked) {
        history = await this.#looks.take()
        looked = true
        continue
      }
      const { epoch, head } = history.standing
      if (
        added.length === 0 ||
        (await this.#write(history, (place, standing) => writingOf(added, place, standing)))
      ) {
        return answer(epoch, head)
      }
      inTime.check('others append all the time')
      history = await this.#looks.take()
      looked = true
    }
  }

  async read(after: number, limit: number): Promise<LogPage> {
    const inTime = this.#deadline()
    for (;;) {
      const history = await this.#looks.take()
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
      const entries = await this.#find(history, after + 1)
      // What has become of the log meanwhile is looked at again.
      const { firstTag: _, ...now } = history.bounds
      const [first] = entries
      if (
        first !== undefined &&
        history === this.#history &&
        first.place >= history.standing.start &&
        after >= now.first - 1
      ) {
        const records = entries.slice(0, limit).map(({ record }) => record as LogRecord)
        return { ...now, afterTag: first.headTag, records: upToSize(records) }
      }
      inTime.check('it forgets faster than it can be read')
    }
  }

  async renew(lost: Position): Promise<boolean> {
    const inTime = this.#deadline()
    for (;;) {
      const { epoch, first, head, headTag, afterTag } = await this.read(lost.offset, 0)
      if (epoch !== lost.epoch) return true
      if (lost.offset < first - 1) return false
      if (lost.offset <= head && (lost.tag === undefined || afterTag === lost.tag)) return false
      const history = this.#history
      const isSame =
        history?.standing.epoch === epoch &&
        history.standing.head === head &&
        history.standing.headTag === headTag
      if (
        history &&
        isSame &&
        (await this.#mark(history, (standing) => ({ ...standing, epoch: randomEpoch() })))
      )
        return true
      inTime.check('others append all the time')
    }
  }

  watch(watcher: EngineWatcher): () => void {
    return awaitNews({
      settings: this.#settings,
      warn: (message) => this.#warn(message),
      history: async () => this.#history ?? (await this.#looks.take()),
      // It is opened anew by the next look.
      broken: (history) => this.#drop(history),
      watcher,
    })
  }

  /** Forgets what lies below an offset. */
  async trim(keepFrom: number): Promise<void> {
    const inTime = this.#deadline()
    for (;;) {
      const history = await this.#looks.take()
      const { first, head } = history.bounds
      if (keepFrom <= first) return
      if (keepFrom > head) {
        // So that somebody who comes when all is forgotten learns how the log stood.
        const place = history.end
        if (await this.#mark(history, (standing) => standing)) return this.#topic.forget(place)
      } else {
        const [oldest] = await this.#find(history, keepFrom)
        if (oldest !== undefined && history === this.#history) return this.#topic.forget(oldest.place)
      }
      inTime.check('others append all the time')
    }
  }

  /** Forgets everything and begins a new epoch. */
  async restart(): Promise<void> {
    const inTime = this.#deadline()
    for (;;) {
      const history = await this.#looks.take()
      const place = history.end
      if (await this.#mark(history, () => beginning(place))) {
        // Nobody reads it any more: that it cannot be deleted is no failure.
        await this.#topic.forget(place).catch(() => {})
        return
      }
      inTime.check('others append all the time')
    }
  }

  /** Forgets what is too much by now, and sees to it that retention does not forget how the log stands. */
  async sweep(): Promise<void> {
    if (this.#history === undefined || this.#sweeping) return
    this.#sweeping = true
    try {
      await this.#retain()
    } finally {
      this.#sweeping = false
    }
  }

  async close(): Promise<void> {
    this.#topic.close()
  }

  async #retain(): Promise<void> {
    const { maxRecords, maxAge } = this.#settings
    const { first, head } = this.#known().bounds
    const surplus = head - first + 1 - maxRecords
    if (surplus > Math.min(1_000, maxRecords / 10)) await this.trim(first + surplus)
    if (Number.isFinite(maxAge) && head >= first) {
      const young = await this.#topic.place(Date.now() - maxAge)
      if (young < 0) await this.trim(head + 1)
      else if (young > this.#logStart) await this.#topic.forget(young)
    }
    const { retention } = this.#topic.settings
    const { newest } = this.#known()
    if (newest.place < this.#logStart || newest.time < Date.now() - retention / 2) {
      const history = await this.#looks.take()
      // Another process may have done so.
      if (history.newest.place >= this.#logStart && history.newest.time >= Date.now() - retention / 2) return
      await this.#mark(history, (standing) => standing)
    }
  }

  /** What is known of the log as of not long ago. */
  async #heardOf(): Promise<History> {
    const isFresh = this.#history !== undefined && performance.now() - this.#heard < freshness
    return isFresh ? this.#known() : this.#looks.take()
  }

  #known(): History {
    if (this.#history === undefined) throw problemWith('unavailable', 'the log is being opened anew')
    return this.#history
  }

  #drop(history: History | undefined): void {
    if (this.#history === history) this.#history = undefined
  }

  /** Brings what is known up to this moment, or a later one. */
  async #look(): Promise<History> {
    const inTime = this.#deadline()
    for (;;) {
      let history = this.#history
      try {
        history ??= await this.#open()
        this.#history = history
        const logStart = await this.#catchUp(history)
        const from = Math.max(logStart, history.standing.start)
        if (!history.hasFirst(from)) await this.#findFirst(history, from)
        this.#logStart = logStart
        this.#heard = performance.now()
        return history
      } catch (error) {
        const isGone = error instanceof BrokenHistoryError || answerOf(error) === 'OFFSET_OUT_OF_RANGE'
        if (isGone || answerOf(error) === 'UNKNOWN_TOPIC_ID') this.#drop(history)
        else if (!isPassing(error)) throw error
        inTime.check('it does not settle', error)
        if (!isGone) await sleep(passingDelay)
      }
    }
  }

  async #catchUp(history: History): Promise<number> {
    for (;;) {
      const before = history.end
      const { entries, from, next, time, logStart, highWatermark } = await this.#topic.fetch(before)
      history.take(entries, from, next, time)
      if (history.end >= highWatermark || history.end === before) return logStart
    }
  }

  async #findFirst(history: History, from: number): Promise<void> {
    for (let place = from; ; ) {
      if (place >= history.end) return history.setFirst(from, undefined)
      const { entries, next } = await this.#topic.fetch(place)
      const [oldest] = entries
      if (oldest !== undefined || next === place) return history.setFirst(from, oldest)
      place = next
    }
  }

  /** Finds out how the log stands from its newest entry, or begins it. */
  async #open(): Promise<History> {
    for (;;) {
      const latest = await this.#topic.place('latest')
      const earliest = await this.#topic.place('earliest')
      let hasForeign = false
      for (let back = firstStepBack, from = latest; from > earliest; back *= 32) {
        from = Math.max(earliest, latest - back)
        let newest: Entry | undefined
        let time = 0
        for (let place = from; place < latest; ) {
          const piece = await this.#topic.fetch(place)
          newest = piece.entries.findLast((entry) => entry.place < latest) ?? newest
          if (piece.entries.length > 0) time = piece.time
          hasForeign ||= piece.hasForeign
          if (piece.next === place) break
          place = piece.next
        }
        if (newest !== undefined) return new History(newest, latest, time)
      }
      if (hasForeign)
        throw problemWith('foreign', 'the topic holds something else: choose another name for the log')
      // Whoever comes first begins it.
      await this.#topic.produce(markFor(latest, beginning(latest)).messages)
    }
  }

  /** The records from an offset on, as many as are read at once; none when the log has changed meanwhile. */
  async #find(history: History, offset: number): Promise<readonly Entry[]> {
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

  /** Writes for the place after all that is known. Answers whether it stands there. */
  async #write(history: History, make: (place: number, standing: Standing) => Writing): Promise<boolean> {
    const place = history.end
    const { messages, entries } = make(place, history.standing)
    let stands: number
    try {
      stands = await this.#topic.produce(messages)
    } catch (error) {
      // What is known is no longer to be relied on: it may stand there all the same.
      this.#heard = Number.NEGATIVE_INFINITY
      if (!isPassing(error)) throw error
      return false
    }
    if (stands !== place) return false
    history.take(entries, place, place + messages.length, Date.now())
    this.#heard = performance.now()
    return true
  }

  #mark(history: History, stand: (standing: Standing) => Standing): Promise<boolean> {
    return this.#write(history, (place, standing) => markFor(place, stand(standing)))
  }

  /** Reads all that is held for its keys, once; what comes later is taken as it comes. */
  async #readKeys(): Promise<void> {
    const history = await this.#looks.take()
    if (history.hasKeys) return
    const keys = new Map<string, Pick<LogRecord, 'offset' | 'tag'>>()
    const { start } = history.standing
    const isOver = () => history !== this.#history || history.standing.start !== start
    let next = history.bounds.first
    while (next <= history.standing.head) {
      const entries = await this.#find(history, next)
      if (isOver()) return
      for (const { record } of entries) {
        if (record === undefined) continue
        next = record.offset + 1
        if (record.key === undefined) continue
        keys.delete(record.key)
        keys.set(record.key, { offset: record.offset, ...(record.tag !== undefined && { tag: record.tag }) })
      }
      if (entries.length > 0) continue
      await this.#looks.take()
      if (isOver()) return
      next = Math.max(next, history.bounds.first)
    }
    history.setKeys(keys)
  }

  #deadline(): Deadline {
    return new Deadline(this.#settings.timeout)
  }

  #warn(message: string): void {
    if (this.#warned.has(message)) return
    this.#warned.add(message)
    this.#settings.onWarning(message)
  }
}

/** How a log stands that begins at a place. */
function beginning(place: number): Standing {
  return { epoch: randomEpoch(), start: place, head: 0, headTag: undefined }
}

function upToSize(records: readonly LogRecord[]): readonly LogRecord[] {
  let size = 0
  const end = records.findIndex(({ data }, index) => {
    size += data.length
    return index > 0 && size > pageSize
  })
  return end < 0 ? records : records.slice(0, end)
}
