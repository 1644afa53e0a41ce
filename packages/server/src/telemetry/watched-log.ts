import type { Log } from '@millrace/log'
import type { AnyLog } from '../feed/feeds.ts'
import type { LogOperation } from './server-stats.ts'

/** What is watched here. Who appends sees a failure anyway, and events pass there one by one. */
type Watched = Exclude<LogOperation, 'append'>

/** The same log, of whose failures somebody is told. @param onFailed must not throw */
export function watchLog(log: AnyLog, onFailed: (operation: Watched) => void): AnyLog {
  if (!('shards' in log)) return watchOne(log, onFailed)
  return {
    shards: log.shards.map((shard) => watchOne(shard, onFailed)),
    shardOf: (address) => log.shardOf(address),
    placeIn: (shard, cursor) => log.placeIn(shard, cursor),
    append: (records) => log.append(records),
    ...within(log),
    diagnose: (use) => log.diagnose(use),
    close: () => log.close(),
  }
}

// Only of one that can: whether it can is asked by looking.
function within(log: AnyLog): Pick<Log, 'appendWithin'> {
  if (log.appendWithin === undefined) return {}
  return { appendWithin: (transaction, records) => (log as Required<Log>).appendWithin(transaction, records) }
}

function watchOne(log: Log, onFailed: (operation: Watched) => void): Log {
  const failed = {
    read: () => onFailed('read'),
    bounds: () => onFailed('bounds'),
    tail: () => onFailed('tail'),
  }
  function watch<Value>(operation: Watched, call: () => Promise<Value>): Promise<Value> {
    const value = guard(operation, call)
    value.then(undefined, failed[operation])
    return value
  }
  function guard<Value>(operation: Watched, call: () => Value): Value {
    try {
      return call()
    } catch (error) {
      failed[operation]()
      throw error
    }
  }
  return {
    append: (records) => log.append(records),
    ...within(log),
    ...(log.diagnose && { diagnose: (use) => (log as Required<Log>).diagnose(use) }),
    read: (after, limit) => watch('read', () => log.read(after, limit)),
    bounds: () => watch('bounds', () => log.bounds()),
    tail: (after, observer) =>
      guard('tail', () =>
        log.tail(after, {
          records: (records) => observer.records(records),
          reset: (bounds) => observer.reset(bounds),
          error(error) {
            failed.tail()
            observer.error?.(error)
          },
        }),
      ),
    close: () => log.close(),
  }
}
