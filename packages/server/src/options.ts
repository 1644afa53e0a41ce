import type { AnyContract } from '@millrace/contract'
import type { Log, ShardedLog } from '@millrace/log'
import type { Authorize } from './authorize/authorization.ts'
import { type Clock, systemClock } from './clock.ts'
import { letGo } from './let-go.ts'
import type { TrustProxy } from './request/client-address.ts'
import type { CorsOptions } from './request/cors.ts'
import type { Instrumentation } from './telemetry/instrumentation.ts'
import { Journal } from './telemetry/journal.ts'
import type { Logger } from './telemetry/logger.ts'

/** How much is taken and held. */
export interface Limits {
  /** Streams open at the same time. Beyond it, new ones are sent away for a while. @default 10_000 */
  readonly connections: number
  /** Those of one principal, as `authorize` names it. May be infinite. @default 100 */
  readonly connectionsPerPrincipal: number
  /**
   * Those of one client address, of IPv6 of one network (/64). Behind a proxy everybody has the proxy's, unless `trustProxy` says
   * how to find theirs. May be infinite. @default Infinity
   */
  readonly connectionsPerAddress: number
  /** Streams that may be opened in a second, over time. May be infinite. @default 1_000 */
  readonly connectsPerSecond: number
  /** Streams that may be opened at once after a while without any, as after a restart. @default 10_000, or `connections` where that is more */
  readonly connectBurst: number
  /** Topics of one stream. @default 100 */
  readonly topics: number
  /** Length of a request's address, and of its body, in bytes. @default 65_536 */
  readonly requestBytes: number
  /** Length of a cursor, in bytes. @default 256, or 64 for each shard where that is more */
  readonly cursorBytes: number
  /**
   * How many records of the log, or of each shard, a stream may begin before its head. What asks for more is told that they are gone (`trimmed`). May be
   * infinite. @default Infinity
   */
  readonly replayRecords: number
  /** Length of an event's data as JSON, in bytes. @default 131_072 */
  readonly eventBytes: number
  /** Length of a snapshot's state as JSON, in bytes. @default 1_048_576 */
  readonly snapshotBytes: number
  /**
   * Memory for the most recent events, from which reconnecting streams are served, in bytes. Shards have equal parts of it.
   *
   * @default 16_777_216
   */
  readonly ringBytes: number
  /**
   * What may wait in all sockets together, in bytes. Beyond it new streams are sent away, and if it lasts the newest of those that do not read
   * are cut. What many share counts for each of them. @default 268_435_456
   */
  readonly bufferedBytes: number
}

/** Settings of an event server. */
export interface EventServerOptions<Contract extends AnyContract = AnyContract> {
  readonly contract: Contract
  /** Where the events are kept, in one log or in the `shards` of one. It stays the caller's: closing the server does not close it. */
  readonly log: Log | ShardedLog
  /** Path of the streams. @default '/events' */
  readonly path?: string
  /** Longest time between two bytes on a stream, in milliseconds. Below what any proxy on the way cuts. @default 15_000 */
  readonly heartbeat?: number
  /** The reconnection time that subscribers are told, in milliseconds. @default 2_000 */
  readonly retry?: number
  /** How long a socket may take nothing while bytes wait for it, until it is cut, in milliseconds. @default 30_000 */
  readonly stallTimeout?: number
  /**
   * How long a stream may last, in milliseconds: it is ended at a random time in the last quarter of it, and its client comes back, wherever
   * there is room then. May be infinite. @default 3_600_000
   */
  readonly maxAge?: number
  /** How long a snapshot may take, in milliseconds; then the stream goes on without it. @default 5_000 */
  readonly snapshotTimeout?: number
  readonly limits?: Partial<Limits>
  /** Says who may read what, at each request and so at each resume. @default everybody everything */
  readonly authorize?: Authorize<Contract>
  /**
   * How many proxies stand in front of this server: the client's address is then the entry that the outermost of them wrote in
   * `X-Forwarded-For`. Or a function that finds it, for a header or a runtime of its own kind. @default 0, the socket's address
   */
  readonly trustProxy?: TrustProxy
  /** Which pages of other origins may read the streams. @default none */
  readonly cors?: CorsOptions
  /**
   * Told of what goes wrong beside any request: an engine that fails, a record that cannot be sent. Called once the job in which
   * it happened is done, and what it throws itself is dropped. @default the logger's `error`, without one `console.error`
   */
  readonly onError?: (error: unknown) => void
  /** Is given lines about the server's work, such as a logger of pino. `docs/metrics.md` lists them. @default none */
  readonly logger?: Logger
  /** Sees metrics and traces: `openTelemetry()` of `@millrace/server/telemetry`, one for each server. @default none */
  readonly instrumentation?: Instrumentation
  /** @default the runtime's clock */
  readonly clock?: Clock
  /** A number from 0 up to 1, to spread reconnects by. @default Math.random */
  readonly random?: () => number
}

/** Settings with every default filled in. */
export interface Settings
  extends Required<Omit<EventServerOptions, 'cors' | 'limits' | 'authorize' | 'logger' | 'instrumentation'>> {
  readonly limits: Limits
  readonly cors: CorsOptions | undefined
  readonly authorize: Authorize | undefined
  readonly journal: Journal | undefined
  readonly instrumentation: Instrumentation | undefined
}

// The others cost memory that has to be there.
const mayBeInfinite: ReadonlySet<string> = new Set<keyof Limits | 'maxAge'>([
  'connectionsPerPrincipal',
  'connectionsPerAddress',
  'connectsPerSecond',
  'replayRecords',
  'maxAge',
])

/** @throws TypeError, RangeError for a setting that cannot be */
export function readOptions<Contract extends AnyContract>(options: EventServerOptions<Contract>): Settings {
  const {
    contract,
    log,
    path = '/events',
    cors,
    authorize,
    trustProxy = 0,
    logger,
    instrumentation,
  } = options
  const { heartbeat = 15_000, retry = 2_000, stallTimeout = 30_000 } = options
  const { maxAge = 3_600_000, snapshotTimeout = 5_000 } = options
  const { clock = systemClock, random = () => Math.random() } = options
  const journal = logger && new Journal(logger, clock)
  const { onError = journal ? (error) => journal.error(error) : (error) => console.error(error) } = options
  if (contract?.['~contract'] === undefined)
    throw new TypeError('contract must be what defineContract() made')
  const shards = (log as Partial<ShardedLog> | undefined)?.shards
  if (shards === undefined && typeof (log as Partial<Log> | undefined)?.tail !== 'function')
    throw new TypeError('log must be a log, such as memoryLog()')
  if (!/^\/([^?#]*[^/?#])?$/.test(path)) {
    throw new TypeError(`path must begin with "/" and not end with one, not ${JSON.stringify(path)}`)
  }
  const limits: Limits = {
    connections: 10_000,
    connectionsPerPrincipal: 100,
    connectionsPerAddress: Number.POSITIVE_INFINITY,
    connectsPerSecond: 1_000,
    connectBurst: Math.max(10_000, options.limits?.connections ?? 0),
    topics: 100,
    requestBytes: 64 * 1024,
    cursorBytes: Math.max(256, 64 * (shards?.length ?? 1)),
    replayRecords: Number.POSITIVE_INFINITY,
    eventBytes: 128 * 1024,
    snapshotBytes: 1024 * 1024,
    ringBytes: 16 * 1024 * 1024,
    bufferedBytes: 256 * 1024 * 1024,
    ...options.limits,
  }
  for (const [name, value] of Object.entries({
    heartbeat,
    stallTimeout,
    retry,
    maxAge,
    snapshotTimeout,
    ...limits,
  })) {
    if (value === Number.POSITIVE_INFINITY && mayBeInfinite.has(name)) continue
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number from 1, not ${String(value)}`)
    }
  }
  if (authorize !== undefined && typeof authorize !== 'function') {
    throw new TypeError('authorize must be a function')
  }
  if (typeof trustProxy !== 'function' && !(Number.isSafeInteger(trustProxy) && trustProxy >= 0)) {
    throw new TypeError('trustProxy must be a number of proxies or a function')
  }
  refuseHalf('logger', logger, ['debug', 'info', 'warn', 'error'])
  refuseHalf('instrumentation', instrumentation, ['watch', 'measure', 'publish', 'open'])
  return {
    contract,
    log,
    path: path === '/' ? '' : path,
    heartbeat,
    retry,
    stallTimeout,
    maxAge,
    snapshotTimeout,
    limits,
    cors,
    // The topics that it is asked about are of the very contract that it was written for.
    authorize: authorize as Authorize | undefined,
    trustProxy,
    journal,
    instrumentation,
    onError: (error) => queueMicrotask(() => tell(onError, error)),
    clock,
    random,
  }
}

// It would be noticed only when something happens.
function refuseHalf(option: string, value: object | undefined, methods: readonly string[]): void {
  const members = (value ?? {}) as Readonly<Record<string, unknown>>
  const missing =
    value === undefined ? undefined : methods.find((name) => typeof members[name] !== 'function')
  if (missing !== undefined) throw new TypeError(`${option} must have the method ${missing}`)
}

// Never from within: a callback that closes the server in the middle of a delivery would find sessions that have half of it.
function tell(onError: (error: unknown) => void, error: unknown): void {
  try {
    letGo(onError(error))
  } catch {
    // Nobody is left to tell, and as an uncaught exception it would end the process.
  }
}
