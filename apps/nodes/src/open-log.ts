import type { Log } from '@millrace/log'
import { postgresLog } from '@millrace/log-postgres'
import { redisLog } from '@millrace/log-redis'

/** The log of an engine, by its URL: the only line of a server that an engine changes. */
export function openLog(url: string): Log {
  switch (new URL(url).protocol) {
    case 'redis:':
      return redisLog({ connection: url })
    case 'postgres:':
      return postgresLog({ connection: url })
    default:
      throw new TypeError(`There is no log for ${new URL(url).protocol}//`)
  }
}
