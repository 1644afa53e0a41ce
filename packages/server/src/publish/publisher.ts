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
  readonly #endings: Endings
  readonly #meter: Monitor
  // Topics whose last record is under way.
  readonly #ending = new Set<string>()
  // Of the job that runs.
  #time: number | undefined

  constructor(settings: Settings, endings: Endings, meter: Monitor) {
    this.#settings = settings
    this.#endings = endings
    this.#meter = meter
  }

  /** Whether a topic is known to be complete. */
  hasEnded(address: string): boolean {
    return this.#ending.has(address) || this.#endings.of(address) !== undefined
  }

  /**
   * Appends an event.
   *
   * @throws DataError, EventTooLargeError, PublishError, ServerClosedError; what the log throws (rejects, as do the following)
   */
  publish(publication: Publication): Promise<Published> {
    return this.#meter.publish([publication], (trace) =>
      this.#append(
        () => [this.#toRecord(publication, traceOf(publication, trace, 1))],
        ([position]) => {
          this.#count(publication)
          return publishedAt(position as Position)
        },
      ),
    )
  }

  /** Appends events next to each other, or none of them where one cannot be. @throws what `publish` throws */
  publishMany(publications: readonly Publication[]): Promise<readonly Published[]> {
    return this.#meter.publish(publications, (trace) =>
      this.#append(
        () => publications.map((one) => this.#toRecord(one, traceOf(one, trace, publications.length))),
        (positions) => {
          for (const one of publications) this.#count(one)
          return positions.map(publishedAt)
        },
      ),
    )
  }

  /** Appends the last record of a topic, unless it has one. @throws PublishError, ServerClosedError; what the log throws */
  async end(topic: Topic): Promise<Published> {
    const address = topic?.address
    const makeRecord = () => {
      const record = createEndRecord(this.#settings.contract, topic, this.#now())
      // What is published from now on would come after it.
      this.#ending.add(address)
      return [record]
    }
    try {
      return await this.#append(makeRecord, ([position]) => {
        this.#endings.note(address, position as Position)
        return publishedAt(position as Position)
      })
    } finally {
      this.#ending.delete(address)
    }
  }

  // The only asynchronous function that an event passes on this side of the log: each one more would cost a tenth of a microsecond.
  async #append<Result>(
    makeRecords: () => readonly NewRecord[],
    answer: (positions: readonly Position[]) => Result,
  ): Promise<Result> {
    if (this.closed) throw new ServerClosedError()
    const records = makeRecords()
    if (records.length === 0) return answer([])
    let positions: readonly Position[]
    try {
      positions = await this.#settings.log.append(records)
    } catch (error) {
      this.#meter.count('logErrors', 'append')
      throw error
    }
    if (positions?.length === records.length) return answer(positions)
    throw new TypeError('The log gave no position for what it appended')
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

function publishedAt(position: Position): Published {
  return { id: formatCursor(position) }
}
