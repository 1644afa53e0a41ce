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

/** How often at least something is tried that others come in between of, however long one attempt takes on a machine that is busy. */
const fewestAttempts = 4

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
  // The newest record that this process knows of. What is written down of it may be overwritten by who has read the rest of the description before.
  #newest: Newest | undefined
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
        const positions = await this.#appender.append(line, records)
        for (const { epoch, offset, tag } of positions) {
          if (tag !== undefined) this.#heardOf({ epoch, offset, tag })
        }
        return positions
      } finally {
        // However it ended: others wait for the rest of what has begun.
        this.#tellOthers(line, records[0]?.tag)
      }
    })
  }

  read(after: number, limit: number): Promise<LogPage> {
    return this.#link.ask(async (line) => {
      let answer: LogPage | undefined
      await this.#again(async (attempt, isLast) => {
        const page = await this.#page(line, after, limit)
        if (page === undefined) {
          // Nothing is behind the end to show that it is missing, rather than not there to be read yet.
          if (attempt >= mostAttempts) await this.#lookForEnd(line)
          return false
        }
        if (this.#looksWiped(page)) {
          if (attempt < mostAttempts && !isLast) return false
          this.#wiped = placeOf(page)
        }
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
        if (lost.tag === undefined || known.isGone || known.tag === lost.tag) return false
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

  /** The newest records of a topic that the stream holds, also from before its history without holes. */
  latest(topic: string, count: number): Promise<readonly LogRecord[]> {
    return this.#link.ask(async (line) => {
      const latest = await this.#reader.latest(line, await this.#stream.state(line), topic, count)
      return latest.map(({ record }) => record)
    })
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
  async #again(act: (attempt: number, isLast: boolean) => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + this.#timeout
    for (let attempt = 1; ; attempt += 1) {
      const isLast = attempt >= fewestAttempts && performance.now() > deadline
      if (await act(attempt, isLast)) return
      if (isLast) throw problemWith('unavailable', 'records go away faster than they can be read')
      await sleep(Math.min(2 * (attempt - 1), longestPause))
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
    const { oldest, head } = state
    const from = Math.min(keepFrom, head + 1)
    if (from <= oldest && !this.#canNote(state)) return true
    if (from > head) {
      const { tag, isGone } = await this.#tagAt(line, state, head)
      // The state of a stream may be ahead of what can be read of it, and what is removed unread is known by nobody.
      if (isGone) return false
      await this.#noteLast(line, state, tag)
    }
    if (from > oldest) await this.#stream.purge(line, from)
    // What was written down may have been overwritten by now.
    return from <= head
  }

  /** Whether the last record is gone, its tag is not written down any more, and this process knows it. */
  #canNote({ epoch, first, head, last }: State): boolean {
    return first > head && last?.offset !== head && this.#rememberedTag(epoch, head) !== undefined
  }

  #rememberedTag(epoch: string, offset: number): string | undefined {
    const newest = this.#newest
    return newest?.epoch === epoch && newest.offset === offset ? newest.tag : undefined
  }

  #heardOf(heard: Newest): void {
    const newest = this.#newest
    if (newest === undefined || (newest.epoch === heard.epoch && newest.offset < heard.offset)) {
      this.#newest = heard
    }
  }

  /** `undefined` where the stream changed between two of the questions that it takes. */
  async #page(line: Line, after: number, limit: number): Promise<LogPage | undefined> {
    const state = limit === 0 ? await this.#stream.stateForAll(line) : await this.#stream.state(line)
    const { epoch, first, head } = state
    this.#appender.saw(epoch)
    const isInside = after >= first - 1 && after <= head
    const count = isInside ? Math.min(limit, head - after) : 0
    const [found, at] = await Promise.all([
      count > 0 ? this.#reader.records(line, state, after + 1, count) : [],
      isInside ? this.#tagAt(line, state, after) : undefined,
    ])
    if ((count > 0 && found.length === 0) || at?.isGone) {
      if (state.hasManyHoles && after < head) await this.#lookForHole(line, state, after + 1)
      return undefined
    }
    const records = found.map(({ record }) => record)
    const newest = await this.#headTag(line, state, records, after === head ? at : undefined)
    if (newest.isGone) return undefined
    // All of it was in the stream that was asked first, and not in one that was made in its place meanwhile.
    if ((await this.#stream.state(line)).epoch !== epoch) return undefined
    if (newest.tag !== undefined) this.#newest = { epoch, offset: head, tag: newest.tag }
    this.#noteWhenNeeded(line, state, newest.tag)
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
  async #tagAt(line: Line, { epoch, first, head, last }: State, offset: number): Promise<Known> {
    if (offset === 0) return { tag: undefined }
    if (offset > head || (offset < first && first > head)) {
      return { tag: last?.offset === offset ? last.tag : this.#rememberedTag(epoch, offset) }
    }
    const stored = offset < first ? undefined : await this.#reader.get(line, offset)
    if (stored !== undefined) return { tag: stored.record.tag }
    // The record itself is gone, and the one that came after it remembers.
    const following = offset < head ? await this.#reader.get(line, offset + 1) : undefined
    return following === undefined ? { tag: undefined, isGone: true } : { tag: following.before }
  }

  async #lookForHole(line: Line, state: State, offset: number): Promise<void> {
    const next = await this.#reader.next(line, state, offset)
    if (next !== undefined && next > offset) await this.#stream.foundHole(line, next - 1)
  }

  async #lookForEnd(line: Line): Promise<void> {
    const state = await this.#stream.state(line)
    const { first, head } = state
    if (!state.hasManyHoles || first > head) return
    if ((await this.#reader.get(line, head)) === undefined) await this.#stream.foundHole(line, head)
  }

  // Old age takes the last record as well, and with it what those who have seen it are recognised by.
  #noteWhenNeeded(line: Line, state: State, tag: string | undefined): void {
    const { epoch, first, head, last, config } = state
    if (this.#unchanged?.head !== head || this.#unchanged.epoch !== epoch) {
      this.#unchanged = { epoch, head, since: performance.now() }
    }
    const maxAge = config.max_age / 1_000_000
    const idle = performance.now() - this.#unchanged.since
    const mayGo = maxAge > 0 && first <= head && last?.offset !== head && idle >= Math.min(maxAge / 4, 60_000)
    if (!mayGo && !this.#canNote(state)) return
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
      this.#tellOthers(line, undefined, { epoch, offset: head, tag })
    })
  }

  /** Says that a step is over, or what was written down, which somebody may overwrite at the same moment. */
  #tellOthers({ connection }: Line, step: string | undefined, noted?: Newest): void {
    if (connection.isClosed()) return
    const words = [step ?? '-', ...(noted === undefined ? [] : [noted.epoch, noted.offset, noted.tag])]
    connection.publish(this.#wakeSubject, [this.#identity, ...words].join(' '))
  }

  #inTurn<Value>(write: () => Promise<Value>): Promise<Value> {
    const turn = this.#writing.then(write)
    this.#writing = turn.catch(() => {})
    return turn
  }

  #listen({ connection }: Line): void {
    connection.subscribe(this.#wakeSubject, {
      callback: (error, message) => {
        const [writer, step = '', epoch = '', offset, tag] = error
          ? [this.#identity]
          : message.string().split(' ')
        // What this process has appended, it knows.
        if (writer === this.#identity) return
        if (tag !== undefined) this.#heardOf({ epoch, offset: Number(offset), tag })
        if (step === '-') return
        this.#appender.heard(step)
        this.#watcher?.wake()
      },
    })
    this.#watcher?.wake()
  }
}

const placeOf = ({ epoch, head }: LogPage) => `${epoch}.${head}`

interface Newest {
  readonly epoch: string
  readonly offset: number
  readonly tag: string
}

interface Known {
  readonly tag: string | undefined
  /** It went away meanwhile. */
  readonly isGone?: boolean
}
