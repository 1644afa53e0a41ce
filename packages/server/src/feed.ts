import { judge, type Log, type LogBounds, type LogRecord } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { Entry } from './entry.ts'
import { FrameRun } from './frame-run.ts'
import type { Interest } from './interest.ts'
import { InterestIndex } from './interest-index.ts'
import { Ring } from './ring.ts'

/** What a session reads to catch up. */
export interface FeedPage extends LogBounds {
  /** What follows the position that was asked about, in order, without holes. */
  readonly entries: readonly Entry[]
  /** The empty run that this page's runs begin with, so that sessions which read the same share the joined bytes. */
  readonly start: FrameRun
}

/** Somebody whom the feed pushes to. */
export interface Follower {
  readonly interests: readonly Interest[]
  /** Whether it has all that came before, and so takes what comes now. */
  readonly live: boolean
  /** What came now and is wanted. Its last entry may lie before the feed's new position. */
  push(run: FrameRun): void
  /** The feed's history changed: look where it goes on. `before` is where a live follower stood. */
  look(before: Position): void
}

/** The settings of a feed. */
export interface FeedOptions {
  readonly ringBytes: number
  readonly onError: (error: unknown) => void
}

// Of one look: enough to fill a socket, few enough to be read from an engine in one go.
const pageLength = 1_000

// Pages of the ring that are kept for the next session, until the next records come, and the memory that each may take for
// joined bytes.
const sharedPages = 16
const sharedPageBytes = 1024 * 1024

/** A process's window on the log: one tail for all sessions, and the most recent entries. */
export class Feed {
  readonly #log: Log
  readonly #options: FeedOptions
  readonly #index = new InterestIndex<Follower>()
  readonly #followers = new Set<Follower>()
  readonly #reads = new Map<string, Promise<FeedPage>>()
  readonly #pages = new Map<number, FeedPage>()
  #starting: Promise<void> | undefined
  #stop: (() => void) | undefined
  #stopped = false
  #epoch = ''
  #ring = new Ring(0, 1)

  constructor(log: Log, options: FeedOptions) {
    this.#log = log
    this.#options = options
  }

  /** Where a live session stands: after all that the tail has told. */
  get position(): Position {
    return { epoch: this.#epoch, offset: this.#ring.head }
  }

  /** Follows the log from its head on, from the first call on. Rejects when the log cannot be read; the next call tries again. */
  start(): Promise<void> {
    this.#starting ??= this.#begin().catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  stop(): void {
    this.#stopped = true
    this.#stop?.()
  }

  join(follower: Follower): void {
    this.#followers.add(follower)
    for (const interest of follower.interests) this.#index.add(interest, follower)
  }

  leave(follower: Follower): void {
    this.#followers.delete(follower)
    for (const interest of follower.interests) this.#index.remove(interest)
  }

  /** The log's bounds, or only those of this window where all of these cursors lie within it. */
  async boundsFor(cursors: readonly Position[]): Promise<LogBounds> {
    const within = cursors.every(
      ({ epoch, offset }) => epoch === this.#epoch && this.#ring.holdsAfter(offset),
    )
    return within ? this.#windowBounds() : this.#log.bounds()
  }

  /** What follows a position; `undefined` when it is at or beyond the newest entry, and so nothing is to be read. */
  after(position: Position): FeedPage | Promise<FeedPage> | undefined {
    if (position.epoch !== this.#epoch || position.offset < this.#ring.first - 1) return this.#read(position)
    if (position.offset >= this.#ring.head) return undefined
    return this.#window(position.offset)
  }

  // After a restart everybody comes back to nearly the same place.
  #window(offset: number): FeedPage {
    let page = this.#pages.get(offset)
    if (page === undefined) {
      const entries = this.#ring.after(offset, pageLength)
      page = { ...this.#windowBounds(), entries, start: FrameRun.empty(sharedPageBytes) }
      if (this.#pages.size < sharedPages) this.#pages.set(offset, page)
    }
    return page
  }

  #windowBounds(): LogBounds {
    return { epoch: this.#epoch, first: this.#ring.first, head: this.#ring.head }
  }

  async #begin(): Promise<void> {
    const { epoch, head } = await this.#log.bounds()
    if (this.#stopped) return
    this.#restart(epoch, head)
    this.#stop = this.#log.tail(
      { epoch, offset: head },
      {
        records: (records) => this.#take(records),
        reset: (bounds) => this.#reset(bounds),
        error: this.#options.onError,
      },
    )
  }

  #restart(epoch: string, head: number): void {
    this.#epoch = epoch
    this.#ring = new Ring(this.#options.ringBytes, head + 1)
    this.#pages.clear()
  }

  #take(records: readonly LogRecord[]): void {
    const runs = new Map<Follower, FrameRun>()
    const empty = FrameRun.empty()
    this.#pages.clear()
    for (const record of records) {
      const entry = this.#entry(this.#epoch, record)
      this.#ring.push(entry)
      this.#index.find(entry, (follower) => {
        if (!follower.live) return
        const run = runs.get(follower) ?? empty
        // Through two of its interests it is still one entry.
        if (run.lastOffset !== entry.offset) runs.set(follower, run.with(entry))
      })
    }
    for (const [follower, run] of runs) this.#guard(() => follower.push(run))
  }

  #reset(bounds: LogBounds): void {
    const before = this.position
    this.#restart(bounds.epoch, bounds.first - 1)
    for (const follower of [...this.#followers]) this.#guard(() => follower.look(before))
  }

  // A storm of reconnects asks for the same pages: each is read and encoded once while it is under way.
  #read(position: Position): Promise<FeedPage> {
    const key = `${position.epoch} ${position.offset}`
    let reading = this.#reads.get(key)
    if (reading === undefined) {
      reading = this.#readPage(position).finally(() => this.#reads.delete(key))
      this.#reads.set(key, reading)
    }
    return reading
  }

  async #readPage(position: Position): Promise<FeedPage> {
    const { records, ...bounds } = await this.#log.read(position.offset, pageLength)
    // Of another life, the same offsets are other records.
    const fits = judge(position, bounds) === 'resumed'
    const entries = fits ? records.map((record) => this.#entry(bounds.epoch, record)) : []
    return { ...bounds, entries, start: FrameRun.empty(sharedPageBytes) }
  }

  #entry(epoch: string, record: LogRecord): Entry {
    return new Entry(epoch, record, this.#options.onError)
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
