import { type LogFinding, type LogUse, randomTag, retentionFinding } from '@millrace/log'
import { Client, type ClientConfig } from 'pg'
import { connectionOf, inTime } from './database.ts'
import { isMissing, isParameterRefused, translate } from './errors.ts'
import { type PostgresConnectionOptions, pollIntervalWithoutWord, type Settings } from './options.ts'
import { format } from './schema.ts'

const readme = 'the README of @millrace/log-postgres'

/** How long a notification may take, in milliseconds. */
const patience = 2_000

/** What Postgres says of itself. */
interface Server {
  readonly version: number
  readonly version_text: string
  readonly is_replica: boolean
  readonly synchronous_commit: string
  readonly fsync: string
  readonly statement_timeout: string
  readonly may_create: boolean
  readonly free_connections: number
}

/** Looks whether a Postgres is there and set up to keep a log, over connections of its own, and changes nothing. */
export async function diagnose(settings: Settings, use?: LogUse): Promise<readonly LogFinding[]> {
  const retention = retentionFinding(settings.maxAge, use)
  let client = clientOf(connectionOf(settings))
  try {
    try {
      await inTime(client.connect(), settings.timeout)
    } catch (error) {
      if (!isParameterRefused(error)) throw error
      end(client)
      client = clientOf(connectionOf(settings, true))
      await inTime(client.connect(), settings.timeout)
    }
    const server = await look(client, settings)
    return [
      versionFinding(server),
      roleFinding(server),
      ...durabilityFindings(server),
      ...timeoutFindings(server, settings),
      await schemaFinding(client, server, settings),
      await listenFinding(client, settings),
      connectionsFinding(server),
      retention,
    ]
  } catch (error) {
    const { message } = translate(error)
    const cure = `Look at the option connection (${readme})`
    return [{ level: 'fault', subject: 'connection', message, cure }, retention]
  } finally {
    end(client)
  }
}

async function look(client: Client, { timeout }: Settings): Promise<Server> {
  const { rows } = await inTime(
    client.query(`SELECT current_setting('server_version_num')::integer AS version,
      current_setting('server_version') AS version_text,
      pg_is_in_recovery() AS is_replica,
      current_setting('synchronous_commit') AS synchronous_commit,
      current_setting('fsync') AS fsync,
      current_setting('statement_timeout') AS statement_timeout,
      has_database_privilege(current_database(), 'CREATE') AS may_create,
      current_setting('max_connections')::integer - current_setting('superuser_reserved_connections')::integer
        - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend')::integer AS free_connections`),
    timeout,
  )
  return rows[0] as Server
}

function versionFinding({ version, version_text: text }: Server): LogFinding {
  const subject = 'version'
  if (version >= 140_000) return { level: 'ok', subject, message: `PostgreSQL ${text}` }
  return {
    level: 'fault',
    subject,
    message: `PostgreSQL ${text} lacks what a log needs`,
    cure: 'Take PostgreSQL 14 or later',
  }
}

function roleFinding({ is_replica: isReplica }: Server): LogFinding {
  const subject = 'role'
  if (!isReplica) return { level: 'ok', subject, message: 'This is the primary' }
  return {
    level: 'fault',
    subject,
    message: 'This is a replica: nothing can be appended',
    cure: 'Connect to the primary (target_session_attrs, or another address)',
  }
}

function durabilityFindings({ fsync, synchronous_commit: commit }: Server): readonly LogFinding[] {
  const findings: LogFinding[] = []
  if (fsync !== 'on') {
    findings.push({
      level: 'fault',
      subject: 'fsync',
      message: `${fsync}: a power failure may destroy the whole database`,
      cure: 'Set fsync = on in postgresql.conf',
    })
  }
  const subject = 'synchronous_commit'
  if (commit === 'off') {
    findings.push({
      level: 'warn',
      subject,
      message: 'off: a crash of Postgres loses the last moments of what was acknowledged',
      cure: `ALTER ROLE … SET synchronous_commit = on, unless that may be lost; or in the connection: options: '-c synchronous_commit=on'`,
    })
  } else {
    findings.push({ level: 'ok', subject, message: `${commit}: what was acknowledged is on the disk` })
  }
  return findings
}

function timeoutFindings({ statement_timeout: limit }: Server, { timeout }: Settings): readonly LogFinding[] {
  if (limit !== '0') return []
  return [
    {
      level: 'warn',
      subject: 'statement_timeout',
      message:
        'None, since the pooler does not pass on what the log sets: a statement that hangs keeps its connection, although nobody waits for it any more',
      cure: `ALTER ROLE … SET statement_timeout = ${timeout}`,
    },
  ]
}

async function schemaFinding(
  client: Client,
  { may_create: mayCreate }: Server,
  { schema, migrate, timeout }: Settings,
): Promise<LogFinding> {
  const subject = 'schema'
  const own = 'Run what postgresSchema gives, or let the log do it (migrate)'
  const found = await formatOf(client, schema, timeout)
  if (found === undefined) {
    if (!migrate) return { level: 'fault', subject, message: `There is no ${schema}`, cure: own }
    if (mayCreate)
      return {
        level: 'ok',
        subject,
        message: `There is no ${schema} yet; the log makes it with its first use`,
      }
    return {
      level: 'fault',
      subject,
      message: `There is no ${schema}, and this user may not make it`,
      cure: `GRANT CREATE ON DATABASE … TO …, or run what postgresSchema gives as another user (${readme})`,
    }
  }
  if (found.format > format) {
    return {
      level: 'fault',
      subject,
      message: `${schema} has format ${found.format}, of a later version; this one knows ${format}`,
      cure: 'Upgrade @millrace/log-postgres, or name another schema',
    }
  }
  if (found.format < format && !migrate) {
    return {
      level: 'fault',
      subject,
      message: `${schema} has format ${found.format}, and this version needs ${format}`,
      cure: own,
    }
  }
  if (!found.mayCreate) {
    return {
      level: 'fault',
      subject,
      message: `This user may not make tables in ${schema}, and records lie in partitions that are made as they are needed`,
      cure: `GRANT USAGE, CREATE ON SCHEMA ${schema} TO … (${readme})`,
    }
  }
  const next = found.format < format ? `; the log brings it to ${format} with its next use` : ''
  return { level: 'ok', subject, message: `${schema} has format ${found.format}${next}` }
}

async function formatOf(
  client: Client,
  schema: string,
  timeout: number,
): Promise<{ readonly format: number; readonly mayCreate: boolean } | undefined> {
  try {
    const { rows } = await inTime(
      client.query(
        `SELECT coalesce(max(number), 0) AS format, has_schema_privilege('${schema}', 'CREATE') AS may_create FROM ${schema}.migrations`,
      ),
      timeout,
    )
    const [row] = rows as { readonly format: number; readonly may_create: boolean }[]
    return row && { format: row.format, mayCreate: row.may_create }
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Whether word that is sent over the one connection comes over the other. */
async function listenFinding(client: Client, settings: Settings): Promise<LogFinding> {
  const { listen, pollInterval, timeout } = settings
  const subject = 'listen'
  if (listen === undefined) {
    const message = `No connection listens, so an event comes up to ${pollInterval} ms late`
    return { level: 'ok', subject, message }
  }
  const late = `so other processes' events come up to ${pollInterval} ms late`
  try {
    if (await isHeard(client, listen, timeout))
      return { level: 'ok', subject, message: 'Word of an event comes as it happens' }
  } catch (error) {
    const message = `The connection that listens fails, ${late}. ${translate(error).message}`
    return { level: 'fault', subject, message, cure: `Look at the option listen (${readme})` }
  }
  return {
    level: 'warn',
    subject,
    message: `Word of an event does not come: a pooler stands between (PgBouncer in transaction mode, RDS Proxy), or another database is listened to. The log looks every ${Math.min(pollInterval, pollIntervalWithoutWord)} ms instead`,
    cure: 'Give a way around the pooler, to the same database: listen: process.env.DATABASE_DIRECT_URL',
  }
}

async function isHeard(client: Client, listen: PostgresConnectionOptions, timeout: number): Promise<boolean> {
  // No channel of a log's, so nobody is woken for it.
  const channel = `millrace_${randomTag()}`
  const listener = clientOf(listen)
  try {
    await inTime(listener.connect(), timeout)
    const heard = new Promise<true>((resolve) => {
      listener.on('notification', () => resolve(true))
    })
    await inTime(listener.query(`LISTEN ${channel}`), timeout)
    await inTime(client.query(`SELECT pg_notify('${channel}', '')`), timeout)
    return await Promise.race([heard, after(Math.min(patience, timeout))])
  } finally {
    end(listener)
  }
}

function connectionsFinding({ free_connections: free }: Server): LogFinding {
  const subject = 'max_connections'
  if (free >= 6) return { level: 'ok', subject, message: `${free} are free, and a process takes three` }
  return {
    level: 'warn',
    subject,
    message: `${free} are free, and a process takes three: one more or two will find none`,
    cure: 'Raise max_connections, have fewer processes, or put a pooler between for all but listen',
  }
}

function clientOf(connection: ClientConfig): Client {
  const client = new Client({ application_name: 'millrace', connectionTimeoutMillis: 2_000, ...connection })
  // What breaks is told by what is asked.
  client.on('error', () => {})
  return client
}

function end(client: Client): void {
  client.end().catch(() => {})
}

function after(delay: number): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, delay, false))
}
