import type { NewRecord } from '@millrace/log'
import type { Position } from '@millrace/protocol'
import { attempt, isLocked, SqliteLogError, translate } from './errors.ts'
import { Slice } from './slice.ts'
import type { Store } from './store.ts'
import type { Writer } from './writer.ts'

// How much of a turn of the event loop a transaction takes, before its commit, in milliseconds.
const sliceLength = 5

// A locked file is tried again in each of the next turns, since another process's commit takes a fraction of a millisecond; then
// every millisecond or two, so that a process which commits without a pause is met in a gap; then more rarely.
const eagerTries = 10
const patientTries = 500
const patientDelay = 1
const longDelay = 10

/** Something to be done within a transaction. It yields where it may be interrupted for a turn. */
export type Work<Value> = (writer: Writer) => Generator<undefined, Value>

interface Job {
  readonly since: number
  /** Does the work and returns what tells of its success. */
  readonly run: (writer: Writer) => Generator<undefined, () => void>
  readonly fail: (error: unknown) => void
}

/** What the appender needs of its log. */
export interface AppenderHost {
  readonly lockTimeout: number
  /** The open store; throws what keeps it from being opened. */
  store(): Store
  /** Something is durable that tails have not seen yet. */
  committed(): void
  /** The store failed, or is not the log's any more: it is to be opened anew. */
  giveUp(store: Store): void
  /** There is more to be deleted than went along. */
  untidy(): void
}

/**
 * Writes what is appended, in the order of the calls. All that comes within one turn of the event loop goes into one
 * transaction, and so does what comes while a transaction is being written: the more there is, the less each costs.
 */
export class Appender {
  readonly #host: AppenderHost
  readonly #queue: Job[] = []
  readonly #slice = new Slice(sliceLength)
  readonly #idle: (() => void)[] = []
  #scheduled = false
  #group: Generator<undefined, void> | undefined
  #refusals = 0

  constructor(host: AppenderHost) {
    this.#host = host
  }

  /** Whether a transaction is open that goes on in a later turn. */
  get isWriting(): boolean {
    return this.#group !== undefined
  }

  /** Does some work in its turn, and resolves when it is durable. */
  do<Value>(work: Work<Value>): Promise<Value> {
    return new Promise((resolve, reject) => {
      this.#queue.push({
        since: performance.now(),
        *run(writer) {
          const value = yield* work(writer)
          return () => resolve(value)
        },
        fail: reject,
      })
      this.#schedule()
    })
  }

  /** Resolves when all that was asked for so far is done or has failed. */
  async finish(): Promise<void> {
    if (this.#queue.length > 0 || this.isWriting)
      await new Promise<void>((resolve) => this.#idle.push(resolve))
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    // Not a microtask: each incoming request is a job of its own, and all of one turn are to share a transaction.
    setImmediate(this.#turn)
  }

  readonly #turn = (): void => {
    this.#scheduled = false
    this.#slice.begin()
    try {
      this.#group ??= this.#begin()
      if (this.#group !== undefined && this.#group.next().done === true) this.#group = undefined
    } catch (error) {
      this.#group = undefined
      this.#refuse(error)
    }
    if (this.#scheduled) return
    if (this.#queue.length > 0 || this.isWriting) this.#schedule()
    else for (const resolve of this.#idle.splice(0)) resolve()
  }

  #begin(): Generator<undefined, void> | undefined {
    if (this.#queue.length === 0) return undefined
    const store = this.#host.store()
    attempt(store.path, () => store.writer.begin())
    this.#refusals = 0
    return this.#write(store)
  }

  // The transaction could not begin. A lock passes; anything else is told to everybody who waits.
  #refuse(error: unknown): void {
    const deadline = isLocked(error) ? performance.now() - this.#host.lockTimeout : Number.POSITIVE_INFINITY
    while (this.#queue[0] !== undefined && this.#queue[0].since <= deadline) this.#queue.shift()?.fail(error)
    if (this.#queue.length === 0) return
    this.#refusals += 1
    if (this.#refusals <= eagerTries) return
    this.#scheduled = true
    setTimeout(this.#turn, this.#refusals <= patientTries ? patientDelay : longDelay)
  }

  *#write(store: Store): Generator<undefined, void> {
    const { writer } = store
    const jobs: Job[] = []
    const succeed: (() => void)[] = []
    let untidy = false
    try {
      do {
        const job = this.#queue.shift()
        if (job === undefined) break
        jobs.push(job)
        const steps = job.run(writer)
        for (let step = steps.next(); ; step = steps.next()) {
          if (step.done === true) {
            succeed.push(step.value)
            break
          }
          // Within a call only: what is complete is committed rather than kept waiting.
          if (this.#slice.isOver) yield
        }
      } while (!this.#slice.isOver)
      untidy = writer.tidy()
      writer.commit()
    } catch (error) {
      writer.rollback()
      this.#fail(store, jobs, error)
      return
    }
    if (store.isReplaced) {
      // Committed to a file that nobody will ever see again. The queue is what is left of it.
      this.#queue.unshift(...jobs)
      this.#host.giveUp(store)
      return
    }
    if (writer.hasNews) {
      store.announce(writer.position)
      this.#host.committed()
    }
    for (const told of succeed) told()
    if (untidy) this.#host.untidy()
  }

  #fail(store: Store, jobs: readonly Job[], cause: unknown): void {
    const error = translate(cause, store.path)
    for (const job of jobs) job.fail(error)
    // After a failed write or sync a connection's own view may be wrong; a new one reads what is really there. A full
    // disk is no such failure, and has no room for what a new connection needs.
    const problem = SqliteLogError.isInstance(error) ? error.problem : undefined
    if (problem === 'unavailable' || problem === 'damaged') this.#host.giveUp(store)
  }
}

/** Work that appends records, which were checked before. */
export function* appending(writer: Writer, records: readonly NewRecord[]): Generator<undefined, Position[]> {
  const positions: Position[] = []
  for (const record of records) {
    positions.push(writer.insert(record))
    yield
  }
  return positions
}
