import { type Log, memoryLog, type NewRecord } from '@millrace/log'
import type { Traced } from './trace-context.ts'

/** A log that keeps the trace of each record, whatever the log within keeps. Only for records without keys. */
export function carryingLog(): Log {
  const log = memoryLog({ epoch: 'e1' })
  const traces: (string | undefined)[] = []
  const carry = <Item extends { readonly offset: number }>(record: Item): Item & Traced => {
    const trace = traces[record.offset - 1]
    return trace === undefined ? record : { ...record, trace }
  }
  return {
    append(records) {
      traces.push(...records.map((record: NewRecord & Traced) => record.trace))
      return log.append(records)
    },
    async read(after, limit) {
      const page = await log.read(after, limit)
      return { ...page, records: page.records.map(carry) }
    },
    bounds: () => log.bounds(),
    tail: (after, observer) =>
      log.tail(after, {
        records: (records) => observer.records(records.map(carry)),
        reset: (bounds) => observer.reset(bounds),
      }),
    close: () => log.close(),
  }
}
