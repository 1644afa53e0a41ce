import {
  beforeFirst,
  headOf,
  judge,
  type Log,
  type LogBounds,
  type LogRecord,
  positionOf,
} from '@millrace/log'
import { nowhere, type Position } from '@millrace/protocol'
import type { Clock } from '../clock.ts'
import { letGo } from '../let-go.ts'
import type { Endings } from '../publish/endings.ts'
import type { Meter } from '../telemetry/meter.ts'
import { EndSearch } from './end-search.ts'
import { Entry } from './entry.ts'
import { FrameRun } from './frame-run.ts'
import type { TopicInterest } from './interest.ts'
import type { Sparing } from './interest-filter.ts'
import { InterestIndex } from './interest-index.ts'
import { PageReader, pageLength, sharedPageBytes } from './page-reader.ts'
import { readBack } from './read-back.ts'
import { Ring } from './ring.ts'

/** What a session reads to catch up. */
export interface FeedPage extends LogBounds {
  /** What follows the position that was asked about, in order, without holes. */
  readonly entries: readonly Entry[]
  /** The empty run that this page's runs begin with, so that sessions which read the same share the joined bytes. */
  readonly start: FrameRun
  /** Tag of the record at the position. */
  readonly afterTag?: string | undefined
}

/** What cursors are judged by. */
export interface Held {
  readonly bounds: LogBounds
  /** Of the records at the cursors' offsets, as far as they have tags. */
  readonly tags: ReadonlyMap<number, string | undefined>
}

/** Somebody whom the feed pushes to. */
export interface Follower {
  readonly interests: readonly TopicInterest[]
  /** Whether it has all that came before, and so takes what comes now. */
  readonly live: boolean
  /** What the feed has for it in this turn, while it looks who wants what. */
  gathered: FrameRun | undefined
  /**
   * What came now and is wanted. Its last entry may lie before the feed's new position.
   *
   * @param ended the topics that are complete with it
   */
  push(run: FrameRun, ended: readonly string[]): void
  /** The feed's history changed: ask the log where it goes on. `before` is where a live follower stood. */
  look(before: Position): void
  /** A topic is complete, and the log has said so before the feed began to follow it. */
  ended(address: string): void
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
  readonly audience: Audience
  readonly clock: Clock
  readonly meter: Meter
  readonly onError: (error: unknown) => void
}

// Where a topic begins, as it was asked for.
type Start = 'now' | 'earliest' | 'invalid' | Position

// How far back the window is filled when somebody comes back to a process that has only begun.
const fillLength = 4 * pageLength

// Pages of the ring that are kept for the next session, until the next records come.
const sharedPages = 16

const none: readonly string[] = []

/** A process's window on the log: one tail for all sessions, and the most recent entries. */
export class Feed implements Sparing<TopicInterest> {
  readonly meter: Meter
  readonly #log: Log
  readonly #options: FeedOptions
  readonly #index = new InterestIndex<Follower>()
  readonly #pageReader: PageReader
  readonly #pages = new Map<number, FeedPage>()
  readonly #ends: EndSearch
  #starting: Promise<void> | undefined
  #stop: (() => void) | undefined
  #stopped = false
  #resets = 0
  #filling: Promise<void> | undefined
  #filled = false
  #epoch = ''
  #ring = new Ring(0, 1)
  // The same object for all that stand there.
  #position = nowhere

  constructor(log: Log, options: FeedOptions) {
    this.meter = options.meter
    this.#log = log
    this.#options = options
    this.#pageReader = new PageReader(log, (epoch, record) => this.#entry(epoch, record))
    this.#ends = new EndSearch(log, {
      clock: options.clock,
      isCurrent: (epoch) => epoch === this.#epoch,
      found: (epoch, record) => this.#noteEnd(epoch, record),
      onError: options.onError,
    })
    options.endings.listen((topic) => this.#tellEnd(topic))
  }

  /** Where a live session stands: after all that the tail has told. */
  get position(): Position {
    const { head } = this.#ring
    if (this.#position.offset !== head || this.#position.epoch !== this.#epoch) {
      this.#position = this.at(this.#epoch, head)
    }
    return this.#position
  }

  /** The place after an offset, with the tag of its record where that is in memory. */
  at(epoch: string, offset: number): Position {
    return positionOf(epoch, { offset, tag: epoch === this.#epoch ? this.#ring.tagAt(offset) : undefined })
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
  isSuperseded({ channel, events }: TopicInterest, { topic, offset }: Entry): boolean {
    return channel.deliver === 'latest' && this.#ring.newest(topic, events) > offset
  }

  countConflated(): void {
    this.meter.traffic.conflated += 1
  }

  /** What these starts are judged by, where this window has begun and all of them lie within it. Else the log has to be asked. */
  heldNow(topics: readonly { readonly start: Start }[]): Held | undefined {
    if (this.#stop === undefined) return undefined
    this.#ends.search()
    const within = topics.every(({ start }) =>
      typeof start === 'string' ? start !== 'earliest' : this.#holds(start),
    )
    return within ? { bounds: this.#windowBounds(), tags: this.#tagsAt(topics) } : undefined
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
    const tags = this.#tagsAt(topics)
    const unknown = new Set<number>()
    for (const { start } of topics) {
      if (typeof start === 'object' && start.tag !== undefined && !this.#holds(start))
        unknown.add(start.offset)
    }
    const pages = await Promise.all([...unknown].map((offset) => this.#log.read(offset, 0)))
    for (const [index, offset] of [...unknown].entries()) tags.set(offset, pages[index]?.afterTag)
    return { bounds: pages.at(-1) ?? (await this.#log.bounds()), tags }
  }

  // Whether a place is only just behind this window, in which nothing is held yet of what was before this process.
  #lacks(position: Position): boolean {
    if (this.#filled || this.#ring.full || position.epoch !== this.#epoch) return false
    const behind = this.#ring.first - position.offset
    return behind > 0 && behind <= fillLength && !this.#holds(position)
  }

  // Those who were cut off by the end of one process come back to the next one, all to nearly the same place. Once for all of them.
  #fill(): Promise<void> {
    const resets = this.#resets
    const epoch = this.#epoch
    const upTo = this.#ring.first - 1
    this.#filling ??= readBack(this.#log, {
      epoch,
      after: Math.max(0, upTo - fillLength),
      upTo,
      limit: pageLength,
    })
      .then((stretch) => {
        if (stretch === undefined || resets !== this.#resets || upTo !== this.#ring.first - 1) return
        this.#ring.extend(
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

  // What is still in memory of the records that tags were given for.
  #tagsAt(topics: readonly { readonly start: Start }[]): Map<number, string | undefined> {
    const tags = new Map<number, string | undefined>()
    for (const { start } of topics) {
      if (typeof start === 'object' && start.tag !== undefined)
        tags.set(start.offset, this.#ring.tagAt(start.offset))
    }
    return tags
  }

  /**
   * What follows a position; `undefined` when it is at or beyond the newest entry, and so nothing is to be read.
   *
   * @param doubted whether the position may be of a history that the feed has left, so that only the log can tell
   */
  after(position: Position, doubted = false): FeedPage | Promise<FeedPage> | undefined {
    const { epoch, offset } = position
    if (doubted) return this.#pageReader.read(position, this.#resets)
    if (epoch === this.#epoch && offset >= this.#ring.head) return undefined
    return this.#holds(position) ? this.#window(offset) : this.#pageReader.read(position, this.#resets)
  }

  // After a restart everybody comes back to nearly the same place.
  #window(offset: number): FeedPage {
    let page = this.#pages.get(offset)
    if (page === undefined) {
      const entries = this.#ring.after(offset, pageLength)
      const afterTag = this.#ring.tagAt(offset)
      page = { ...this.#windowBounds(), afterTag, entries, start: FrameRun.empty(sharedPageBytes) }
      if (this.#pages.size < sharedPages) this.#pages.set(offset, page)
    }
    return page
  }

  #windowBounds(): LogBounds {
    const { first, head } = this.#ring
    return { epoch: this.#epoch, first, head, headTag: this.#ring.tagAt(head) }
  }

  // Whether it is known which record is there, and all that follows.
  #holds({ epoch, offset, tag }: Position): boolean {
    if (epoch !== this.#epoch || !this.#ring.holdsAfter(offset)) return false
    return tag === undefined || offset >= this.#ring.first || this.#ring.tagAt(offset) !== undefined
  }

  async #begin(): Promise<void> {
    const bounds = await this.#log.bounds()
    if (this.#stopped) return
    const start = headOf(bounds)
    this.#restart(start)
    const stop: unknown = this.#log.tail(start, {
      records: (records) => this.#take(records),
      reset: (bounds) => this.#reset(bounds),
      error: this.#options.onError,
    })
    if (typeof stop !== 'function') {
      letGo(stop)
      throw new TypeError('The log gave nothing to stop its tail by')
    }
    this.#stop = stop as () => void
    this.#ends.begin(bounds)
  }

  #noteEnd(epoch: string, { topic, offset }: LogRecord): void {
    this.#options.endings.note(topic, { epoch, offset })
  }

  // Whoever has yet to read it lets that be.
  #tellEnd(topic: string): void {
    for (const follower of this.#index.at(topic)) this.#guard(() => follower.ended(topic))
  }

  #restart({ epoch, offset, tag }: Position): void {
    this.#epoch = epoch
    this.#position = nowhere
    this.#ring = new Ring(this.#options.ringBytes, offset + 1, this.#options.conflates, tag)
    this.#options.endings.begin(epoch)
    this.#pages.clear()
    this.#filled = false
  }

  #take(records: readonly LogRecord[]): void {
    const followers: Follower[] = []
    const ended = new Map<Follower, string[]>()
    this.#pages.clear()
    try {
      this.#gather(records, followers, ended)
    } finally {
      for (const follower of followers) this.#push(follower, ended.get(follower) ?? none)
    }
    if (followers.length > 0) this.#measureLag(records[0]?.time ?? Number.NaN)
  }

  #gather(records: readonly LogRecord[], followers: Follower[], ended: Map<Follower, string[]>): void {
    const empty = FrameRun.emptyInOrder()
    const gather = (follower: Follower, entry: Entry) => {
      if (!follower.live) return
      const { gathered } = follower
      if (gathered === undefined) followers.push(follower)
      // Through two of its interests it is still one entry.
      if (gathered?.lastOffset !== entry.offset) {
        const run = (gathered ?? empty).with(entry)
        if (gathered !== undefined) gathered.takers -= 1
        run.takers += 1
        follower.gathered = run
      }
      if (entry.isEnd) ended.set(follower, [...(ended.get(follower) ?? []), entry.topic])
    }
    for (const record of records) {
      const entry = this.#entry(this.#epoch, record)
      this.#ring.push(entry)
      this.#index.find(entry, gather)
    }
  }

  // One session that throws must not cost the others their events.
  #push(follower: Follower, ended: readonly string[]): void {
    const run = follower.gathered as FrameRun
    follower.gathered = undefined
    try {
      follower.push(run, ended)
    } catch (error) {
      this.#options.onError(error)
    }
  }

  // Once for all, because to ask for the time costs as much as a write. A publisher's clock may be ahead of this one.
  #measureLag(time: number): void {
    this.meter.measure('deliveryLag', Math.max(0, this.#options.clock.now() - time) / 1_000)
  }

  #reset(bounds: LogBounds): void {
    const before = this.position
    this.#resets += 1
    const { epoch, offset } = before
    // The log went back: what was complete may have been lost.
    if (judge({ epoch, offset }, bounds) !== 'trimmed') this.#options.endings.clear()
    this.#restart(beforeFirst(bounds))
    for (const follower of this.#index.owners()) this.#guard(() => follower.look(before))
  }

  #entry(epoch: string, record: LogRecord): Entry {
    const { endings } = this.#options
    const end = endings.of(record.topic)
    const entry = new Entry(epoch, record, this.#options, end !== undefined && record.offset > end)
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
