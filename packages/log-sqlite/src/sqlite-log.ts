import {
  type Log,
  type LogBounds,
  LogClosedError,
  type LogFinding,
  type LogPage,
  type LogUse,
  type NewRecord,
  randomEpoch,
  type TailObserver,
} from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { Appender, appending } from './appender.ts'
import { diagnose } from './diagnose.ts'
import { attempt, isLocked } from './errors.ts'
import { Neighbours } from './neighbours.ts'
import { type Settings, type SqliteLogOptions, settingsOf } from './options.ts'
import { checked } from './record.ts'
import { Slice } from './slice.ts'
import { Store } from './store.ts'
import { Sweeper } from './sweeper.ts'
import { Tail } from './tail.ts'
import { Witness } from './witness.ts'

// How much of a turn of the event loop reads take before the next one waits for another turn, in milliseconds.
const readingTime = 10

// How long a read that found the file locked waits, in milliseconds. Readers are locked out for moments only.
const lockedDelay = 2

/** A log in an SQLite file. */
export interface SqliteLog extends Log {
  /** Looks whether the file lies where it can be kept. @throws LogClosedError after `close` */
  diagnose(use?: LogUse): Promise<readonly LogFinding[]>
  /**
   * Forgets every record below an offset, as retention does. Resolves when that is durable; the room in the file is freed
   * little by little afterwards.
   *
   * @throws LogClosedError after `close`.
   */
  trim(keepFrom: number): Promise<void>
  /**
   * Forgets everything and begins a new life: a new epoch, offsets from 1 again, and a reset for every tail. In all
   * processes that have the file open.
   *
   * @throws LogClosedError after `close`.
   */
  restart(): Promise<void>
}

/**
 * Opens a log in an SQLite file, and makes the file when it is missing. Several processes of one machine may open the same.
 *
 * Every method may reject, and a tail's observer may be told, with a `SqliteLogError`, whose message says what to do.
 *
 * @throws SqliteLogError when the file cannot be opened, or is not a log's. Blocks for up to `lockTimeout` while another
 * process is making it.
 * @throws TypeError for a file without a name.
 * @throws RangeError for a limit that is out of range.
 */
export function sqliteLog(options: SqliteLogOptions): SqliteLog {
  return new FileLog(settingsOf(options))
}

class FileLog implements SqliteLog {
  readonly #settings: Settings
  readonly #witness = new Witness()
  readonly #tails = new Set<Tail>()
  readonly #appender: Appender
  readonly #neighbours: Neighbours
  readonly #sweeper: Sweeper
  readonly #reading = new Slice(readingTime)
  #isReading = false
  // None after a failure, until the next use opens it anew.
  #store: Store | undefined
  #closing: Promise<void> | undefined

  constructor(settings: Settings) {
    this.#settings = settings
    this.#store = new Store(settings, this.#witness)
    this.#sweeper = new Sweeper(settings.maxAge, () => this.#sweep())
    this.#neighbours = new Neighbours({
      path: this.#store.mark.path,
      pollInterval: settings.pollInterval,
      written: () => this.#wakeTails(),
      // Not by way of `wake`: this is what makes up for wakes that were lost.
      polled: () => this.#looks(),
    })
    this.#appender = new Appender({
      lockTimeout: settings.lockTimeout,
      store: () => this.#open(),
      committed: () => this.#wakeTails(),
      giveUp: (store) => this.#giveUp(store),
      untidy: () => this.#sweeper.soon(),
    })
    // What was kept may be too much by now, or by other limits than last time.
    this.#sweeper.soon()
  }

  async append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    this.#refuseWhenClosed()
    if (records.length === 0) return []
    const copies = records.map((record) => checked(record, this.#settings.path))
    return this.#appender.do((writer) => appending(writer, copies))
  }

  read(after: number, limit: number): Promise<LogPage> {
    return this.#reads((store) => store.reader.page(after, limit))
  }

  bounds(): Promise<LogBounds> {
    return this.#reads((store) => store.reader.bounds())
  }

  tail(after: Position, observer: TailObserver): () => void {
    this.#refuseWhenClosed()
    const read = (offset: number, limit: number) => this.#now((store) => store.reader.page(offset, limit))
    const tail = new Tail({ read, lost: (position) => this.#renew(position) }, after, observer)
    this.#tails.add(tail)
    this.#neighbours.start()
    // Later, so that the caller has the stop function before the first call. Not a wake, which may be lost.
    queueMicrotask(tail.look)
    return () => {
      tail.stop()
      this.#tails.delete(tail)
      if (this.#tails.size === 0) this.#neighbours.stop()
    }
  }

  async diagnose(use?: LogUse): Promise<readonly LogFinding[]> {
    this.#refuseWhenClosed()
    try {
      // One that was deleted is made anew with the next use, and this is one.
      this.#now(() => {})
      return diagnose(this.#settings, use)
    } catch (error) {
      return [
        { level: 'fault', subject: 'file', message: error instanceof Error ? error.message : String(error) },
      ]
    }
  }

  async trim(keepFrom: number): Promise<void> {
    this.#refuseWhenClosed()
    // biome-ignore lint/correctness/useYield: it is done in one step
    await this.#appender.do(function* (writer) {
      writer.forget(keepFrom)
    })
  }

  async restart(): Promise<void> {
    this.#refuseWhenClosed()
    // biome-ignore lint/correctness/useYield: it is done in one step
    await this.#appender.do(function* (writer) {
      writer.restart(randomEpoch())
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    for (const tail of this.#tails) tail.stop()
    this.#tails.clear()
    this.#neighbours.stop()
    this.#sweeper.stop()
    await this.#appender.finish()
    this.#store?.close()
    this.#store = undefined
  }

  // One at a time and all of them within a bounded part of a turn: each blocks while it runs.
  async #reads<Value>(read: (store: Store) => Value): Promise<Value> {
    const deadline = performance.now() + this.#settings.lockTimeout
    for (;;) {
      while (this.#isReading && this.#reading.isOver) await nextTurn()
      this.#beginReading()
      try {
        return this.#now(read)
      } catch (error) {
        if (!isLocked(error) || performance.now() > deadline) throw error
      }
      await new Promise<void>((resolve) => setTimeout(resolve, lockedDelay))
    }
  }

  #beginReading(): void {
    if (this.#isReading) return
    this.#isReading = true
    this.#reading.begin()
    setImmediate(() => {
      this.#isReading = false
    })
  }

  #now<Value>(read: (store: Store) => Value): Value {
    this.#refuseWhenClosed()
    return attempt(this.#settings.path, () => read(this.#open()))
  }

  async #sweep(): Promise<void> {
    if (!this.#now((store) => store.reader.untidy())) return
    // Every transaction tidies up.
    await this.#appender.do(function* () {})
  }

  // A file that was deleted or replaced is opened anew: its epoch is another one, which tells everybody.
  #open(): Store {
    // Not in the middle of a transaction, whose end will find it out as well.
    if (this.#store !== undefined && !this.#appender.isWriting && this.#store.isReplaced) {
      this.#giveUp(this.#store)
    }
    this.#store ??= new Store(this.#settings, this.#witness)
    return this.#store
  }

  // What a tail has told is gone, for all who stood behind it. Its place is beyond doubt, as no subscriber's cursor is.
  #renew(lost: Position): boolean {
    if (this.#appender.isWriting) return false
    this.#witness.saw(lost)
    const renewed = this.#now((store) => store.renewIfPutBack())
    if (renewed) this.#wakeTails()
    return renewed
  }

  #giveUp(store: Store): void {
    if (this.#store === store) this.#store = undefined
    store.close()
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== undefined) throw new LogClosedError()
  }

  // Nothing remembers that a wake is under way: were that one lost, no other would follow.
  #wakeTails(): void {
    for (const tail of this.#tails) this.#settings.wake(tail.look)
  }

  #looks(): void {
    for (const tail of this.#tails) tail.look()
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
