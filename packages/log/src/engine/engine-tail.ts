import type { Position } from '@millrace/protocol'
import { beforeFirst, judge, positionOf } from '../judge.ts'
import type { LogPage, TailObserver } from '../log.ts'
import { nextTurn } from '../next-turn.ts'

/** The most records that a tail asks for at once, and hands over in one call. */
const pageLength = 1_000

/** How long a tail waits after a failed read before the next one, in milliseconds: doubling from the first to the second. */
const firstDelay = 50
const longestDelay = 1_000

/** What a tail needs of its log. */
export interface TailHost {
  read(after: number, limit: number): Promise<LogPage>
  /** The engine does not have any more what was told up to a place. Answers whether there is another epoch now. */
  renew(lost: Position): Promise<boolean>
  /** Told how far the tail is behind the head, in records. */
  looked(behind: number): void
}

/**
 * One follower of an engine's log. It keeps a position and no queue, so a wake only says "look again": none is needed for correctness
 * but the last, and that is made up for by the log's poll. One read is under way at a time.
 */
export class EngineTail {
  readonly #host: TailHost
  readonly #observer: TailObserver
  #position: Position
  // Whether it was led there by the log itself, and not by who began to follow.
  #certain = false
  #looking = false
  #again = false
  #stopped = false
  #troubled = false
  #delay = firstDelay
  #cancelWait: (() => void) | undefined

  constructor(host: TailHost, after: Position, observer: TailObserver) {
    this.#host = host
    this.#position = after
    this.#observer = observer
  }

  /** Hands over what has come since the last look. */
  readonly look = (): void => {
    this.#again = true
    if (!this.#looking && !this.#stopped) void this.#run()
  }

  stop(): void {
    this.#stopped = true
    this.#cancelWait?.()
  }

  async #run(): Promise<void> {
    this.#looking = true
    while (this.#again && !this.#stopped) {
      this.#again = false
      try {
        const page = await this.#host.read(this.#position.offset, pageLength)
        this.#troubled = false
        this.#delay = firstDelay
        if (!this.#stopped) await this.#take(page)
      } catch (error) {
        if (this.#stopped) break
        // Told once, however often it is tried again.
        if (!this.#troubled) this.#tell(error)
        this.#troubled = true
        await this.#wait(this.#delay)
        this.#delay = Math.min(2 * this.#delay, longestDelay)
        this.#again = true
      }
    }
    this.#looking = false
  }

  async #take(page: LogPage): Promise<void> {
    const { records, afterTag, ...bounds } = page
    const verdict = judge(this.#position, bounds, afterTag)
    if (verdict !== 'resumed') {
      this.#again = true
      // So that everybody is told, also those who stood behind this place without a tag.
      const lost = this.#certain && (verdict === 'ahead' || verdict === 'diverged')
      if (lost && (await this.#host.renew(this.#position))) return
      if (this.#stopped) return
      this.#position = beforeFirst(bounds)
      this.#certain = true
      this.#call(() => this.#observer.reset(bounds))
      return
    }
    const last = records.at(-1)
    this.#host.looked(bounds.head - (last?.offset ?? this.#position.offset))
    if (last === undefined) return
    this.#position = positionOf(bounds.epoch, last)
    this.#certain = true
    this.#call(() => this.#observer.records(records))
    if (last.offset === bounds.head) return
    // Without a turn in between, a tail that catches up from an engine which answers at once would shut the event loop out.
    this.#again = true
    await this.#wait(0)
  }

  #wait(delay: number): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = delay === 0 ? nextTurn(resolve) : after(delay, resolve)
      this.#cancelWait = () => {
        cancel()
        resolve()
      }
    })
  }

  // What an observer throws must reach neither the log nor the other tails, and as an unhandled rejection it would end the process.
  #call(notify: () => void): void {
    try {
      notify()
    } catch (error) {
      if (!this.#stopped) this.#tell(error)
    }
  }

  #tell(error: unknown): void {
    try {
      this.#observer.error?.(error)
    } catch {
      // Nobody is left to tell.
    }
  }
}

function after(delay: number, task: () => void): () => void {
  const timer = setTimeout(task, delay)
  return () => clearTimeout(timer)
}
