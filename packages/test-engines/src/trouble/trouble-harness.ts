import type { EngineLog } from '@millrace/log/engine'
import type { CuttingProxy } from '../cutting-proxy.ts'

/** A log as the suite uses it. */
export interface TroubledLog extends EngineLog {
  trim(keepFrom: number): Promise<void>
  restart(): Promise<void>
}

/** A server program, as an accident sees it. */
export interface TroubledServer {
  kill(): Promise<void>
  start(): Promise<void>
  freeze(): void
  thaw(): void
}

/** What the suite of troubles needs to know of an engine. */
export interface TroubleHarness {
  /** Its name in the log's errors. */
  readonly engine: string
  /** The engine, which is running when a test begins. */
  server(): TroubledServer
  /** What stands before it for logs that are opened so. */
  proxy(): CuttingProxy
  /** Opens the log of a name, as one process: with the name as that of its connections, where the engine counts them. */
  open(name: string, way: 'direct' | 'proxied'): TroubledLog
  /** What none of its errors may hold: a password, an address. */
  readonly secrets: RegExp
  /** How many connections a log has at most. */
  readonly mostConnections: number
  /** How many the log of a name has that was opened through the proxy, as the engine counts them where it tells. */
  connections(name: string): Promise<number>
  /** Remembers what the log of a name holds. What is resolved with puts that back behind everybody's back, as a restored backup or a failover does. */
  backUp(name: string): Promise<() => Promise<void>>
}
