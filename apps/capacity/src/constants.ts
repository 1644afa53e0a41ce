import { encodeFrame, formatCursor } from '@millrace/protocol'
import { readBenchmarks } from './benchmark-results.ts'
import { type EngineCosts, readMeasured, type ShardCosts } from './measured.ts'

/** Names of the engines whose costs are known. */
export const engineNames = ['redis', 'postgres'] as const
export type EngineName = (typeof engineNames)[number]

/** What the model stands on. Times are in microseconds of one core, unless they say otherwise. */
export interface Constants {
  /** Of a write to a connection, however many events are in it. */
  readonly write: number
  /** Of each event in a write. */
  readonly eventInWrite: number
  readonly heartbeat: number
  readonly connect: number
  /** Of who comes back and has missed a hundred events. */
  readonly resume: number
  /** Of being led past an event of others when coming back. */
  readonly skip: number
  /** Of a quiet connection, in bytes. */
  readonly connectionBytes: number
  /** Of the kernel for its socket, in bytes. */
  readonly socketBytes: number
  /** Of a node without connections, in bytes. */
  readonly nodeBytes: number
  /** Peak memory of a storm, beside that of before. */
  readonly stormMemory: number
  readonly engines: Readonly<Record<EngineName, EngineCosts>>
  readonly shards: ShardCosts
}

/** Where a constant comes from. */
export interface Origin {
  readonly name: string
  readonly value: string
  readonly where: string
}

/** Cores that an engine can use for one log. */
export const engineCores: Readonly<Record<EngineName, number>> = {
  // One thread runs all scripts.
  redis: 1,
  // A process for each connection; as many cores as the machine had on which it was measured.
  postgres: 2,
}

/**
 * What a server and a client do unless they are told otherwise, with times in seconds. `constants.test.ts` holds them against what they do.
 */
export const defaults = {
  connectionsPerNode: 10_000,
  connectsPerSecond: 1_000,
  connectBurst: 10_000,
  ringBytes: 16 * 1024 * 1024,
  heartbeat: 15,
  maxAge: 3_600,
  /** The reconnection time that streams are told: the first wait is up to that, and each further one up to twice as long. */
  retry: 2,
  leastWait: 0.1,
  longestWait: 30,
  /** A refusal asks for a whole number of seconds between these, on top of which comes the wait. */
  retryAfter: { least: 1, most: 5 },
  connectTimeout: 10,
} as const

/** Ports of Linux that connections of its own begin at: `net.ipv4.ip_local_port_range`, 32768 to 60999. */
export const ephemeralPorts = 60_999 - 32_768 + 1

/** Ethernet 14, IPv4 20, TCP 20 and its timestamps 12 [RFC 791, 9293, 7323]. */
const packetBytes = 66

/** A record's header 5, its content type 1 and its tag 16 [RFC 8446 section 5.2]. */
const tlsBytes = 22

const cursor = { epoch: 'x'.repeat(16), offset: 1_000_000_000, tag: 'x'.repeat(8) }
// [RFC 9112 section 7.1] Three digits of length, and twice CRLF.
const chunkBytes = 7

/** What travels of an event, in bytes, without what packets need. @param dataBytes length of its data as JSON */
export function eventFrameBytes(dataBytes: number): number {
  const id = formatCursor(cursor)
  const head = encodeFrame({
    id,
    event: 'placed',
    topic: 'orders/customer-7719',
    time: Date.UTC(2026, 0, 1),
    data: '',
  })
  return head.length + dataBytes
}

/** What a write adds, in bytes. */
export const writeBytes = chunkBytes + tlsBytes + packetBytes

/** A heartbeat that moves the cursor, in bytes. */
export const heartbeatBytes = encodeFrame({ id: formatCursor(cursor) }).length + writeBytes

// The epoch of a log with what tells its shard, and the tag of a record.
const place = { epoch: 'x'.repeat(10 + 4), offset: 1_000_000_000, tag: 'x'.repeat(5) }

/** The id of an event of a stream that reads one shard, in bytes. */
export const idBytes = formatCursor(place).length

/** What an id has for each shard beyond the first that a stream reads, in bytes. */
export const placeBytes = formatCursor({ ...place, others: [place] }).length - formatCursor(place).length

/** What a server counts for an event in its window (`limits.ringBytes`), in bytes. @param dataBytes length of its data as JSON */
export function ringEntryBytes(dataBytes: number): number {
  return 512 + 4 * (dataBytes + 'orders/customer-7719'.length + 'placed'.length)
}

/** Reads what was measured last. */
export function readConstants(): Constants & { readonly origins: readonly Origin[] } {
  const benchmark = readBenchmarks()
  const measured = readMeasured()
  const one = benchmark('fan-out', 'one')
  const ten = benchmark('fan-out', 'ten')
  // Two costs of two measurements: a write with one event in it, and one with ten.
  const write = (one.value - ten.value) / (1 - 1 / 10)
  const eventInWrite = Math.max(0, one.value - write)
  const heartbeats = benchmark('idle', 'heartbeats')
  const memory = benchmark('idle', 'memory')
  const connect = benchmark('connecting', 'connect')
  const resume = benchmark('connecting', 'resume')
  const storm = benchmark('storm', 'memory')
  const constants: Constants = {
    write,
    eventInWrite,
    // Per cent of a core, for 10,000 connections of which each has one in 15 seconds.
    heartbeat: ((heartbeats.value / 100) * 15 * 1e6) / 10_000,
    connect: connect.value,
    resume: resume.value,
    skip: measured.skipping,
    connectionBytes: memory.value * 1_024,
    socketBytes: measured.socketBytes,
    nodeBytes: measured.engines.redis.nodeBytes,
    stormMemory: storm.value,
    engines: measured.engines,
    shards: measured.shards,
  }
  const here = `apps/capacity, \`npm run measure\`, ${measured.date}`
  const time = (value: number) => `${value.toPrecision(3)} µs`
  const origins: Origin[] = [
    {
      name: 'a write to a connection',
      value: time(write),
      where: `${one.where}: what one event a tick takes beyond ten`,
    },
    { name: 'an event in a write', value: time(eventInWrite), where: `${ten.where}: the rest` },
    { name: 'a heartbeat', value: time(constants.heartbeat), where: heartbeats.where },
    { name: 'opening a stream', value: time(constants.connect), where: connect.where },
    { name: 'coming back over 100 events', value: time(constants.resume), where: resume.where },
    {
      name: 'being led past an event of others when coming back',
      value: `${(1_000 * constants.skip).toPrecision(3)} ns`,
      where: here,
    },
    { name: 'a quiet connection', value: `${memory.value.toFixed(1)} KB`, where: memory.where },
    {
      name: 'its socket in the kernel',
      value: `${(constants.socketBytes / 1_024).toFixed(1)} KB`,
      where: `${here}, without TLS`,
    },
    {
      name: 'a node without connections',
      value: `${(constants.nodeBytes / 1e6).toFixed(0)} MB`,
      where: here,
    },
    {
      name: 'peak memory of a storm',
      value: `${constants.stormMemory.toFixed(2)} × before`,
      where: storm.where,
    },
    ...originsOfShards(measured.shards),
    ...engineNames.flatMap((name) => originsOf(name, measured.engines[name], measured.versions[name])),
  ]
  return { ...constants, origins }

  function originsOfShards({ delivery, resume, connectionBytes, followingStep }: ShardCosts): Origin[] {
    const each = 'each shard more that a stream reads'
    return [
      { name: `${each}: an event`, value: time(delivery), where: `${here}, each event for one stream` },
      { name: `${each}: coming back`, value: time(resume), where: `${here}, with a topic in each` },
      {
        name: `${each}: a quiet connection`,
        value: `${(connectionBytes / 1_024).toFixed(1)} KB`,
        where: `${here}, the same`,
      },
      {
        name: 'a read of a log, in each node, of however many events',
        value: time(followingStep),
        where: `${here}, Redis ${measured.versions.redis}`,
      },
    ]
  }

  function originsOf(name: EngineName, costs: EngineCosts, version: string): Origin[] {
    const title = { redis: 'Redis', postgres: 'Postgres' }[name]
    const where = `${here}, ${title} ${version}`
    const both = ({ step, record }: { step: number; record: number }) =>
      `${time(step)} and ${time(record)} a record`
    return [
      { name: `${title}: an append`, value: both(costs.append), where },
      { name: `${title}: a read`, value: both(costs.read), where },
      { name: `${title}: what it keeps of an event`, value: `${costs.bytesARecord.toFixed(0)} bytes`, where },
      { name: `${title}: publishing, in the process that does`, value: both(costs.publishing), where },
      { name: `${title}: following the log, in each node`, value: `${time(costs.tailing)} an event`, where },
    ]
  }
}
