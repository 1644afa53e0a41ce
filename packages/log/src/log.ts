import type { Position } from '@millrace/protocol'
import type { LogFinding, LogUse } from './diagnosis.ts'

/** An event on its way into a log, encoded: the log never sees a schema. */
export interface NewRecord {
  /** Address of the topic, as the contract writes it (`orders/42`). */
  readonly topic: string
  /** Name of the event (`placed`). */
  readonly event: string
  /** Version of the event's schema that `data` was written with. */
  readonly version: number
  /** When it was published, in milliseconds since 1970. */
  readonly time: number
  /** The payload as JSON text. */
  readonly data: string
  /** Idempotency key: appending a record whose key the log still holds gives the first record's position again. */
  readonly key?: string
  /** The trace that it was published in: a `traceparent` of W3C Trace Context. The log keeps it and does not read it. */
  readonly trace?: string
}

/** A record with its place in the log. */
export interface LogRecord extends NewRecord {
  /** 1 for the first record of an epoch; every next record has the next number, without holes. */
  readonly offset: number
  /**
   * Tells this record from any other that had its offset in this epoch before, or will have it: its position's tag, 1 to 16
   * characters of `0-9a-z`. A log has them that can lose records which it acknowledged, as by a failover or a restored
   * backup, and then gives their offsets away again under the same epoch. Chosen anew with each append, never derived from
   * the offset. The logs that cannot have none.
   */
  readonly tag?: string
}

/** What a log holds at one moment. */
export interface LogBounds {
  /** Identity of this life of the log. Offsets of different epochs have nothing to do with each other. */
  readonly epoch: string
  /** Offset of the oldest record that is still held; `head + 1` when none is. */
  readonly first: number
  /** Offset of the newest record ever appended in this epoch; 0 before the first. */
  readonly head: number
  /** Tag of the record at `head`, also when that is not held any more; absent where it has none. */
  readonly headTag?: string | undefined
}

/** One answer to a read: records and bounds of the same moment, so that the reader can judge its own cursor. */
export interface LogPage extends LogBounds {
  /** Records in offset order, without holes. */
  readonly records: readonly LogRecord[]
  /**
   * Tag of the record at `after`, from `first - 1` to `head`: whoever has seen another record there must not go on. A log with
   * tags remembers that of the last record that it has forgotten, or everybody who stands there is told `trimmed`.
   */
  readonly afterTag?: string | undefined
}

/** What a tail tells. Calls never overlap, and none comes after the tail was stopped. */
export interface TailObserver {
  /** The next records, in offset order, without holes, each once. Never empty. */
  records(records: readonly LogRecord[]): void
  /**
   * The tail could not go on where it was: history was trimmed past it, the log began a new epoch, or it went back and the
   * record at the tail's place is gone or another one. It goes on after `bounds.first - 1`.
   */
  reset(bounds: LogBounds): void
  /**
   * The engine failed, or another method of this observer threw. The tail goes on by itself: from where it was when the
   * engine is back, or after what was being told, which is not told again.
   */
  error?(error: unknown): void
}

/**
 * The ordered, append-only memory behind the servers.
 *
 * Whoever implements it runs the suite of `@millrace/log/conformance`, which is the definition of a log.
 */
export interface Log {
  /**
   * Appends records in the order given, next to each other, and resolves when they are durable, with one position
   * for each. Records appended by calls that follow each other in one process keep that order.
   *
   * @throws LogClosedError after `close`. When it rejects for another reason, none, some or all may have been
   * appended: an idempotency key makes the repeat safe.
   */
  append(records: readonly NewRecord[]): Promise<readonly Position[]>
  /**
   * Has records appended when a transaction of the application commits, in the order of the commits, and never when it is rolled back.
   * Resolves when they are written down in the transaction: they have no places yet. Only of a log whose engine has transactions that
   * others can take part in; what they are given as is the log's to say.
   *
   * @throws LogClosedError after `close`; what the transaction throws.
   */
  appendWithin?(transaction: object, records: readonly NewRecord[]): Promise<void>
  /**
   * Reads up to `limit` records with offsets above `after`, oldest first: fewer where the engine's own pages are
   * smaller, but at least one when there is one. Never clamps: when `after` lies before `first - 1` or beyond `head` the
   * page has no records, and its bounds tell why. A limit of 0 asks for the bounds and the tag alone.
   *
   * @throws LogClosedError after `close`.
   */
  read(after: number, limit: number): Promise<LogPage>
  /**
   * Follows the log from `after` on until the returned function is called. A position of another epoch, before what
   * is held, beyond the head or with another record's tag is told by `reset` first. One tail serves a whole process. Never calls the observer
   * before it has returned.
   *
   * @throws LogClosedError after `close`.
   */
  tail(after: Position, observer: TailObserver): () => void
  /**
   * What the log holds now.
   *
   * @throws LogClosedError after `close`.
   */
  bounds(): Promise<LogBounds>
  /**
   * Looks whether its engine can be reached and is set up to keep what it is given, as `millrace doctor` tells it: the gravest need not come
   * first. It asks the engine, and changes nothing there. What goes wrong meanwhile is a finding.
   *
   * @throws LogClosedError after `close`.
   */
  diagnose?(use?: LogUse): Promise<readonly LogFinding[]>
  /**
   * Stops every tail at once, and resolves when what the log holds open is free. Appends under way are settled first.
   * Calling it again does nothing.
   */
  close(): Promise<void>
}
