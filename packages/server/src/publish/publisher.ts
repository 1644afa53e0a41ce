import type { Topic } from '@millrace/contract'
import type { NewRecord } from '@millrace/log'
import { formatCursor, type Position } from '@millrace/protocol'
import { EventTooLargeError, PublishError, ServerClosedError } from '../errors.ts'
import type { Settings } from '../options.ts'
import type { Monitor } from '../telemetry/monitor.ts'
import { readTraceparent, withTrace } from '../telemetry/trace-context.ts'
import type { Endings } from './endings.ts'
import type { Published } from './publication.ts'
import { createEndRecord, createRecord, type Publication } from './record.ts'

/** Puts events into the log. */
export class Publisher {
  /** Nothing is published any more. */
  closed = false
  readonly #settings: Settings
  readonly #endingsOf: (address: string) => Endings
  readonly #meter: Monitor
  // Topics whose last record is under way.
  readonly #ending = new Set<string>()
  readonly #failed = (error: unknown): never => {
    this.#meter.count('logErrors', 'append')
    throw error
  }
  // Of the job that runs.
  #time: number | undefined

  /** @param endingsOf what is known of the topics among which one is */
  constructor(settings: Settings, endingsOf: (address: string) => Endings, meter: Monitor) {
    this.#settings = settings
    this.#endingsOf = endingsOf
    this.#meter = meter
  }

  /** Whether a topic is known to be complete. */
  hasEnded(address: string): boolean {
    return this.#ending.has(address) || this.#endingsOf(address).of(address) !== undefined
  }

  /**
   * Appends an event.
   *
   * @throws DataError, EventTooLargeError, PublishError, ServerClosedError; what the log throws (rejects, as do the following)
   */
  publish(publication: Publication): Promise<Published> {
    // Nothing is made for those who watch where there are none: events pass here one by one.
    return this.#meter.isWatched
      ? this.#meter.publish([publication], (trace) => this.#publish(publication, trace))
      : this.#publish(publication, undefined)
  }

  // No asynchronous function, because the state of one takes as much memory as all the rest that is made for an event here.
  #publish(publication: Publication, trace: string | undefined): Promise<Published> {
    try {
      if (this.closed) throw new ServerClosedError()
      const record = this.#toRecord(publication, traceOf(publication, trace, 1))
      const { path } = publication.topic.channel
      return this.#append([record]).then((positions) => {
        const position = answered(positions, 1)[0] as Position
        this.#meter.countPublished(path)
        return publishedAt(position)
      }, this.#failed)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Appends events next to each other, or none of them where one cannot be. @throws what `publish` throws */
  publishMany(publications: readonly Publication[]): Promise<readonly Published[]> {
    return this.#meter.publish(publications, async (trace) => {
      if (this.closed) throw new ServerClosedError()
      const count = publications.length
      if (count === 0) return []
      const positions = await this.#appendAll(
        publications.map((one) => this.#toRecord(one, traceOf(one, trace, count))),
      )
      for (const one of publications) this.#count(one)
      return positions.map(publishedAt)
    })
  }

  /**
   * Has events appended when a transaction of the application commits. They are not counted as published: whether they will be, nobody
   * here learns.
   *
   * @throws what `publish` throws; PublishError where the log cannot take part in it
   */
  publishWithin(transaction: object, publications: readonly Publication[]): Promise<void> {
    const { log } = this.#settings
    return this.#meter.publish(publications, async (trace) => {
      if (this.closed) throw new ServerClosedError()
      if (!('appendWithin' in log) || log.appendWithin === undefined) {
        throw new PublishError(
          'This log cannot take part in a transaction. @millrace/log-postgres can, and shards that are all of that',
        )
      }
      if (typeof transaction !== 'object' || transaction === null) {
        throw new PublishError(
          'transaction must be what runs statements within it, such as a client that has begun one',
        )
      }
      const count = publications.length
      const records = publications.map((one) => this.#toRecord(one, traceOf(one, trace, count)))
      if (count > 0) await log.appendWithin(transaction, records).catch(this.#failed)
    })
  }

  /** Appends the last record of a topic, unless it has one. @throws PublishError, ServerClosedError; what the log throws */
  async end(topic: Topic): Promise<Published> {
    if (this.closed) throw new ServerClosedError()
    const record = createEndRecord(this.#settings.contract, topic, this.#now())
    const { address } = topic
    // What is published from now on would come after it.
    this.#ending.add(address)
    try {
      const [position] = await this.#appendAll([record])
      this.#endingsOf(address).note(address, position as Position)
      return publishedAt(position as Position)
    } finally {
      this.#ending.delete(address)
    }
  }

  // Adapters without types may give or throw anything.
  #append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    try {
      return Promise.resolve(this.#settings.log.append(records))
    } catch (error) {
      return Promise.reject(error)
    }
  }

  async #appendAll(records: readonly NewRecord[]): Promise<readonly Position[]> {
    return answered(await this.#append(records).catch(this.#failed), records.length)
  }

  #count({ topic }: Publication): void {
    this.#meter.countPublished(topic.channel.path)
  }

  #toRecord(publication: Publication, trace: string | undefined): NewRecord {
    const { contract, limits } = this.#settings
    try {
      const record = createRecord(contract, publication, { time: this.#now(), maxBytes: limits.eventBytes })
      if (!this.hasEnded(record.topic)) return withTrace(record, trace)
    } catch (error) {
      if (EventTooLargeError.isInstance(error)) this.#meter.count('refused', 'eventBytes')
      throw error
    }
    throw new PublishError(`"${publication.topic.address}" was ended, and nothing follows`)
  }

  // To ask for the time may cost as much as all the rest. What is published in one job is of one time.
  #now(): number {
    if (this.#time === undefined) {
      this.#time = Math.trunc(this.#settings.clock.now())
      queueMicrotask(() => {
        this.#time = undefined
      })
    }
    return this.#time
  }
}

// A single event's own trace is the parent of the one that its publication was given. Several may be of many.
function traceOf({ trace: own }: Publication, given: string | undefined, count: number): string | undefined {
  if (own === undefined || (count === 1 && given !== undefined)) return given
  return readTraceparent(own) ?? given
}

function answered(positions: readonly Position[] | undefined, count: number): readonly Position[] {
  if (positions?.length === count) return positions
  throw new TypeError('The log gave no position for what it appended')
}

function publishedAt(position: Position): Published {
  return { id: formatCursor(position) }
}
