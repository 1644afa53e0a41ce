import { type LogFinding, type LogUse, retentionFinding } from '@millrace/log'
import {
  DiscardPolicy,
  type JetStreamAccountStats,
  StorageType,
  type StreamConfig,
  type StreamInfo,
} from '@nats-io/jetstream'
import { nanos, type ServerInfo } from '@nats-io/transport-node'
import { isNoStream, translate } from './errors.ts'
import { type Line, Link } from './link.ts'
import type { Settings } from './options.ts'
import { faultOf } from './stream.ts'

const readme = 'the README of @millrace/log-nats'

/** How long the system account may take to answer, in milliseconds; most often nobody is there to do so. */
const patience = 1_000

/** With fewer of each subject, a subscriber who is away for a moment may not come back to where it was. */
const fewPerSubject = 1_000

/** How often a server syncs its disk unless told otherwise, in milliseconds. */
const usualSync = 120_000

/** Looks whether a NATS server is there and set up to keep a log, over a connection of its own, and changes nothing. */
export async function diagnose(settings: Settings, use?: LogUse): Promise<readonly LogFinding[]> {
  const { connect, domain, timeout, limits } = settings
  const link = new Link({ connect, domain, timeout, opened: () => {}, broken: () => {} })
  try {
    return await link.ask(async (line) => {
      const server = line.connection.info as ServerInfo
      const stream = await streamOf(line, settings)
      const kept = stream?.config ?? planOf(settings)
      return [
        versionFinding(server),
        ...roomFindings(await accountOf(line), kept),
        streamFinding(stream, settings),
        ...discardFindings(kept),
        ...perSubjectFindings(kept),
        storageFinding(kept),
        replicasFinding(kept, server),
        ...(kept.storage === StorageType.File ? [syncFinding(await syncOf(line), kept, server)] : []),
        retentionFinding(kept.max_age === 0 ? Number.POSITIVE_INFINITY : kept.max_age / nanos(1), use),
      ]
    })
  } catch (error) {
    const { message } = translate(error)
    return [
      { level: 'fault', subject: 'connection', message, cure: `Look at the option connection (${readme})` },
      retentionFinding(limits.maxAge, use),
    ]
  } finally {
    link.close()
  }
}

/** What of a stream is judged, whether it is there or would be made. */
type Kept = Pick<StreamConfig, 'storage' | 'num_replicas' | 'max_age' | 'discard' | 'max_msgs_per_subject'>

function planOf({ storage, replicas, limits: { maxAge } }: Settings): Kept {
  return {
    storage: storage === 'file' ? StorageType.File : StorageType.Memory,
    num_replicas: replicas,
    max_age: Number.isFinite(maxAge) ? nanos(maxAge) : 0,
    discard: DiscardPolicy.Old,
    max_msgs_per_subject: -1,
  }
}

async function streamOf({ manager }: Line, { name }: Settings): Promise<StreamInfo | undefined> {
  try {
    return await manager.streams.info(name)
  } catch (error) {
    if (isNoStream(error)) return undefined
    throw error
  }
}

/** What the account may have and has; `undefined` where this user is not told. */
async function accountOf({ manager }: Line): Promise<JetStreamAccountStats | undefined> {
  return manager.getAccountInfo().catch(() => undefined)
}

function versionFinding({ version }: ServerInfo): LogFinding {
  const subject = 'version'
  if (isFrom(version, 2, 9)) return { level: 'ok', subject, message: `NATS ${version}` }
  return {
    level: 'fault',
    subject,
    message: `NATS ${version} lacks what a log needs`,
    cure: 'Take nats-server 2.9 or later',
  }
}

function roomFindings(account: JetStreamAccountStats | undefined, { storage }: Kept): readonly LogFinding[] {
  if (account === undefined) return []
  const [used, most] =
    storage === StorageType.File
      ? [account.storage, account.limits.max_storage]
      : [account.memory, account.limits.max_memory]
  if (most <= 0) return []
  const subject = 'room'
  const share = Math.round((100 * used) / most)
  const message = `The account has used ${share} % of what it may store`
  if (share < 80) return [{ level: 'ok', subject, message }]
  return [
    {
      level: 'warn',
      subject,
      message: `${message}; once that is full, appends are refused`,
      cure: 'Give the account more, or keep less (maxRecords, maxAge, maxBytes)',
    },
  ]
}

function streamFinding(stream: StreamInfo | undefined, { name }: Settings): LogFinding {
  const subject = 'stream'
  if (stream === undefined) {
    return { level: 'ok', subject, message: `There is no ${name} yet; the log makes it with its first use` }
  }
  const fault = faultOf(stream.config, name)
  if (fault === undefined) {
    return { level: 'ok', subject, message: `${name} is as a log needs it` }
  }
  const colon = fault.indexOf(': ')
  const [message, cure] = [fault.slice(0, colon), fault.slice(colon + 2)]
  return {
    level: 'fault',
    subject,
    message: `${name} ${message}, so the log refuses to work`,
    cure: `${cure.charAt(0).toUpperCase()}${cure.slice(1)}`,
  }
}

function discardFindings({ discard }: Kept): readonly LogFinding[] {
  if (discard === DiscardPolicy.Old) return []
  return [
    {
      level: 'warn',
      subject: 'discard',
      message: 'new: once the stream is full, appends are refused and nothing old makes room for them',
      cure: 'nats stream edit … --discard old',
    },
  ]
}

function perSubjectFindings({ max_msgs_per_subject: limit }: Kept): readonly LogFinding[] {
  if (limit <= 0) return []
  const subject = 'max_msgs_per_subject'
  const message = `${limit}: of what is longer ago than the last ${limit} events of the busiest topic, nobody can resume, whatever the topic`
  if (limit >= fewPerSubject) return [{ level: 'ok', subject, message }]
  return [
    {
      level: 'warn',
      subject,
      message,
      cure: `nats stream edit … --max-msgs-per-subject ${fewPerSubject} or more, or -1 with max_msgs or max_age (${readme})`,
    },
  ]
}

function storageFinding({ storage }: Kept): LogFinding {
  const subject = 'storage'
  if (storage === StorageType.File) return { level: 'ok', subject, message: 'The stream is in files' }
  return {
    level: 'warn',
    subject,
    message:
      'The stream is in memory: a restart of the server loses everything, which subscribers are told (epoch)',
    cure: "Make one with storage: 'file', unless that may be lost",
  }
}

function replicasFinding({ num_replicas: replicas }: Kept, { cluster }: ServerInfo): LogFinding {
  const subject = 'replicas'
  if (replicas > 1) return { level: 'ok', subject, message: `${replicas} servers have the stream` }
  if (cluster === undefined)
    return { level: 'ok', subject, message: 'One server, and it alone has the stream' }
  return {
    level: 'warn',
    subject,
    message: 'One server of the cluster has the stream: while it is away nothing can be published',
    cure: 'nats stream edit … --replicas 3, and the option replicas: 3',
  }
}

/** How often the disk is synced, in milliseconds, 0 for with every write; `undefined` where this user is not told. */
async function syncOf({ connection }: Line): Promise<number | undefined> {
  try {
    const answer = await connection.request('$SYS.REQ.SERVER.PING.VARZ', '', { timeout: patience })
    const { data } = answer.json<{
      readonly data?: {
        readonly jetstream?: {
          readonly config?: { readonly sync_interval?: number; readonly sync_always?: boolean }
        }
      }
    }>()
    const { sync_interval: interval, sync_always: always } = data?.jetstream?.config ?? {}
    return always ? 0 : interval && interval / nanos(1)
  } catch {
    return undefined
  }
}

function syncFinding(
  sync: number | undefined,
  { num_replicas: replicas }: Kept,
  { version }: ServerInfo,
): LogFinding {
  const subject = 'sync_interval'
  if (sync === 0) return { level: 'ok', subject, message: 'always: what was acknowledged is on the disk' }
  const interval = `${(sync ?? usualSync) / 1_000} s`
  const said = sync === undefined ? `${interval}, unless it was set, which NATS tells no client` : interval
  if (replicas > 1) {
    return {
      level: 'ok',
      subject,
      message: `${said}: a power failure of all ${replicas} servers may lose what came since`,
    }
  }
  const message = `${said}: a power failure loses what was acknowledged since, which subscribers are told`
  if (sync !== undefined && sync <= 1_000) return { level: 'ok', subject, message }
  return {
    level: 'warn',
    subject,
    message,
    cure: isFrom(version, 2, 10)
      ? 'Set sync_interval: always in the jetstream block of the server, or keep the stream on 3 (replicas)'
      : 'Keep the stream on 3 servers (replicas), or take nats-server 2.10 or later and set sync_interval: always there',
  }
}

function isFrom(version: string, major: number, minor: number): boolean {
  const [first = 0, second = 0] = version.split('.').map(Number)
  return first > major || (first === major && second >= minor)
}
