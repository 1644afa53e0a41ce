import { type LogFinding, type LogUse, retentionFinding } from '@millrace/log'
import { LogEngineError } from '@millrace/log/engine'
import { Link } from './link.ts'
import type { Settings } from './options.ts'
import { isRefusal, type Run, setting } from './settings-check.ts'

const readme = 'the README of @millrace/log-redis'

/** Looks whether a Redis is there and set up to keep a log, over a connection of its own, and changes nothing. */
export async function diagnose(settings: Settings, use?: LogUse): Promise<readonly LogFinding[]> {
  const { connect, timeout } = settings
  // Also one that an engine would refuse: that is what is looked for.
  const link = new Link({ connect, timeout, prepare: async () => {} })
  const run: Run = (command) => link.run(command)
  const retention = retentionFinding(settings.maxAge, use)
  try {
    return [...(await serverFindings(run, settings)), ...(await settingsFindings(run, settings)), retention]
  } catch (error) {
    return [unreachable(error), retention]
  } finally {
    link.close()
  }
}

async function serverFindings(run: Run, settings: Settings): Promise<readonly LogFinding[]> {
  let info: Info
  try {
    info = parse(await run(['INFO']))
  } catch (error) {
    if (!isRefusal(error)) throw error
    const message = 'Redis does not tell its version, its role and its memory (INFO is not allowed)'
    return [
      { level: 'warn', subject: 'server', message, cure: 'Allow it for this look: ACL SETUSER … +info' },
    ]
  }
  return [
    versionFinding(info),
    roleFinding(info),
    ...replicasFindings(info, settings),
    ...memoryFindings(info),
  ]
}

type Info = ReadonlyMap<string, string>

// https://redis.io/docs/latest/commands/info/
function parse(answer: unknown): Info {
  const lines = String(answer).matchAll(/^(\w+):(.*?)\r?$/gm)
  return new Map(Array.from(lines, ([, name = '', value = '']) => [name, value]))
}

function versionFinding(info: Info): LogFinding {
  const subject = 'version'
  const version = info.get('redis_version') ?? ''
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 6 || (major === 6 && minor >= 2)) return { level: 'ok', subject, message: `Redis ${version}` }
  return {
    level: 'fault',
    subject,
    message: `Redis ${version} lacks commands that a log needs`,
    cure: 'Take Redis 6.2 or later, or Valkey',
  }
}

function roleFinding(info: Info): LogFinding {
  const subject = 'role'
  if (info.get('role') === 'master') return { level: 'ok', subject, message: 'This is the master' }
  return {
    level: 'fault',
    subject,
    message: 'This is a replica: nothing can be appended, and what is read may be old',
    cure: `Connect to the master, or by way of Sentinel (${readme}, "Sentinel and cluster")`,
  }
}

function replicasFindings(info: Info, { replicas }: Settings): readonly LogFinding[] {
  if (replicas === 0) return []
  const subject = 'replicas'
  const found = Number(info.get('connected_slaves') ?? 0)
  const message = `${found} connected, and an append waits for ${replicas}`
  if (found >= replicas) return [{ level: 'ok', subject, message }]
  return [
    {
      level: 'fault',
      subject,
      message: `${message}: every one is refused after a while`,
      cure: 'Start the replicas, or lower the option replicas',
    },
  ]
}

async function settingsFindings(run: Run, settings: Settings): Promise<readonly LogFinding[]> {
  const policy = await setting(run, 'maxmemory-policy')
  if (policy === undefined) {
    return [
      {
        level: 'warn',
        subject: 'settings',
        message: 'Redis does not tell its settings (CONFIG GET is not allowed)',
        cure: 'See to it that maxmemory-policy is noeviction and appendonly yes, or allow it: ACL SETUSER … +config|get',
      },
    ]
  }
  return [
    evictionFinding(policy, settings),
    persistenceFinding(
      await setting(run, 'appendonly'),
      await setting(run, 'appendfsync'),
      await setting(run, 'save'),
    ),
  ]
}

function evictionFinding(policy: string, { eviction }: Settings): LogFinding {
  const subject = 'maxmemory-policy'
  if (policy === 'noeviction')
    return { level: 'ok', subject, message: 'noeviction: nothing is thrown away when memory runs out' }
  return {
    level: eviction === 'refuse' ? 'fault' : 'warn',
    subject,
    message: `${policy} may throw the log away when memory runs out${eviction === 'refuse' ? ', so the log refuses to work' : ''}`,
    cure: 'CONFIG SET maxmemory-policy noeviction, and in redis.conf; or a Redis of its own for the log (docs/choosing-a-log.md)',
  }
}

function persistenceFinding(
  appendonly: string | undefined,
  appendfsync: string | undefined,
  save: string | undefined,
): LogFinding {
  if (appendonly !== 'yes') {
    const kept = save ? 'what was appended since its last snapshot' : 'everything'
    return {
      level: 'warn',
      subject: 'appendonly',
      message: `${appendonly}: a restart of Redis loses ${kept}, which subscribers are told (epoch)`,
      cure: 'CONFIG SET appendonly yes, and in redis.conf, unless that may be lost',
    }
  }
  const subject = 'appendfsync'
  if (appendfsync === 'always')
    return { level: 'ok', subject, message: 'always: what was acknowledged survives a power failure' }
  if (appendfsync === 'everysec')
    return { level: 'ok', subject, message: 'everysec: a power failure may lose the last second' }
  return {
    level: 'warn',
    subject,
    message: `${appendfsync}: a power failure may lose whatever the operating system has not written yet`,
    cure: 'CONFIG SET appendfsync everysec, or always, and in redis.conf',
  }
}

function memoryFindings(info: Info): readonly LogFinding[] {
  const subject = 'maxmemory'
  const most = Number(info.get('maxmemory') ?? 0)
  if (most === 0) return []
  const share = Math.round((100 * Number(info.get('used_memory'))) / most)
  const message = `${share} % of it is used`
  if (share < 80) return [{ level: 'ok', subject, message }]
  return [
    {
      level: 'warn',
      subject,
      message: `${message}; once it is full, appends are refused`,
      cure: 'Raise maxmemory, or keep less (maxRecords, maxAge)',
    },
  ]
}

function unreachable(error: unknown): LogFinding {
  const message = LogEngineError.isInstance(error) ? error.message : String(error)
  return { level: 'fault', subject: 'connection', message, cure: `Look at the option connection (${readme})` }
}
