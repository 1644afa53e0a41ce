import type { Log } from '@millrace/log'

/** A log that counts how often it is read, beside by its tails. */
export interface CountingLog extends Log {
  readonly calls: { read: number }
}

export function countingLog(log: Log): CountingLog {
  const calls = { read: 0 }
  return {
    calls,
    append: (records) => log.append(records),
    read(after, limit) {
      calls.read += 1
      return log.read(after, limit)
    },
    bounds: () => log.bounds(),
    tail: (after, observer) => log.tail(after, observer),
    close: () => log.close(),
  }
}
