import { kafkaServer, natsServer, postgresServer, redisServer } from '@millrace/test-engines'

/** An engine that was started for a trial. */
export interface StartedEngine {
  /** What servers know it by. */
  readonly url: string
  remove(): Promise<void>
}

/** How each engine is started that there is a log for. */
export const engines = {
  Redis: () => redisServer(),
  NATS: () => natsServer(),
  Postgres: () => postgresServer('max_connections=40'),
  Kafka: async () => {
    const server = await kafkaServer()
    return { url: `kafka://${server.broker}`, remove: () => server.remove() }
  },
} as const satisfies Readonly<Record<string, () => Promise<StartedEngine>>>

export type EngineName = keyof typeof engines
