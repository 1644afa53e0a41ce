import type { LogBounds } from '@millrace/log'
import type { Entry } from './entry.ts'
import type { FrameRun } from './frame-run.ts'

/** What a session reads to catch up. */
export interface FeedPage extends LogBounds {
  /** What follows the position that was asked about, in order, without holes. */
  readonly entries: readonly Entry[]
  /** The empty run that this page's runs begin with, so that sessions which read the same share the joined bytes. */
  readonly start: FrameRun
  /** Tag of the record at the position. */
  readonly afterTag?: string | undefined
}
