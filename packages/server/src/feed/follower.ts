import type { Position } from '@millrace/protocol'
import type { FrameRun } from './frame-run.ts'
import type { TopicInterest } from './interest.ts'

/** Somebody whom the feed pushes to. */
export interface Follower {
  readonly interests: readonly TopicInterest[]
  /** Whether it has all that came before, and so takes what comes now. */
  readonly live: boolean
  /** What the feed has for it in this turn, while it looks who wants what. */
  gathered: FrameRun | undefined
  /**
   * What came now and is wanted. Its last entry may lie before the feed's new position.
   *
   * @param ended the topics that are complete with it
   */
  push(run: FrameRun, ended: readonly string[]): void
  /** The feed's history changed: ask the log where it goes on. `before` is where a live follower stood. */
  look(before: Position): void
  /** A topic is complete, and the log has said so before the feed began to follow it. */
  ended(address: string): void
}
