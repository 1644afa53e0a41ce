/**
 * How a resume ended.
 *
 * - `resumed`: the stream goes on exactly where the cursor stood.
 * - `fresh`: there was no cursor.
 * - `trimmed`: the log no longer holds what follows the cursor.
 * - `epoch`: the cursor belongs to another life of the log.
 * - `ahead`: the cursor lies beyond the log's end, which lost what it had acknowledged.
 * - `diverged`: the record at the cursor is not the one that the subscriber saw.
 * - `invalid`: the text is not a cursor.
 */
export type Verdict = 'resumed' | 'fresh' | ResetVerdict

/** The verdicts that break a stream's continuity. */
export type ResetVerdict = 'trimmed' | 'epoch' | 'ahead' | 'diverged' | 'invalid'
