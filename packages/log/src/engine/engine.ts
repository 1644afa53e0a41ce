import type { Position } from '@millrace/protocol'
import type { LogPage, NewRecord } from '../log.ts'

/** A record as the engine keeps it: with the tag that tells it from any other that had its offset. */
export interface AppendedRecord extends NewRecord {
  readonly tag: string
}

/** What an engine tells of. Calls after the watch was stopped do nothing. */
export interface EngineWatcher {
  /** There may be more to read. Too many of these cost a read each, and one too few the poll interval. */
  wake(): void
  /** The link that brings the wakes failed. The engine mends it by itself, and calls `wake` when it has. */
  failed(error: unknown): void
}

/**
 * What differs from one engine to the next: three calls that are each one atomic step there, and a link that says when to look.
 * `engineLog` makes a log of it. What an engine throws reaches the caller as it is, so make it a `LogEngineError`.
 */
export interface Engine {
  /**
   * Appends records next to each other, in the order given, and resolves when they are durable. The key of one that is still held gives
   * that one's place again. Never called again before it has settled, which it has to do in a bounded time, engine or no engine.
   */
  append(records: readonly AppendedRecord[]): Promise<readonly Position[]>
  /** As a log's: records and bounds of one moment, never clamped, with the tags at `after` and at the head. Settles in a bounded time. */
  read(after: number, limit: number): Promise<LogPage>
  /**
   * Gives the log another epoch and keeps its records, unless it still has, or has again, the record at a place, or is in another epoch
   * already: all in one step there. Answers whether the epoch is another one than that of the place now.
   */
  renew(lost: Position): Promise<boolean>
  /** Says when to look, until what it returns is called. Called once at a time, with the first tail of the log. */
  watch(watcher: EngineWatcher): () => void
  /** Frees what is held open. Called once, when nothing is under way any more. */
  close(): Promise<void>
}
