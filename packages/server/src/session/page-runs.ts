import type { Position } from '@millrace/protocol'
import type { Entry } from '../feed/entry.ts'
import type { FeedPage } from '../feed/feed-page.ts'
import type { FrameRun } from '../feed/frame-run.ts'

/** What is written in one go: enough for a socket, little enough to hold for a client that reads nothing. */
export const chunkBytes = 64 * 1024

/** What a page has for a session, and how far that goes. */
export interface PageRun {
  readonly run: FrameRun
  /** The place after the last entry that was considered. */
  readonly position: Position
}

/**
 * Takes from a page what is wanted, as much as may be written in one go at a time; at last what is left, which may be an empty run.
 *
 * @param wants whether to take an entry
 * @param endsAll told of a topic that is complete; `true` when nothing after it is wanted
 */
export function* pageRuns(
  { entries, start }: FeedPage,
  wants: (entry: Entry) => boolean,
  endsAll: (topic: string) => boolean,
): Generator<PageRun, void> {
  let run = start
  let last: Entry | undefined
  // Not with an iterator, which would make garbage for each entry of each stream that resumes.
  for (let index = 0; index < entries.length; index += 1) {
    const entry = entries[index] as Entry
    const wanted = wants(entry)
    if (wanted) {
      if (last !== undefined && run.length > 0 && run.length + entry.length > chunkBytes) {
        yield { run, position: last.position }
        run = start
      }
      run = run.with(entry)
    }
    last = entry
    if (wanted && entry.isEnd && endsAll(entry.topic)) break
  }
  if (last !== undefined) yield { run, position: last.position }
}
