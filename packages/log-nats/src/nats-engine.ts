import { setTimeout as sleep } from 'node:timers/promises'
import type { LogPage, LogRecord } from '@millrace/log'
import { randomEpoch, randomTag } from '@millrace/log'
import type { AppendedRecord, Engine, EngineWatcher } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { Appender } from './appender.ts'
import { problemWith } from './errors.ts'
import { type Line, Link } from './link.ts'
import type { Settings } from './options.ts'
import { Reader } from './reader.ts'
import { requireKeepable } from './record.ts'
import { noteOf, type State } from './state.ts'
import { Stream } from './stream.ts'
import { wakeSubjectOf } from './subject.ts'

/** How long to wait at most before beginning again, in milliseconds. */
const longestPause = 20

/** How often an answer is asked for anew that is likely to be wrong, and is right only where an operator was at work. */
const mostAttempts = 20

/** A log in a stream of JetStream, whose sequence numbers are the offsets. */
export class NatsEngine implements Engine {
  readonly #link: Link
  readonly #stream: Stream
  readonly #reader: Reader
  readonly #appender: Appender
  readonly #wakeSubject: string
  readonly #identity = randomTag()
  readonly #timeout: number
  #watcher: EngineWatcher | undefined
  #unchanged: { readonly epoch: string; readonly head: number; readonly since: number } | undefined
  #noting: Promise<void> | undefined
  // Where an operator has purged the stream.
  #wiped: string | undefined
  // What writes to the description of the stream, one after the other: each writes all of it.
  #writing: Promise<unknown> = Promise.resolve()

  constructor(settings: Settings) {
    const { connect, domain, name, timeout } = settings
    this.#timeout = timeout
    this.#stream = new Stream(settings)
    this.#reader = new Reader(name, domain)
    const state = (line: Line) => this.#stream.state(line)
    this.#appender = new Appender({ reader: this.#reader, timeout, state })
    this.#wakeSubject = wakeSubjectOf(name)
    this.#link = new Link({
      connect,
      domain,
      timeout,
      opened: (line) => this.#listen(line),
      broken: (error) => this.#watcher?.failed(error),
    })
  }

  /** The most bytes of a message, where a server has said that. */
  get maxPayload(): number {
    return this.#link.maxPayload
  }

  append(records: readonly AppendedRecord[]): Promise<readonly Position[]> {
    return this.#link.ask(async (line) => {
      for (const record of records) requireKeepable(record, line.maxPayload)
      try {
        return await this.#appender.append(line, records)
      } finally {
        // However it ended: others wait for the rest of what has begun.
        if (!line.connection.isClosed()) {
          line.connection.publish(this.#wakeSubject, `${this.#identity} ${records[0]?.tag}`)
        }
      }
    })
  }

  read(after: number, limit: number): Promise<LogPage> {
    return this.#link.ask(async (line) => {
      let answer: LogPage | undefined
      await this.#again(async (attempt) => {
        const page = await this.#page(line, after, limit)
        if (page === undefined || (this.#looksWiped(page) && attempt < mostAttempts)) return false
        if (this.#looksWiped(page)) this.#wiped = placeOf(page)
        answer = page
        return true
      })
      return answer as LogPage
    })
  }

  renew(lost: Position): Promise<boolean> {
    const renewing = async (line: Line) => {
      const state = await this.#stream.state(line)
      const { epoch, first, head } = state
      if (epoch !== lost.epoch) return true
      if (lost.offset < first - 1) return false
      if (lost.offset <= head) {
        const known = await this.#tagAt(line, state, lost.offset)
        if (lost.tag === undefined || known.tag === lost.tag) return false
      }
      this.#appender.forget()
      await this.#stream.note(line, state, { ...noteOf(state.config.description), epoch: randomEpoch() })
      return true
    }
    return this.#link.ask((line) => this.#inTurn(() => renewing(line)))
  }

  watch(watcher: EngineWatcher): () => void {
    this.#watcher = watcher
    return () => {
      this.#watcher = undefined
    }
  }

  /** Forgets what lies below an offset. */
  trim(keepFrom: number): Promise<void> {
    return this.#link.ask((line) => this.#again(() => this.#forget(line, keepFrom)))
  }

  /** Forgets everything and begins a new epoch. */
  restart(): Promise<void> {
    return this.#link.ask(async (line) => {
      this.#appender.forget()
      await this.#stream.restart(line)
    })
  }

  async close(): Promise<void> {
    await this.#noting
    this.#link.close()
  }

  /** Begins again for as long as what is asked for goes away in between, or cannot be read yet although it is there. */
  async #again(act: (attempt: number) => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + this.#timeout
    for (let attempt = 0; !(await act(attempt)); attempt += 1) {
      if (performance.now() > deadline)
        throw problemWith('unavailable', 'records go away faster than they can be read')
      await sleep(Math.min(2 * attempt, longestPause))
    }
  }

  // Of a log that has forgotten its last record, the tag was written down before. Without it either an operator has purged the stream, or it is being
  // deleted at this moment, when servers of 2.9 tell of it as of an empty one.
  #looksWiped(page: LogPage): boolean {
    const { first, head, headTag } = page
    return first > head && head > 0 && headTag === undefined && this.#wiped !== placeOf(page)
  }

  /** Answers whether that is done, or the stream changed meanwhile. */
  async #forget(line: Line, keepFrom: number): Promise<boolean> {
    const state = await this.#stream.state(line)
    const from = Math.min(keepFrom, state.head + 1)
    if (from <= state.first) return true
    if (from > state.head) {
      const { tag, isGone } = await this.#tagAt(line, state, state.head)
      // The state of a stream may be ahead of what can be read of it, and what is removed unread is known by nobody.
      if (isGone) return false
      await this.#noteLast(line, state, tag)
    }
    await this.#stream.purge(line, from)
    return true
  }

  /** `undefined` where the stream changed between two of the questions that it takes. */
  async #page(line: Line, after: number, limit: number): Promise<LogPage | undefined> {
    const state = await this.#stream.state(line)
    const { epoch, first, head } = state
    this.#appender.saw(epoch)
    const isInside = after >= first - 1 && after <= head
    const count = isInside ? Math.min(limit, head - after) : 0
    const [found, at] = await Promise.all([
      count > 0 ? this.#reader.records(line, state, after + 1, count) : [],
      isInside ? this.#tagAt(line, state, after) : undefined,
    ])
    if (count > 0 && found.length === 0) return undefined
    const records = found.map(({ record }) => record)
    const newest = await this.#headTag(line, state, records, after === head ? at : undefined)
    if (at?.isGone || newest.isGone) return undefined
    // All of it was in the stream that was asked first, and not in one that was made in its place meanwhile.
    if ((await this.#stream.state(line)).epoch !== epoch) return undefined
    this.#noteWhenIdle(line, state, newest.tag)
    return { epoch, first, head, headTag: newest.tag, afterTag: at?.tag, records }
  }

  async #headTag(
    line: Line,
    state: State,
    records: readonly LogRecord[],
    at: Known | undefined,
  ): Promise<Known> {
    const last = records.at(-1)
    if (last?.offset === state.head) return { tag: last.tag }
    return at ?? this.#tagAt(line, state, state.head)
  }

  /** The tag at an offset from `first - 1` to the head. */
  async #tagAt(line: Line, { first, head, last }: State, offset: number): Promise<Known> {
    if (offset === 0) return { tag: undefined }
    if (offset > head || (offset < first && first > head)) {
      return { tag: last?.offset === offset ? last.tag : undefined }
    }
    const stored = await this.#reader.get(line, Math.max(offset, first))
    if (stored === undefined) return { tag: undefined, isGone: true }
    // The record itself is gone, and the one that came after it remembers.
    return { tag: offset < first ? stored.before : stored.record.tag }
  }

  // Old age takes the last record as well, and with it what those who have seen it are recognised by.
  #noteWhenIdle(line: Line, state: State, tag: string | undefined): void {
    const { epoch, first, head, last, config } = state
    if (this.#unchanged?.head !== head || this.#unchanged.epoch !== epoch) {
      this.#unchanged = { epoch, head, since: performance.now() }
    }
    const maxAge = config.max_age / 1_000_000
    const idle = performance.now() - this.#unchanged.since
    if (maxAge === 0 || first > head || last?.offset === head || idle < Math.min(maxAge / 4, 60_000)) return
    // What fails is tried at the next look.
    this.#noting ??= this.#noteLast(line, state, tag)
      .catch(() => {})
      .finally(() => {
        this.#noting = undefined
      })
  }

  /** Writes down the tag at the head of a moment, unless that of a later one was written down by now. */
  #noteLast(line: Line, { epoch, head }: State, tag: string | undefined): Promise<void> {
    return this.#inTurn(async () => {
      const state = await this.#stream.state(line)
      if (tag === undefined || state.epoch !== epoch) return
      const { last } = state
      // One from beyond the end is of records that the stream has lost.
      const isLater = last !== undefined && last.offset > head && last.offset <= state.head
      if (isLater || (last?.offset === head && last.tag === tag)) return
      const note = { ...noteOf(state.config.description), last: { offset: head, tag } }
      await this.#stream.note(line, state, note)
    })
  }

  #inTurn<Value>(write: () => Promise<Value>): Promise<Value> {
    const turn = this.#writing.then(write)
    this.#writing = turn.catch(() => {})
    return turn
  }

  #listen({ connection }: Line): void {
    connection.subscribe(this.#wakeSubject, {
      callback: (error, message) => {
        const [writer, tag = ''] = error ? [this.#identity] : message.string().split(' ')
        // What this process has appended, it knows.
        if (writer === this.#identity) return
        this.#appender.heard(tag)
        this.#watcher?.wake()
      },
    })
    this.#watcher?.wake()
  }
}

const placeOf = ({ epoch, head }: LogPage) => `${epoch}.${head}`

interface Known {
  readonly tag: string | undefined
  /** It went away meanwhile. */
  readonly isGone?: boolean
}
