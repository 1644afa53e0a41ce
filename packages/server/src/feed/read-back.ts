import type { Log, LogRecord } from '@millrace/log'

/** Records next to each other. */
export interface Stretch {
  readonly records: readonly LogRecord[]
  /** Of the record before them, as far as the log knows it. */
  readonly tagBefore: string | undefined
}

/**
 * Reads what lies between two offsets of one epoch, the last one included, or as much of its end as the log still holds.
 * `undefined` where the log has begun another life meanwhile.
 *
 * @param limit records of one read
 */
export async function readBack(
  log: Log,
  { epoch, after, upTo, limit }: { epoch: string; after: number; upTo: number; limit: number },
): Promise<Stretch | undefined> {
  const records: LogRecord[] = []
  let tagBefore: string | undefined
  for (let from = after; from < upTo; ) {
    const page = await log.read(from, Math.min(limit, upTo - from))
    if (page.epoch !== epoch || page.head < upTo) return undefined
    if (from < page.first - 1) {
      // Retention was faster.
      records.length = 0
      from = page.first - 1
      continue
    }
    const last = page.records.at(-1)
    if (last === undefined) return undefined
    if (records.length === 0) tagBefore = page.afterTag
    records.push(...page.records)
    from = last.offset
  }
  return { records, tagBefore }
}
