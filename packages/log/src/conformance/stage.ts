import type { Position } from '@millrace/protocol'
import type { Log, LogRecord, NewRecord } from '../log.ts'
import { check } from './check.ts'
import type { ConformanceRunner, LogHarness } from './harness.ts'
import { Watcher, type WatcherHooks } from './watcher.ts'

const defaultPatience = 4_000

/** One test's log with all that was opened on it. */
export class Stage<L extends Log> {
  readonly log: L
  readonly patience: number
  readonly #watchers: Watcher[] = []
  readonly #joined: L[] = []

  constructor(log: L, patience: number) {
    this.log = log
    this.patience = patience
  }

  /** Keeps a second log on the same history, to be closed with the first. */
  keep(log: L): L {
    this.#joined.push(log)
    return log
  }

  /** Opens a tail that is watched until the test ends. */
  watch(after: Position, hooks: WatcherHooks = {}, log: Log = this.log): Watcher {
    const watcher = new Watcher(log, after, this.patience, hooks)
    this.#watchers.push(watcher)
    return watcher
  }

  /** The place after an offset in the log's present life. */
  async place(offset: number): Promise<Position> {
    return { epoch: (await this.log.bounds()).epoch, offset }
  }

  /** Appends so many plain records, one call each, and resolves with their positions when all are durable. */
  async fill(count: number): Promise<Position[]> {
    const calls = Array.from({ length: count }, (_, index) => this.log.append([aRecord(index)]))
    return (await Promise.all(calls)).flat()
  }

  /** All records above an offset, page by page, up to the head. */
  async readAll(after = 0, log: Log = this.log): Promise<LogRecord[]> {
    const records: LogRecord[] = []
    for (let offset = after; ; ) {
      const page = await log.read(offset, 100)
      records.push(...page.records)
      const last = page.records.at(-1)
      if (last === undefined) {
        check(offset === page.head, `a read after ${offset} gave nothing although the head is ${page.head}`)
        return records
      }
      offset = last.offset
    }
  }

  verify(): void {
    for (const watcher of this.#watchers) watcher.verify()
  }

  async close(): Promise<void> {
    for (const watcher of this.#watchers) watcher.stop()
    for (const log of [...this.#joined, this.log]) await log.close()
  }
}

/** Declares a test on a log of its own. */
export type StageTest<L extends Log> = (name: string, body: (stage: Stage<L>) => Promise<void>) => void

export function stageTests<L extends Log>(harness: LogHarness<L>, runner: ConformanceRunner): StageTest<L> {
  return (name, body) => {
    runner.it(name, () => withStage(harness, body))
  }
}

/** Opens a log for a test, and closes what was opened on it, whatever the outcome. */
export async function withStage<L extends Log>(
  harness: LogHarness<L>,
  body: (stage: Stage<L>) => Promise<void>,
): Promise<void> {
  const stage = new Stage(await harness.open(), harness.patience ?? defaultPatience)
  try {
    await body(stage)
    stage.verify()
  } finally {
    await stage.close()
  }
}

/** A record to append, told apart from others by its number. */
export function aRecord(number: number, properties: Partial<NewRecord> = {}): NewRecord {
  return {
    topic: `orders/${number % 3}`,
    event: 'placed',
    version: 1,
    time: 1_763_683_200_000 + number,
    data: `{"number":${number}}`,
    ...properties,
  }
}

/** The records as the log has to give them when they got offsets from `first` on. */
export function numbered(records: readonly NewRecord[], first = 1): LogRecord[] {
  return records.map((record, index) => ({ ...record, offset: first + index }))
}

/** The whole numbers from one to another, both included. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index)
}
