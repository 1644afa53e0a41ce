import type { ConnectionOptions } from '@platformatic/kafka'

/** Where a cluster is and how it is entered. `tls`, `sasl` and the rest are those of `@platformatic/kafka`. */
export interface KafkaConnectionOptions
  extends Pick<ConnectionOptions, 'tls' | 'tlsServerName' | 'sasl' | 'connectTimeout'> {
  /** Brokers to begin with, as `host:port`; the others are learnt from them. A text has them separated by commas. */
  readonly bootstrapBrokers: string | readonly string[]
  /** What the log is called in the logs and quotas of the brokers. @default 'millrace' */
  readonly clientId?: string
}

/** How the topic is made where there is none. */
export interface KafkaTopicOptions {
  /** How many brokers have a copy. @default the cluster's own setting */
  readonly replicas?: number
  /** Settings of the topic, above those that the log needs: `{ 'retention.ms': '604800000', 'min.insync.replicas': '2' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Settings of a Kafka log. */
export interface KafkaLogOptions {
  /**
   * The brokers to begin with (`broker-1:9092,broker-2:9092`), or where they are and how they are entered. A log has two connections: one for
   * commands, and one that waits for news.
   *
   * @default localhost:9092
   */
  readonly connection?: string | KafkaConnectionOptions
  /** Name of the log, which is the name of its topic. @default 'millrace' */
  readonly name?: string
  /** Whether the topic is made where there is none, and how. With `false` its absence is an error. @default true */
  readonly create?: boolean | KafkaTopicOptions
  /**
   * How many records are kept, at least 1; up to a tenth more, and 1,000 at most, until they are forgotten together. Unlimited by default: the
   * topic's own `retention.ms` and `retention.bytes` hold in any case.
   *
   * @default Infinity
   */
  readonly maxRecords?: number
  /**
   * How long a record is kept after its append, in milliseconds, above 0, to about a second. Kafka's own `retention.ms`, which holds
   * in any case, forgets whole segments, and may do so much later.
   *
   * @default Infinity
   */
  readonly maxAge?: number
  /** Told of what should be looked at. @default console.warn */
  readonly onWarning?: (message: string) => void
  /**
   * How long Kafka may take to answer, in milliseconds, above 0. Then the connection is given up and made anew.
   *
   * @default 5_000
   */
  readonly timeout?: number
  /** How often tails look without having been woken, in milliseconds. @default 1_000 */
  readonly pollInterval?: number
  /** Schedules a tail's look, for tests. @default immediately */
  readonly wake?: (look: () => void) => void
}

/** Settings of the logs in a topic with several partitions. */
export interface KafkaLogsOptions extends KafkaLogOptions {
  /** How many partitions the topic has, at least 1. It is made with as many, and refused where it has another number. */
  readonly partitions: number
}

/** Where a broker listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Settings with every default filled in. */
export interface Settings {
  readonly brokers: readonly Address[]
  readonly clientId: string
  readonly connection: ConnectionOptions
  readonly name: string
  /** The one of the topic's partitions that the log is in, from 0. */
  readonly partition: number
  /** How many there are to be. */
  readonly partitions: number
  readonly create: KafkaTopicOptions | undefined
  readonly maxRecords: number
  readonly maxAge: number
  /** Tells everything once. */
  readonly onWarning: (message: string) => void
  readonly timeout: number
}

/** How long a connection may take to open unless the options say otherwise, in milliseconds. */
const defaultConnectTimeout = 2_000

/** @throws TypeError for a name or a broker that is none. @throws RangeError for a limit that is out of range */
export function settingsOf(options: KafkaLogOptions, partitions: number): Settings {
  const { connection = 'localhost:9092', name = 'millrace', create = true } = options
  const {
    maxRecords = Number.POSITIVE_INFINITY,
    maxAge = Number.POSITIVE_INFINITY,
    timeout = 5_000,
  } = options
  // https://kafka.apache.org/documentation/#topicconfigs: 249 characters, so that names of files and metrics can be made of it.
  if (typeof name !== 'string' || !/^(?!\.{1,2}$)[\w.-]{1,249}$/.test(name)) {
    throw new TypeError(
      'name must be a topic of Kafka: 1 to 249 letters, digits, dots, dashes and underscores',
    )
  }
  requireRange(
    'maxRecords',
    maxRecords === Number.POSITIVE_INFINITY || (Number.isSafeInteger(maxRecords) && maxRecords >= 1),
    'a whole number from 1',
  )
  requireRange('partitions', Number.isSafeInteger(partitions) && partitions >= 1, 'a whole number from 1')
  requireRange('maxAge', maxAge > 0, 'above 0')
  requireRange('timeout', timeout > 0 && timeout < 2 ** 31, 'from above 0 to 2^31 - 1')
  const {
    bootstrapBrokers,
    clientId = 'millrace',
    connectTimeout = defaultConnectTimeout,
    ...rest
  } = typeof connection === 'string' ? { bootstrapBrokers: connection } : connection
  const given = typeof bootstrapBrokers === 'string' ? bootstrapBrokers.split(',') : bootstrapBrokers
  return {
    brokers: given.map((broker) => addressOf(broker.trim())),
    clientId,
    connection: { ...rest, connectTimeout },
    name,
    partition: 0,
    partitions,
    create: create === true ? {} : create === false ? undefined : create,
    maxRecords,
    maxAge,
    onWarning: once(options.onWarning ?? ((message) => console.warn(message))),
    timeout,
  }
}

function addressOf(broker: string): Address {
  const [, host, port] = /^\[?([^[\]@/]+?)\]?:(\d{1,5})$/.exec(broker) ?? []
  // What was given is not repeated: somebody may have put a password there.
  if (host === undefined) throw new TypeError('a broker must be given as host:port')
  return { host, port: Number(port) }
}

function once(tell: (message: string) => void): (message: string) => void {
  const told = new Set<string>()
  return (message) => {
    if (told.has(message)) return
    told.add(message)
    tell(message)
  }
}

function requireRange(name: string, holds: boolean, wanted: string): void {
  if (!holds) throw new RangeError(`${name} must be ${wanted}`)
}
