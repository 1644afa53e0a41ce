import { postgresLog } from '@millrace/log-postgres'
import { redisLog } from '@millrace/log-redis'

/** The log of an engine, by its URL, with room for all that is measured. */
export function openLog(url: string) {
  return url.startsWith('redis:') ? redisLog({ connection: url }) : postgresLog({ connection: url })
}
