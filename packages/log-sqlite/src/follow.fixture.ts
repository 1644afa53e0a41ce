import type { Log, LogBounds, LogRecord } from '@millrace/log'
import type { Position } from '@millrace/protocol'

/** A tail that keeps what it was told. */
export interface Follower {
  readonly records: LogRecord[]
  readonly batches: number[]
  readonly resets: LogBounds[]
  readonly errors: unknown[]
  /** Resolves when so many records have come. */
  until(count: number): Promise<void>
  stop(): void
}

export function follow(log: Log, after: Position): Follower {
  const records: LogRecord[] = []
  const batches: number[] = []
  const resets: LogBounds[] = []
  const errors: unknown[] = []
  let told = () => {}
  const stop = log.tail(after, {
    records: (batch) => {
      for (const record of batch) records.push(record)
      batches.push(batch.length)
      told()
    },
    reset: (bounds) => {
      resets.push(bounds)
      told()
    },
    error: (error) => {
      errors.push(error)
    },
  })
  const until = async (count: number) => {
    while (records.length < count) {
      await new Promise<void>((resolve) => {
        told = resolve
      })
    }
  }
  return { records, batches, resets, errors, until, stop }
}

/** Everything that a log holds. */
export async function readAll(log: Log): Promise<LogRecord[]> {
  const records: LogRecord[] = []
  let { first, head } = await log.bounds()
  for (let after = first - 1; after < head; ) {
    const page = await log.read(after, 1_000)
    records.push(...page.records)
    after = records.at(-1)?.offset ?? head
    head = page.head
  }
  return records
}

/** A record to append. */
export function aRecord(number: number, data = `{"number":${number}}`, key?: string) {
  const record = { topic: 'orders/1', event: 'placed', version: 1, time: 1_763_683_200_000 + number, data }
  return key === undefined ? record : { ...record, key }
}
