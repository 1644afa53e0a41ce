import type { Log } from '@millrace/log'

/** The log of an engine, by its URL: the only line of a server that an engine changes. */
export async function openLog(url: string): Promise<Log> {
  // Each loaded where it is wanted: a server has one.
  switch (new URL(url).protocol) {
    case 'redis:':
      return (await import('@millrace/log-redis')).redisLog({ connection: url })
    case 'nats:':
      return (await import('@millrace/log-nats')).natsLog({ connection: url })
    case 'postgres:':
      return (await import('@millrace/log-postgres')).postgresLog({ connection: url })
    case 'kafka:':
      return (await import('@millrace/log-kafka')).kafkaLog({ connection: new URL(url).host })
    default:
      throw new TypeError(`There is no log for ${new URL(url).protocol}//`)
  }
}
