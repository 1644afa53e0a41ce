import {
  clusterConnectionsOf,
  connectionsOf,
  type RedisClusterSource,
  type RedisConnection,
  type RedisConnectionOptions,
  type RedisSentinelSource,
  sentinelConnectionsOf,
} from './connection.ts'

/** Settings of a Redis log. What exceeds a limit is forgotten, oldest first, in all processes. */
export interface RedisLogOptions {
  /**
   * How Redis is reached: a URL (`redis://user:password@host:6379/0`), the options of `createClient` of `redis`, what its `createSentinel` or
   * `createCluster` gives, or a function that makes a connection of another client. A log has two: one for commands, and one that waits for news.
   *
   * @default redis://localhost:6379
   */
  readonly connection?:
    | string
    | RedisConnectionOptions
    | RedisSentinelSource
    | RedisClusterSource
    | (() => RedisConnection)
  /**
   * Name of the log. Its keys are `{name}:meta`, `{name}:records` and `{name}:keys`, which lie in one slot of a cluster.
   *
   * @default 'millrace'
   */
  readonly name?: string
  /**
   * How many records are kept, at least 1; up to a tenth more, and 100 at most, until they are forgotten together.
   *
   * @default 1_000_000
   */
  readonly maxRecords?: number
  /**
   * How long a record is kept after its append, in milliseconds, above 0, by the clock of Redis. Unlimited by default: set it where data
   * must not be held for longer.
   *
   * @default Infinity
   */
  readonly maxAge?: number
  /**
   * How many replicas must have an append before it resolves, which makes it less likely that a failover loses it. With 0 it resolves
   * when the master has it.
   *
   * @default 0
   */
  readonly replicas?: number
  /**
   * What happens where Redis may evict keys (`maxmemory-policy` is another than `noeviction`), and so lose history when it runs out of
   * memory: nothing works and everything rejects with the reason (`refuse`), or `onWarning` is told (`warn`).
   *
   * @default 'refuse'
   */
  readonly eviction?: 'refuse' | 'warn'
  /** Told of what should be looked at. @default console.warn */
  readonly onWarning?: (message: string) => void
  /**
   * How long Redis may take to answer, in milliseconds, above 0. Then the connection is given up and made anew.
   *
   * @default 5_000
   */
  readonly timeout?: number
  /**
   * How often tails look without having been woken, in milliseconds.
   *
   * @default 1_000
   */
  readonly pollInterval?: number
  /** Schedules a tail's look, for tests. @default immediately */
  readonly wake?: (look: () => void) => void
}

/** Settings with every default filled in. */
export interface Settings {
  readonly connect: () => RedisConnection
  readonly name: string
  readonly maxRecords: number
  readonly maxAge: number
  readonly replicas: number
  readonly eviction: 'refuse' | 'warn'
  readonly onWarning: (message: string) => void
  readonly timeout: number
}

/** @throws TypeError for a name that is none. @throws RangeError for a limit that is out of range */
export function settingsOf(options: RedisLogOptions): Settings {
  const { connection = 'redis://localhost:6379', name = 'millrace', eviction = 'refuse' } = options
  const { maxRecords = 1_000_000, maxAge = Number.POSITIVE_INFINITY, replicas = 0, timeout = 5_000 } = options
  if (typeof name !== 'string' || !/^[^{}]+$/.test(name)) {
    throw new TypeError('name must be text without { and }, which are for the cluster')
  }
  requireRange('maxRecords', Number.isSafeInteger(maxRecords) && maxRecords >= 1, 'a whole number from 1')
  requireRange('maxAge', maxAge > 0, 'above 0')
  requireRange('replicas', Number.isSafeInteger(replicas) && replicas >= 0, 'a whole number from 0')
  requireRange('timeout', timeout > 0 && timeout < 2 ** 31, 'from above 0 to 2^31 - 1')
  return {
    connect: connectOf(connection, `{${name}}:meta`),
    name,
    maxRecords,
    maxAge,
    replicas,
    eviction,
    onWarning: options.onWarning ?? ((message) => console.warn(message)),
    timeout,
  }
}

/** @param key One of the log's, all of which lie in one slot of a cluster. */
function connectOf(given: NonNullable<RedisLogOptions['connection']>, key: string): () => RedisConnection {
  if (typeof given === 'string') return connectionsOf({ url: given })
  if (typeof given === 'function') return given
  if (!('duplicate' in given)) return connectionsOf(given)
  return 'masters' in given ? clusterConnectionsOf(given, key) : sentinelConnectionsOf(given)
}

function requireRange(name: string, holds: boolean, wanted: string): void {
  if (!holds) throw new RangeError(`${name} must be ${wanted}`)
}
