import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node'
import { connectionsOf } from './connection.ts'

/** Options of the client, as `connect` of `@nats-io/transport-node` takes them: `servers`, `user`, `pass`, `token`, `authenticator`, `tls`, … */
export type NatsConnectionOptions = NodeConnectionOptions

/** Settings of a NATS log. What exceeds a limit is forgotten, oldest first, by the server itself. */
export interface NatsLogOptions {
  /**
   * How NATS is reached: one URL or several with commas between them (`nats://user:password@host:4222`), the options of `connect` of
   * `@nats-io/transport-node`, or a function that makes a connection, which should not reconnect by itself. A log has one.
   *
   * @default nats://localhost:4222
   */
  readonly connection?: string | NatsConnectionOptions | (() => Promise<NatsConnection>)
  /** JetStream domain, where the server is reached by way of another one, as a leaf node's is. */
  readonly domain?: string
  /**
   * Name of the log, which is that of its stream and the first word of its subjects: 1 to 64 of `A-Z a-z 0-9 _ -`.
   *
   * @default 'millrace'
   */
  readonly name?: string
  /**
   * How many records are kept, at least 1. A stream that is there already keeps its own limits, unless they are given here.
   *
   * @default 1_000_000
   */
  readonly maxRecords?: number
  /**
   * How long a record is kept after its append, in milliseconds, at least 100, by the clock of the server. Unlimited by default: set it
   * where data must not be held for longer.
   *
   * @default Infinity
   */
  readonly maxAge?: number
  /**
   * How many bytes the stream has at most, at least 1.
   *
   * @default Infinity
   */
  readonly maxBytes?: number
  /**
   * For how long the server finds an idempotency key again that comes with an event of another topic, in milliseconds, at least 100 and no
   * longer than `maxAge`. With an event of the same topic it is found for as long as its record is held. The server holds the keys of
   * this time in memory.
   *
   * @default 120_000
   */
  readonly keyWindow?: number
  /**
   * On how many servers of a cluster a new stream is kept, 1 to 5. An append resolves when most of them have it.
   *
   * @default 1
   */
  readonly replicas?: number
  /** Where a new stream is kept. @default 'file' */
  readonly storage?: 'file' | 'memory'
  /**
   * How long NATS may take to answer, in milliseconds, above 0. Then the connection is given up and made anew.
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

/** What a stream is made with, and changed to where it was said. */
export interface Limits {
  readonly maxRecords: number
  readonly maxAge: number
  readonly maxBytes: number
  readonly keyWindow: number
}

/** Settings with every default filled in. */
export interface Settings {
  readonly connect: () => Promise<NatsConnection>
  readonly domain: string | undefined
  readonly name: string
  readonly limits: Limits
  /** The limits that were said, and so hold for a stream that is there already. */
  readonly said: Partial<Limits>
  readonly replicas: number
  readonly storage: 'file' | 'memory'
  readonly timeout: number
}

/** @throws TypeError for a name that is none. @throws RangeError for a limit that is out of range */
export function settingsOf(options: NatsLogOptions): Settings {
  const { connection = 'nats://localhost:4222', name = 'millrace', storage = 'file' } = options
  const { maxRecords = 1_000_000, maxAge = Number.POSITIVE_INFINITY, replicas = 1, timeout = 5_000 } = options
  const { maxBytes = Number.POSITIVE_INFINITY, keyWindow = Math.min(120_000, maxAge) } = options
  if (typeof name !== 'string' || !/^[\w-]{1,64}$/.test(name)) {
    throw new TypeError('name must be 1 to 64 of A-Z a-z 0-9 _ -')
  }
  requireRange('maxRecords', Number.isSafeInteger(maxRecords) && maxRecords >= 1, 'a whole number from 1')
  requireRange('maxAge', maxAge >= 100, 'from 100')
  requireRange('maxBytes', isCountOrInfinity(maxBytes), 'a whole number from 1')
  requireRange('keyWindow', keyWindow >= 100 && keyWindow <= maxAge, 'from 100 to maxAge')
  requireRange('replicas', Number.isInteger(replicas) && replicas >= 1 && replicas <= 5, 'from 1 to 5')
  requireRange('timeout', timeout > 0 && timeout < 2 ** 31, 'from above 0 to 2^31 - 1')
  const said = {
    ...(options.maxRecords !== undefined && { maxRecords }),
    ...(options.maxAge !== undefined && { maxAge }),
    ...(options.maxBytes !== undefined && { maxBytes }),
    ...(options.keyWindow !== undefined && { keyWindow }),
  }
  return {
    connect: typeof connection === 'function' ? connection : connectionsOf(connection),
    domain: options.domain,
    name,
    limits: { maxRecords, maxAge, maxBytes, keyWindow },
    said,
    replicas,
    storage,
    timeout,
  }
}

const isCountOrInfinity = (value: number) => (Number.isSafeInteger(value) || value === Infinity) && value >= 1

function requireRange(name: string, holds: boolean, wanted: string): void {
  if (!holds) throw new RangeError(`${name} must be ${wanted}`)
}
