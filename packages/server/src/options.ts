import type { AnyContract } from '@millrace/contract'
import type { Log } from '@millrace/log'
import { type Clock, systemClock } from './clock.ts'
import type { CorsOptions } from './cors.ts'

/** How much is taken and held. */
export interface Limits {
  /** Streams open at the same time. Beyond it, new ones are sent away for a while. @default 10_000 */
  readonly connections: number
  /** Topics of one stream. @default 100 */
  readonly topics: number
  /** Length of a request's address, and of its body, in bytes. @default 65_536 */
  readonly requestBytes: number
  /** Length of an event's data as JSON, in bytes. @default 131_072 */
  readonly eventBytes: number
  /** Memory for the most recent events, from which reconnecting streams are served, in bytes. @default 16_777_216 */
  readonly ringBytes: number
}

/** Settings of an event server. */
export interface EventServerOptions {
  readonly contract: AnyContract
  /** Where the events are kept. It stays the caller's: closing the server does not close it. */
  readonly log: Log
  /** Path of the streams. @default '/events' */
  readonly path?: string
  /** Longest time between two bytes on a stream, in milliseconds. Below what any proxy on the way cuts. @default 15_000 */
  readonly heartbeat?: number
  /** The reconnection time that subscribers are told, in milliseconds. @default 2_000 */
  readonly retry?: number
  /** How long a socket may take nothing while bytes wait for it, until it is cut, in milliseconds. @default 30_000 */
  readonly stallTimeout?: number
  readonly limits?: Partial<Limits>
  /** Which pages of other origins may read the streams. @default none */
  readonly cors?: CorsOptions
  /**
   * Told of what goes wrong beside any request: an engine that fails, a record that cannot be sent. Called once the job in which
   * it happened is done, and what it throws itself is dropped. @default console.error
   */
  readonly onError?: (error: unknown) => void
  /** @default the runtime's clock */
  readonly clock?: Clock
  /** A number from 0 up to 1, to spread reconnects by. @default Math.random */
  readonly random?: () => number
}

/** Settings with every default filled in. */
export interface Settings extends Required<Omit<EventServerOptions, 'cors' | 'limits'>> {
  readonly limits: Limits
  readonly cors: CorsOptions | undefined
}

/** @throws TypeError, RangeError for a setting that cannot be */
export function readOptions(options: EventServerOptions): Settings {
  const { contract, log, path = '/events', cors, onError = (error) => console.error(error) } = options
  const { heartbeat = 15_000, retry = 2_000, stallTimeout = 30_000 } = options
  const { clock = systemClock, random = () => Math.random() } = options
  if (contract?.['~contract'] === undefined)
    throw new TypeError('contract must be what defineContract() made')
  if (typeof log?.tail !== 'function') throw new TypeError('log must be a log, such as memoryLog()')
  if (!/^\/([^?#]*[^/?#])?$/.test(path)) {
    throw new TypeError(`path must begin with "/" and not end with one, not ${JSON.stringify(path)}`)
  }
  const limits: Limits = {
    connections: 10_000,
    topics: 100,
    requestBytes: 64 * 1024,
    eventBytes: 128 * 1024,
    ringBytes: 16 * 1024 * 1024,
    ...options.limits,
  }
  for (const [name, value] of Object.entries({ heartbeat, stallTimeout, retry, ...limits })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`${name} must be a whole number from 1, not ${String(value)}`)
    }
  }
  return {
    contract,
    log,
    path: path === '/' ? '' : path,
    heartbeat,
    retry,
    stallTimeout,
    limits,
    cors,
    onError: (error) => queueMicrotask(() => tell(onError, error)),
    clock,
    random,
  }
}

// Never from within: a callback that closes the server in the middle of a delivery would find sessions that have half of it.
function tell(onError: (error: unknown) => void, error: unknown): void {
  try {
    onError(error)
  } catch {
    // Nobody is left to tell, and as an uncaught exception it would end the process.
  }
}
