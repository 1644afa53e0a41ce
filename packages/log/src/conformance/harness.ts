import type { Log } from '../log.ts'
import type { Explore } from './explore.ts'

/** The two functions of a test runner that the suite calls. Those of Vitest, Bun and `node:test` fit. */
export interface ConformanceRunner {
  describe(name: string, body: () => void): unknown
  it(name: string, body: () => Promise<void>): unknown
  /**
   * Tries a property with so many arrays of natural numbers, and rejects with the ones for which it fails. Given by those who
   * have a library that finds the least such array, as fast-check does:
   *
   *     explore: (property, runs) => fc.assert(fc.asyncProperty(fc.array(fc.nat()), property), { numRuns: runs })
   *
   * @default the suite's own: the same arrays each time, and a failure tells a small one
   */
  readonly explore?: Explore
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
  /**
   * Opens a log as `open` does, whose tails look when they are called by way of `wake`, wherever the reason for a look comes
   * from: an append in this process, or word of another one's. `wake` may call the look late, twice or never, but not inside
   * of its own call. Once wakes come through again, the tails have to catch up by themselves or at the next append.
   */
  openWith?(wake: (look: () => void) => void): Promise<L>
  /** Makes the engine forget every record below `keepFrom`; all of them, when that is `head + 1`. */
  trim?(log: L, keepFrom: number): Promise<void> | void
  /** Makes the engine lose the history of a log that is open, and begin another life of it. */
  recreate?(log: L): Promise<void> | void
  /**
   * Whether positions have tags.
   *
   * @default false
   */
  readonly tags?: boolean
  /**
   * Remembers what the log holds. What is resolved with puts the engine back to that, as a restored backup does, or a failover
   * that loses what was acknowledged: behind the back of the log, and so under the same epoch unless the log finds out. It resolves
   * with a log on what was put back: the same one where it may stay open, another one otherwise.
   */
  backUp?(log: L): Promise<() => Promise<L>>
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
   * In how many orders appends, reads, trims and tails race each other, in all. They are shared out among one log, several
   * logs on one history (with `join`) and hostile wakes (with `openWith`). A fast engine takes 100,000.
   *
   * @default 300
   */
  readonly interleavings?: number
  /**
   * How long a test waits for what must come, in milliseconds, before it fails. The runner's own limit must be longer.
   *
   * @default 4_000
   */
  readonly patience?: number
}
