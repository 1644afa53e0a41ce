import { setTimeout as sleep } from 'node:timers/promises'
import { Deadline } from './deadline.ts'
import { beginning, type Entry, markFor } from './entry.ts'
import { answerOf, isPassing, problemWith } from './errors.ts'
import { BrokenHistoryError, History } from './history.ts'
import type { Topic } from './topic.ts'
import { Turns } from './turns.ts'

/** How long an answer that passes by itself is waited out before the next try, in milliseconds. */
const passingDelay = 50

/** How long what was heard of the topic is good enough to append on, in milliseconds. */
const freshness = 1_000

/** How far back the newest entry is looked for at first, in places; each time thirty-two times as far. */
const firstStepBack = 1

/** Keeps what is known of the log up to the moment, and opens it anew where it is not what it was. */
export class Lookout {
  readonly #topic: Topic
  readonly #timeout: number
  readonly #looks = new Turns(() => this.#look())
  #history: History | undefined
  #logStart = 0
  #heard = Number.NEGATIVE_INFINITY

  /** @param timeout how long a look may take, in milliseconds */
  constructor(topic: Topic, timeout: number) {
    this.#topic = topic
    this.#timeout = timeout
  }

  /** What is known, however old; `undefined` before the first look, and until the next one where the log is to be opened anew. */
  get history(): History | undefined {
    return this.#history
  }

  /** The oldest place that was held at the last look. */
  get logStart(): number {
    return this.#logStart
  }

  /** What is known as of a moment after the call. */
  look(): Promise<History> {
    return this.#looks.take()
  }

  /** What is known as of not long ago. */
  async heardOf(): Promise<History> {
    const isFresh = this.#history !== undefined && performance.now() - this.#heard < freshness
    return isFresh ? this.known() : this.look()
  }

  /** @throws LogEngineError while the log is being opened anew */
  known(): History {
    if (this.#history === undefined) throw problemWith('unavailable', 'the log is being opened anew')
    return this.#history
  }

  /** What is known is what is there, as was found out just now. */
  confirm(): void {
    this.#heard = performance.now()
  }

  /** What is known may not be all that is there. */
  doubt(): void {
    this.#heard = Number.NEGATIVE_INFINITY
  }

  /** What was known is not what is there: the next look opens the log anew. */
  drop(history: History | undefined): void {
    if (this.#history === history) this.#history = undefined
  }

  async #look(): Promise<History> {
    const inTime = new Deadline(this.#timeout)
    for (;;) {
      let history = this.#history
      try {
        history ??= await this.#open()
        this.#history = history
        const logStart = await this.#catchUp(history)
        const from = Math.max(logStart, history.standing.start)
        if (!history.hasFirst(from)) await this.#findFirst(history, from)
        this.#logStart = logStart
        this.confirm()
        return history
      } catch (error) {
        const isGone = error instanceof BrokenHistoryError || answerOf(error) === 'OFFSET_OUT_OF_RANGE'
        if (isGone || answerOf(error) === 'UNKNOWN_TOPIC_ID') this.drop(history)
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
}
