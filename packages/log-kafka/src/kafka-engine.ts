import { type LogPage, randomEpoch } from '@millrace/log'
import type { AppendedRecord, Engine, EngineWatcher } from '@millrace/log/engine'
import type { Position } from '@millrace/protocol'
import { planOf } from './append-plan.ts'
import { Deadline } from './deadline.ts'
import { beginning, writingOf } from './entry.ts'
import { Lookout } from './lookout.ts'
import { awaitNews } from './news.ts'
import type { Settings } from './options.ts'
import { Reader } from './reader.ts'
import { Retention } from './retention.ts'
import { Topic } from './topic.ts'
import { Writer } from './writer.ts'

/** A log in one partition: each batch names the place that it was written for, and counts only there. */
export class KafkaEngine implements Engine {
  readonly #settings: Settings
  readonly #topic: Topic
  readonly #lookout: Lookout
  readonly #reader: Reader
  readonly #writer: Writer
  readonly #retention: Retention
  #sweeping = false

  constructor(settings: Settings) {
    this.#settings = settings
    this.#topic = new Topic(settings, 0)
    this.#lookout = new Lookout(this.#topic, settings.timeout)
    this.#reader = new Reader(this.#topic, this.#lookout, settings.timeout)
    this.#writer = new Writer(this.#topic, this.#lookout)
    this.#retention = new Retention(settings, this.#topic, this.#lookout, this.#reader, this.#writer)
  }

  async append(records: readonly AppendedRecord[]): Promise<readonly Position[]> {
    const hasKeys = records.some(({ key }) => key !== undefined)
    const inTime = this.#deadline()
    let looked = false
    let history = await this.#lookout.heardOf()
    for (;;) {
      if (hasKeys && !history.hasKeys) {
        await inTime.race(this.#reader.readKeys(), 'it is still being read for its idempotency keys')
        inTime.check('it changes all the time')
        history = await this.#lookout.look()
        looked = true
        continue
      }
      const { added, answer } = planOf(records, history)
      // Whether a key is still held is asked now. That one is new needs no asking: whoever has taken it meanwhile has taken the place.
      if (added.length < records.length && !looked) {
        history = await this.#lookout.look()
        looked = true
        continue
      }
      const { epoch, head } = history.standing
      if (
        added.length === 0 ||
        (await this.#writer.write(history, (place, standing) => writingOf(added, place, standing)))
      ) {
        return answer(epoch, head)
      }
      inTime.check('others append all the time')
      history = await this.#lookout.look()
      looked = true
    }
  }

  read(after: number, limit: number): Promise<LogPage> {
    return this.#reader.page(after, limit)
  }

  async renew(lost: Position): Promise<boolean> {
    const inTime = this.#deadline()
    for (;;) {
      const { epoch, first, head, headTag, afterTag } = await this.read(lost.offset, 0)
      if (epoch !== lost.epoch) return true
      if (lost.offset < first - 1) return false
      if (lost.offset <= head && (lost.tag === undefined || afterTag === lost.tag)) return false
      const { history } = this.#lookout
      const isSame =
        history?.standing.epoch === epoch &&
        history.standing.head === head &&
        history.standing.headTag === headTag
      if (
        history &&
        isSame &&
        (await this.#writer.mark(history, (standing) => ({ ...standing, epoch: randomEpoch() })))
      )
        return true
      inTime.check('others append all the time')
    }
  }

  watch(watcher: EngineWatcher): () => void {
    return awaitNews({
      settings: this.#settings,
      history: async () => this.#lookout.history ?? (await this.#lookout.look()),
      // It is opened anew by the next look.
      broken: (history) => this.#lookout.drop(history),
      watcher,
    })
  }

  /** Forgets what lies below an offset. */
  trim(keepFrom: number): Promise<void> {
    return this.#retention.trim(keepFrom)
  }

  /** Forgets everything and begins a new epoch. */
  async restart(): Promise<void> {
    const inTime = this.#deadline()
    for (;;) {
      const history = await this.#lookout.look()
      const place = history.end
      if (await this.#writer.mark(history, () => beginning(place))) {
        // Nobody reads it any more: that it cannot be deleted is no failure.
        await this.#topic.forget(place).catch(() => {})
        return
      }
      inTime.check('others append all the time')
    }
  }

  /** Looks whether the topic is still split as it was, forgets what is too much by now, and sees to it that retention does not forget how the log stands. */
  async sweep(): Promise<void> {
    if (this.#lookout.history === undefined || this.#sweeping) return
    this.#sweeping = true
    try {
      await this.#topic.confirm()
      await this.#retention.sweep()
    } finally {
      this.#sweeping = false
    }
  }

  async close(): Promise<void> {
    this.#topic.close()
  }

  #deadline(): Deadline {
    return new Deadline(this.#settings.timeout)
  }
}
