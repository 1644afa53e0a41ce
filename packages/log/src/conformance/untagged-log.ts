import type { Position } from '@millrace/protocol'
import { headOf, positionOf } from '../judge.ts'
import type { Log, LogBounds, LogPage, LogRecord, NewRecord, TailObserver } from '../log.ts'
import { ConformanceError } from './check.ts'
import type { LogHarness } from './harness.ts'

/** The tags of one history, wherever they were seen. A place of one epoch has one, for as long as the log does not go back. */
class Tags {
  readonly #tags = new Map<string, string>()
  #violation: string | undefined

  at({ epoch, offset }: Position): string | undefined {
    return this.#tags.get(`${epoch}.${offset}`)
  }

  note({ epoch, offset, tag }: Position, where: string): void {
    const known = this.at({ epoch, offset })
    if (offset === 0 ? tag !== undefined : tag === undefined || !/^[0-9a-z]{1,16}$/.test(tag)) {
      this.#violation ??= `${where} has the tag ${tag} at ${epoch}.${offset}`
    } else if (known !== undefined && known !== tag) {
      this.#violation ??= `${where} has the tag ${tag} at ${epoch}.${offset}, and had ${known} before`
    }
    if (tag !== undefined && known === undefined) this.#tags.set(`${epoch}.${offset}`, tag)
  }

  verify(): void {
    if (this.#violation !== undefined) throw new ConformanceError(this.#violation)
  }
}

/**
 * A log with tags as the tests see it that compare what every log has: without them. That each place has one, and the same
 * wherever it is told, is checked meanwhile, in whatever the tests do.
 */
class UntaggedLog<L extends Log> implements Log {
  readonly log: L
  readonly tags: Tags

  constructor(log: L, tags = new Tags()) {
    this.log = log
    this.tags = tags
  }

  async append(records: readonly NewRecord[]): Promise<readonly Position[]> {
    const positions = await this.log.append(records)
    return positions.map((position) => {
      this.tags.note(position, 'a position')
      return { epoch: position.epoch, offset: position.offset }
    })
  }

  async read(after: number, limit: number): Promise<LogPage> {
    const { records, afterTag, ...bounds } = await this.log.read(after, limit)
    const { epoch, first, head } = bounds
    const isHeld = after >= first - 1 && after <= head
    if (isHeld) this.tags.note(positionOf(epoch, { offset: after, tag: afterTag }), 'afterTag')
    return { ...this.#bounds(bounds), records: records.map((record) => this.#record(epoch, record)) }
  }

  tail(after: Position, observer: TailObserver): () => void {
    let { epoch } = after
    // As one who has seen the record there.
    return this.log.tail(positionOf(epoch, { offset: after.offset, tag: this.tags.at(after) }), {
      records: (records) => observer.records(records.map((record) => this.#record(epoch, record))),
      reset: (bounds) => {
        epoch = bounds.epoch
        observer.reset(this.#bounds(bounds))
      },
      error: (error) => observer.error?.(error),
    })
  }

  async bounds(): Promise<LogBounds> {
    return this.#bounds(await this.log.bounds())
  }

  async close(): Promise<void> {
    await this.log.close()
    this.tags.verify()
  }

  #bounds({ headTag, ...bounds }: LogBounds): LogBounds {
    this.tags.note(headOf({ ...bounds, headTag }), 'headTag')
    return bounds
  }

  #record(epoch: string, { tag, ...record }: LogRecord): LogRecord {
    this.tags.note(positionOf(epoch, { offset: record.offset, tag }), 'a record')
    return record
  }
}

/** The same capabilities for a log whose tags the tests do not see. */
export function withoutTags<L extends Log>(harness: LogHarness<L>): LogHarness<UntaggedLog<L>> {
  const { open, join, openWith, trim, recreate, disturbances, tags: _, backUp: __, ...settings } = harness
  return {
    ...settings,
    open: async () => new UntaggedLog(await open.call(harness)),
    ...(join && { join: async ({ log, tags }) => new UntaggedLog(await join.call(harness, log), tags) }),
    ...(openWith && { openWith: async (wake) => new UntaggedLog(await openWith.call(harness, wake)) }),
    ...(trim && { trim: ({ log }, keepFrom) => trim.call(harness, log, keepFrom) }),
    ...(recreate && { recreate: ({ log }) => recreate.call(harness, log) }),
    ...(disturbances && {
      disturbances: Object.fromEntries(
        Object.entries(disturbances).map(([name, disturb]) => [
          name,
          ({ log }: UntaggedLog<L>) => disturb(log),
        ]),
      ),
    }),
  }
}
