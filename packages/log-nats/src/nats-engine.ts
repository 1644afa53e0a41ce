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

/** How often a read begins again because what it was reading went away meanwhile. */
const mostAttempts = 10

/** A log in a stream of JetStream, whose sequence numbers are the offsets. */
export class NatsEngine implements Engine {
  readonly #link: Link
  readonly #stream: Stream
  readonly #reader: Reader
  readonly #appender: Appender
  readonly #wakeSubject: string
  readonly #identity = randomTag()
  #watcher: EngineWatcher | undefined
  #unchanged: { readonly epoch: string; readonly head: number; readonly since: number } | undefined
  #noting: Promise<void> | undefined

  constructor(settings: Settings) {
    const { connect, domain, name, timeout } = settings
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
      for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
        const page = await this.#page(line, after, limit)
        if (page !== undefined) return page
        // The state of a stream may be ahead of what can be read of it.
        await sleep(2 * attempt)
      }
      throw problemWith('unavailable', 'records go away faster than they can be read')
    })
  }

  renew(lost: Position): Promise<boolean> {
    return this.#link.ask(async (line) => {
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
    })
  }

  watch(watcher: EngineWatcher): () => void {
    this.#watcher = watcher
    return () => {
      this.#watcher = undefined
    }
  }

  /** Forgets what lies below an offset. */
  trim(keepFrom: number): Promise<void> {
    return this.#link.ask(async (line) => {
      const state = await this.#stream.state(line)
      const from = Math.min(keepFrom, state.head + 1)
      if (from <= state.first) return
      if (from > state.head)
        await this.#noteLast(line, state, (await this.#tagAt(line, state, state.head)).tag)
      await this.#stream.purge(line, from)
    })
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

  async #noteLast(line: Line, state: State, tag: string | undefined): Promise<void> {
    const { description } = state.config
    const last = tag === undefined ? undefined : { offset: state.head, tag }
    await this.#stream.note(line, state, { ...noteOf(description), last })
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

interface Known {
  readonly tag: string | undefined
  /** It went away meanwhile. */
  readonly isGone?: boolean
}
