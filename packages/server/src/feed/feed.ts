import {
  beforeFirst,
  headOf,
  judge,
  type Log,
  type LogBounds,
  type LogPage,
  type LogRecord,
} from '@millrace/log'
import type { Position } from '@millrace/protocol'
import type { Clock } from '../clock.ts'
import { letGo } from '../let-go.ts'
import type { Endings } from '../publish/endings.ts'
import type { Meter } from '../telemetry/meter.ts'
import { EndSearch } from './end-search.ts'
import { Entry } from './entry.ts'
import type { FeedPage } from './feed-page.ts'
import type { Follower } from './follower.ts'
import { Gathering } from './gathering.ts'
import type { TopicInterest } from './interest.ts'
import type { Sparing } from './interest-filter.ts'
import { InterestIndex } from './interest-index.ts'
import { PageReader, pageLength } from './page-reader.ts'
import { readBack } from './read-back.ts'
import { Window } from './window.ts'

/** What cursors are judged by. */
export interface Held {
  readonly bounds: LogBounds
  /** Of the records at the cursors' offsets, as far as they have tags. */
  readonly tags: ReadonlyMap<number, string | undefined>
}

/** Told of who wants what. */
export interface Audience {
  join(interest: TopicInterest): void
  leave(interest: TopicInterest): void
}

/** The settings of a feed. */
export interface FeedOptions {
  readonly ringBytes: number
  /** Whether `isSuperseded` will be asked. */
  readonly conflates: boolean
  readonly endings: Endings
  /** Whether a topic is one of this log's, which holds only some where it is a shard. Records of others are for nobody. @default all */
  readonly owns?: ((address: string) => boolean) | undefined
  readonly audience: Audience
  readonly clock: Clock
  readonly meter: Meter
  readonly onError: (error: unknown) => void
}

/** Where a topic begins, as it was asked for. */
export type Start = 'now' | 'earliest' | 'invalid' | Position

// How far back the window is filled when somebody comes back to a process that has only begun.
const fillLength = 4 * pageLength

/** A process's window on the log: one tail for all sessions, and the most recent entries. */
export class Feed implements Sparing<TopicInterest> {
  readonly meter: Meter
  /** What it is a window on. */
  readonly log: Log
  readonly #options: FeedOptions
  readonly #window: Window
  readonly #index = new InterestIndex<Follower>()
  /** How often the log has begun anew, gone back, or forgotten what had not been read. */
  resets = 0
  readonly #pageReader: PageReader
  readonly #ends: EndSearch
  #starting: Promise<void> | undefined
  #stop: (() => void) | undefined
  #stopped = false
  #filling: Promise<void> | undefined
  #filled = false

  constructor(log: Log, options: FeedOptions) {
    this.meter = options.meter
    this.log = log
    this.#options = options
    this.#window = new Window(options)
    this.#pageReader = new PageReader(log, (epoch, record) => this.#entry(epoch, record))
    this.#ends = new EndSearch(log, {
      clock: options.clock,
      isCurrent: (epoch) => epoch === this.#window.epoch,
      found: (epoch, record) => this.#noteEnd(epoch, record),
      searched: () => options.endings.settle(),
      onError: options.onError,
    })
    options.endings.listen((topic) => this.#tellEnd(topic))
  }

  /** Which of its topics are complete. */
  get endings(): Endings {
    return this.#options.endings
  }

  /** Where a live session stands: after all that the tail has told. */
  get position(): Position {
    return this.#window.position
  }

  /** The place after an offset, with the tag of its record where that is in memory. */
  at(epoch: string, offset: number): Position {
    return this.#window.at(epoch, offset)
  }

  /** Follows the log from its head on, from the first call on. Rejects when the log cannot be read; the next call tries again. */
  start(): Promise<void> {
    this.#starting ??= this.#begin().catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    this.#ends.search()
    return this.#starting
  }

  stop(): void {
    this.#stopped = true
    this.#ends.stop()
    letGo(this.#stop?.())
  }

  join(follower: Follower): void {
    for (const interest of follower.interests) {
      this.#index.add(interest, follower)
      this.#options.audience.join(interest)
    }
  }

  leave(follower: Follower): void {
    for (const interest of follower.interests) {
      this.#index.remove(interest)
      this.#options.audience.leave(interest)
    }
  }

  /** What is wanted by somebody, each as often as it is. */
  *interests(): Iterable<TopicInterest> {
    for (const follower of this.#index.owners()) yield* follower.interests
  }

  /** Whether an interest can do without an entry, because what is held of its topic has a newer one for it. */
  isSuperseded(interest: TopicInterest, entry: Entry): boolean {
    return this.#window.isSuperseded(interest, entry)
  }

  countConflated(): void {
    this.meter.traffic.conflated += 1
  }

  /** What these starts are judged by, where this window has begun and all of them lie within it. Else the log has to be asked. */
  heldNow(topics: readonly { readonly start: Start }[]): Held | undefined {
    if (this.#stop === undefined) return undefined
    this.#ends.search()
    const within = topics.every(({ start }) =>
      typeof start === 'string' ? start !== 'earliest' : this.#window.holds(start),
    )
    return within ? { bounds: this.#window.bounds, tags: this.#window.tagsAt(topics) } : undefined
  }

  /** What these starts are judged by, as the log has it, from the first call on that can be answered. */
  async held(topics: readonly { readonly start: Start }[]): Promise<Held> {
    await this.start()
    if (topics.some(({ start }) => typeof start === 'object' && this.#lacks(start))) {
      // Whoever then reads the log for itself is told of its faults.
      await this.#fill().catch(() => {})
    }
    const now = this.heldNow(topics)
    if (now !== undefined) return now
    const tags = this.#window.tagsAt(topics)
    const unknown = new Set<number>()
    for (const { start } of topics) {
      if (typeof start === 'object' && start.tag !== undefined && !this.#window.holds(start))
        unknown.add(start.offset)
    }
    const { position, resets } = this
    // The log is asked whether it is still what the window is of as well: that may be heard of only later.
    const asked: Promise<LogBounds & Pick<LogPage, 'afterTag'>> =
      position.tag === undefined ? this.log.bounds() : this.log.read(position.offset, 0)
    const [own, ...pages] = await Promise.all([
      asked,
      ...[...unknown].map((offset) => this.log.read(offset, 0)),
    ])
    const verdict = judge(position, own, own.afterTag)
    if (verdict !== 'resumed' && verdict !== 'trimmed' && resets === this.resets && !this.#stopped) {
      this.#renew(own)
      return this.held(topics)
    }
    for (const [index, offset] of [...unknown].entries()) tags.set(offset, pages[index]?.afterTag)
    return { bounds: own, tags }
  }

  // Nobody is to be told anything of what is lost as if it still were.
  #renew(bounds: LogBounds): void {
    const stop = this.#stop
    this.#follow(beforeFirst(bounds))
    letGo(stop?.())
    this.#reset(bounds)
  }

  // Whether a place is only just behind this window, in which nothing is held yet of what was before this process.
  #lacks(position: Position): boolean {
    if (this.#filled || this.#window.full || position.epoch !== this.#window.epoch) return false
    const behind = this.#window.first - position.offset
    return behind > 0 && behind <= fillLength && !this.#window.holds(position)
  }

  // Those who were cut off by the end of one process come back to the next one, all to nearly the same place. Once for all of them.
  #fill(): Promise<void> {
    const resets = this.resets
    const { epoch } = this.#window
    const upTo = this.#window.first - 1
    this.#filling ??= readBack(this.log, {
      epoch,
      after: Math.max(0, upTo - fillLength),
      upTo,
      limit: pageLength,
    })
      .then((stretch) => {
        if (stretch === undefined || resets !== this.resets || upTo !== this.#window.first - 1) return
        this.#window.extend(
          stretch.records.map((record) => this.#entry(epoch, record)),
          stretch.tagBefore,
        )
        this.#filled = true
      })
      .finally(() => {
        this.#filling = undefined
      })
    return this.#filling
  }

  /**
   * What follows a position; `undefined` when it is at or beyond the newest entry, and so nothing is to be read.
   *
   * @param head how far the log is, as far as is known, which may be further than the feed has heard
   * @param doubted whether the position may be of a history that the feed has left, so that only the log can tell
   */
  after(position: Position, head: Position, doubted = false): FeedPage | Promise<FeedPage> | undefined {
    const { epoch, offset } = position
    if (doubted) return this.#pageReader.read(position, this.resets)
    if (epoch === this.#window.epoch && offset >= this.#window.position.offset) {
      const isShort = epoch === head.epoch && offset < head.offset
      return isShort ? this.#pageReader.read(position, this.resets) : undefined
    }
    return this.#window.holds(position)
      ? this.#window.after(offset)
      : this.#pageReader.read(position, this.resets)
  }

  async #begin(): Promise<void> {
    const bounds = await this.log.bounds()
    if (this.#stopped) return
    const start = headOf(bounds)
    this.#restart(start)
    this.#options.endings.doubt(bounds.first)
    this.#follow(start)
    this.#ends.begin(bounds)
  }

  #follow(start: Position): void {
    const stop: unknown = this.log.tail(start, {
      records: (records) => this.#take(records),
      reset: (bounds) => this.#reset(bounds),
      error: this.#options.onError,
    })
    if (typeof stop !== 'function') {
      letGo(stop)
      throw new TypeError('The log gave nothing to stop its tail by')
    }
    this.#stop = stop as () => void
  }

  #noteEnd(epoch: string, { topic, offset }: LogRecord): void {
    if (this.#options.owns?.(topic) === false) return
    this.#options.endings.note(topic, { epoch, offset })
  }

  // Whoever has yet to read it lets that be.
  #tellEnd(topic: string): void {
    for (const follower of this.#index.at(topic)) this.#guard(() => follower.ended(topic))
  }

  #restart(position: Position): void {
    this.#window.restart(position)
    this.#options.endings.begin(position.epoch)
    this.#filled = false
  }

  #take(records: readonly LogRecord[]): void {
    const gathering = new Gathering()
    const { epoch } = this.#window
    this.#window.turn()
    try {
      for (const record of records) {
        const entry = this.#entry(epoch, record)
        this.#window.push(entry)
        this.#index.find(entry, gathering.add)
      }
    } finally {
      gathering.push(this.#options.onError)
    }
    if (!gathering.isEmpty) this.#measureLag(records[0]?.time ?? Number.NaN)
  }

  // Once for all, because to ask for the time costs as much as a write. A publisher's clock may be ahead of this one.
  #measureLag(time: number): void {
    this.meter.measure('deliveryLag', Math.max(0, this.#options.clock.now() - time) / 1_000)
  }

  #reset(bounds: LogBounds): void {
    const before = this.position
    this.resets += 1
    const { epoch, offset } = before
    // The log went back: what was complete may have been lost.
    if (judge({ epoch, offset }, bounds) !== 'trimmed') this.#options.endings.clear()
    this.#restart(beforeFirst(bounds))
    for (const follower of this.#index.owners()) this.#guard(() => follower.look(before))
  }

  #entry(epoch: string, record: LogRecord): Entry {
    const { endings, owns } = this.#options
    const end = endings.of(record.topic)
    const late = (end !== undefined && record.offset > end) || owns?.(record.topic) === false
    const entry = new Entry(epoch, record, this.#options, late)
    if (entry.isEnd) this.#noteEnd(epoch, record)
    return entry
  }

  // One session that throws must not cost the others their events.
  #guard(task: () => void): void {
    try {
      task()
    } catch (error) {
      this.#options.onError(error)
    }
  }
}
