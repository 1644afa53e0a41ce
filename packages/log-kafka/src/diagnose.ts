import { type LogFinding, type LogUse, retentionFinding } from '@millrace/log'
import type { Connection } from '@platformatic/kafka'
import { problemWith, translate } from './errors.ts'
import { Link } from './link.ts'
import { inPartitions, readMetadata } from './metadata.ts'
import type { Settings } from './options.ts'
import { readTopicSettings } from './topic-settings.ts'

const readme = 'the README of @millrace/log-kafka'

/** About how much the calls under way together have at most, in bytes, with what Kafka adds. */
const largestBatch = 800_000

/** What is known of a topic. */
export interface TopicSight {
  /** What its settings are set to; `undefined` where this user is not told. */
  readonly settings: ReadonlyMap<string, string | null | undefined> | undefined
  readonly replicas: number
  /** How many of them have everything. */
  readonly inSync: number
  /** How many brokers there are. */
  readonly brokers: number
}

/** Looks whether a Kafka is there and its topic set up to keep a log, over a connection of its own, and changes nothing. */
export async function diagnose(settings: Settings, use?: LogUse): Promise<readonly LogFinding[]> {
  const { name, partitions, create, maxAge } = settings
  const none = problemWith('settings', `there is no ${name}`)
  const link = new Link({
    settings,
    patience: 0,
    make: async () => {
      throw none
    },
    prepare: async () => {},
  })
  try {
    const sight = await link.run(({ connection }) => look(connection, settings))
    return [
      { level: 'ok', subject: 'topic', message: `${name} has ${inPartitions(partitions)}` },
      ...judgeTopic(sight, maxAge, use),
    ]
  } catch (error) {
    if (error !== none) return [unusable(error), retentionFinding(maxAge, use)]
    const subject = 'topic'
    const message = `There is no ${name}`
    return [
      create === undefined
        ? {
            level: 'fault',
            subject,
            message,
            cure: `Make one with ${inPartitions(partitions)}, or allow create`,
          }
        : { level: 'ok', subject, message: `${message} yet; the log makes it with its first use` },
      retentionFinding(maxAge, use),
    ]
  } finally {
    link.close()
  }
}

async function look(connection: Connection, settings: Settings): Promise<TopicSight> {
  const { partition, brokers } = await readMetadata(connection, settings)
  const { replicaNodes = [], isrNodes = [] } = partition ?? {}
  const values = await readTopicSettings(connection, settings.name, [
    'cleanup.policy',
    'max.message.bytes',
    'min.insync.replicas',
    'retention.ms',
    'unclean.leader.election.enable',
  ])
  return { settings: values, replicas: replicaNodes.length, inSync: isrNodes.length, brokers: brokers.length }
}

function unusable(error: unknown): LogFinding {
  const { problem, message } = translate(error)
  // Of a topic with another number of partitions: what is wrong, and behind a colon what to do.
  const [, what, cure] = problem === 'settings' ? (/^Kafka: (.*?): (.*)$/.exec(message) ?? []) : []
  if (what === undefined || cure === undefined) {
    return {
      level: 'fault',
      subject: 'connection',
      message,
      cure: `Look at the option connection (${readme})`,
    }
  }
  return { level: 'fault', subject: 'topic', message: capitalized(what), cure: capitalized(cure) }
}

/** What there is to say of a topic. @param maxAge what the log is to keep, in milliseconds */
export function judgeTopic(sight: TopicSight, maxAge: number, use?: LogUse): readonly LogFinding[] {
  const { settings } = sight
  if (settings === undefined) {
    const message = 'Kafka does not tell the settings of the topic (DescribeConfigs is not allowed)'
    const cure = 'See to it that cleanup.policy is delete, or allow it DescribeConfigs'
    return [
      { level: 'warn', subject: 'settings', message, cure },
      replicasFinding(sight),
      retentionFinding(maxAge, use),
    ]
  }
  const retention = Number(settings.get('retention.ms') ?? -1)
  return [
    policyFinding(settings.get('cleanup.policy') ?? 'delete'),
    replicasFinding(sight),
    ...syncFindings(sight, Number(settings.get('min.insync.replicas') ?? 1)),
    ...electionFindings(settings.get('unclean.leader.election.enable')),
    ...sizeFindings(Number(settings.get('max.message.bytes') ?? Number.POSITIVE_INFINITY)),
    retentionFinding(Math.min(maxAge, retention < 0 ? Number.POSITIVE_INFINITY : retention), use),
  ]
}

function policyFinding(policy: string): LogFinding {
  const subject = 'cleanup.policy'
  if (policy === 'delete')
    return { level: 'ok', subject, message: 'delete: what is old goes, and nothing else' }
  return {
    level: 'fault',
    subject,
    message: `${policy} removes events from the midst of the log, so the log refuses to work`,
    cure: 'Set cleanup.policy of the topic to delete',
  }
}

function replicasFinding({ replicas, brokers }: TopicSight): LogFinding {
  const subject = 'replicas'
  if (replicas > 1) return { level: 'ok', subject, message: `${replicas} brokers have the topic` }
  if (brokers === 1) return { level: 'ok', subject, message: 'One broker, and it alone has the topic' }
  return {
    level: 'warn',
    subject,
    message: `One of ${brokers} brokers has the topic: while it is away nothing can be published, and its disk has all there is`,
    cure: 'Give the topic three replicas (kafka-reassign-partitions), and create: { replicas: 3 }',
  }
}

function syncFindings({ replicas, inSync }: TopicSight, needed: number): readonly LogFinding[] {
  const subject = 'min.insync.replicas'
  if (inSync < needed) {
    return [
      {
        level: 'fault',
        subject,
        message: `${needed}, and ${inSync} of ${replicas} are in sync: appends are refused`,
        cure: 'See to the brokers that are behind, or lower it',
      },
    ]
  }
  if (replicas === 1) return []
  if (needed > 1) {
    return [{ level: 'ok', subject, message: `${needed}: what was acknowledged outlives a broker` }]
  }
  return [
    {
      level: 'warn',
      subject,
      message: '1: when the others are behind, one broker acknowledges alone, and what it had goes with it',
      cure: 'Set min.insync.replicas of the topic to 2',
    },
  ]
}

function electionFindings(value: string | null | undefined): readonly LogFinding[] {
  if (value !== 'true') return []
  return [
    {
      level: 'warn',
      subject: 'unclean.leader.election.enable',
      message:
        'true: a broker that is behind may lead, and what it lacks is lost, which subscribers are told',
      cure: 'Set it to false for the topic',
    },
  ]
}

function sizeFindings(most: number): readonly LogFinding[] {
  if (most >= largestBatch) return []
  return [
    {
      level: 'fault',
      subject: 'max.message.bytes',
      message: `${most.toLocaleString('en')}: events that are published at the same moment are appended together, and refused where they are more`,
      cure: 'Set max.message.bytes of the topic to 1048588, which is what Kafka has, or more',
    },
  ]
}

const capitalized = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}`
