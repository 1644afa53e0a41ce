import { Deadline } from './deadline.ts'
import type { Lookout } from './lookout.ts'
import type { Settings } from './options.ts'
import type { Reader } from './reader.ts'
import type { Topic } from './topic.ts'
import type { Writer } from './writer.ts'

/** Forgets the oldest records, and keeps Kafka from forgetting how the log stands. */
export class Retention {
  readonly #settings: Settings
  readonly #topic: Topic
  readonly #lookout: Lookout
  readonly #reader: Reader
  readonly #writer: Writer

  constructor(settings: Settings, topic: Topic, lookout: Lookout, reader: Reader, writer: Writer) {
    this.#settings = settings
    this.#topic = topic
    this.#lookout = lookout
    this.#reader = reader
    this.#writer = writer
  }

  /** Forgets what lies below an offset. */
  async trim(keepFrom: number): Promise<void> {
    const inTime = new Deadline(this.#settings.timeout)
    for (;;) {
      const history = await this.#lookout.look()
      const { first, head } = history.bounds
      if (keepFrom <= first) return
      if (keepFrom > head) {
        // So that somebody who comes when all is forgotten learns how the log stood.
        const place = history.end
        if (await this.#writer.mark(history, (standing) => standing)) return this.#topic.forget(place)
      } else {
        const [oldest] = await this.#reader.find(history, keepFrom)
        if (oldest !== undefined && history === this.#lookout.history) return this.#topic.forget(oldest.place)
      }
      inTime.check('others append all the time')
    }
  }

  /** Forgets what is too much by now, and sees to it that retention does not forget how the log stands. */
  async sweep(): Promise<void> {
    await this.#forgetExcess()
    await this.#keepStanding()
  }

  async #forgetExcess(): Promise<void> {
    const { maxRecords, maxAge } = this.#settings
    const { first, head } = this.#lookout.known().bounds
    const surplus = head - first + 1 - maxRecords
    if (surplus > Math.min(1_000, maxRecords / 10)) await this.trim(first + surplus)
    if (Number.isFinite(maxAge) && head >= first) {
      const young = await this.#topic.place(Date.now() - maxAge)
      if (young < 0) await this.trim(head + 1)
      else if (young > this.#lookout.logStart) await this.#topic.forget(young)
    }
  }

  async #keepStanding(): Promise<void> {
    const { retention } = this.#topic.settings
    const isKept = ({ newest }: ReturnType<Lookout['known']>) =>
      newest.place >= this.#lookout.logStart && newest.time >= Date.now() - retention / 2
    if (isKept(this.#lookout.known())) return
    const history = await this.#lookout.look()
    // Another process may have done so.
    if (!isKept(history)) await this.#writer.mark(history, (standing) => standing)
  }
}
