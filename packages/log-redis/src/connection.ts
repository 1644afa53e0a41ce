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
