import { createClient, type RedisClientOptions } from '@redis/client'

/**
 * What a log needs of a connection to Redis. The clients of `redis` and `@redis/client` have it; of another client, a few lines make
 * it. It should neither reconnect nor keep commands for later: the log does both.
 */
export interface RedisConnection {
  connect(): Promise<unknown>
  /** Sends a command, its name first, and resolves with the answer: text for strings, numbers, arrays, `null`. */
  sendCommand(command: string[]): Promise<unknown>
  /** Ends it at once. What is under way rejects. */
  destroy(): void
  /** Tells of errors that belong to no command, which must not end the process. */
  on(event: 'error', listener: (error: unknown) => void): unknown
}

/**
 * What a log needs of what `createSentinel` of `redis` gives. It is never used itself: the log makes connections of its own from it, whose commands are
 * not sent again after a failover, since that would append twice.
 */
export interface RedisSentinelSource {
  duplicate(overrides: { maxCommandRediscovers: number }): {
    connect(): Promise<unknown>
    sendCommand(isReadonly: boolean | undefined, command: string[]): Promise<unknown>
    destroy(): Promise<unknown>
    on(event: 'error', listener: (error: unknown) => void): unknown
  }
}

/** What a log needs of what `createCluster` of `redis` gives. It is never used itself: the log makes connections of its own from it. */
export interface RedisClusterSource {
  /** Nodes, of which only clusters have several. */
  readonly masters: readonly unknown[]
  duplicate(overrides: { minimizeConnections: boolean }): {
    connect(): Promise<unknown>
    sendCommand(
      firstKey: string | undefined,
      isReadonly: boolean | undefined,
      command: string[],
    ): Promise<unknown>
    destroy(): unknown
    on(event: 'error', listener: (error: unknown) => void): unknown
  }
}

/** Options of the client, as `createClient` of `redis` has them: `url`, `socket`, `username`, `password`, `database`, … */
export type RedisConnectionOptions = RedisClientOptions

/** How long a connection may take to open unless the options say otherwise, in milliseconds. */
const connectTimeout = 2_000

/** Makes connections that fail at once instead of waiting, which is for the log to decide. */
export function connectionsOf(options: RedisConnectionOptions): () => RedisConnection {
  const { socket } = options
  return () => {
    const client = createClient({
      ...options,
      disableOfflineQueue: true,
      socket: { connectTimeout, ...socket, reconnectStrategy: false } as NonNullable<
        RedisClientOptions['socket']
      >,
    })
    return {
      connect: () => client.connect(),
      sendCommand: (command) => client.sendCommand(command),
      destroy() {
        if (client.isOpen) client.destroy()
      },
      on: (event, listener) => client.on(event, listener),
    }
  }
}

/** Makes connections to the master that Sentinel names. */
export function sentinelConnectionsOf(source: RedisSentinelSource): () => RedisConnection {
  return () => {
    const sentinel = source.duplicate({ maxCommandRediscovers: 0 })
    return {
      connect: () => sentinel.connect(),
      sendCommand: (command) => sentinel.sendCommand(false, command),
      // That it was not open is all that can be wrong.
      destroy: () => void sentinel.destroy().catch(() => {}),
      on: (event, listener) => sentinel.on(event, listener),
    }
  }
}

/** Makes connections to the master that has a key. */
export function clusterConnectionsOf(source: RedisClusterSource, key: string): () => RedisConnection {
  return () => {
    const cluster = source.duplicate({ minimizeConnections: true })
    return {
      connect: () => cluster.connect(),
      sendCommand: (command) => cluster.sendCommand(key, false, command),
      destroy: () => void cluster.destroy(),
      on: (event, listener) => cluster.on(event, listener),
    }
  }
}
