import type { Log } from '../log.ts'

/** The two functions of a test runner that the suite calls. Those of Vitest, Bun and `node:test` fit. */
export interface ConformanceRunner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
}

/** Begins a trouble with a log's engine and resolves with what ends it. */
export type Disturbance<L extends Log = Log> = (log: L) => Promise<() => Promise<void> | void>

/**
 * What the suite needs to know of a log. Everything but `open` is a capability: a promise that cannot be tried without
 * it is not tried, so give all that the engine can do.
 */
export interface LogHarness<L extends Log = Log> {
  /** Opens a log of its own: empty, with offset 1 to come, and independent of every other one. */
  open(): Promise<L>
  /** Opens the history of a log once more, as another process would. The log may be closed by then. */
  join?(log: L): Promise<L>
  /** Makes the engine forget every record below `keepFrom`; all of them, when that is `head + 1`. */
  trim?(log: L, keepFrom: number): Promise<void> | void
  /** Makes the engine lose the history of a log that is open, and begin another life of it. */
  recreate?(log: L): Promise<void> | void
  /**
   * The engine's hostile side, by name (`the engine was killed`): wakes dropped, doubled or delayed, connections cut,
   * the engine frozen or killed. None may lose an acknowledged record. Once a trouble has ended, the tails have to
   * catch up by themselves or at the next append.
   */
  readonly disturbances?: Readonly<Record<string, Disturbance<L>>>
  /**
   * Whether keys may be held longer than their records, as by an engine that holds them for a time of its own.
   *
   * @default false
   */
  readonly keysOutliveRecords?: boolean
  /**
   * How long a test waits for what must come, in milliseconds, before it fails. The runner's own limit must be longer.
   *
   * @default 4_000
   */
  readonly patience?: number
}
