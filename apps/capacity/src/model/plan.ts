import {
  type Constants,
  defaults,
  engineCores,
  ephemeralPorts,
  eventFrameBytes,
  heartbeatBytes,
  placeBytes,
  ringEntryBytes,
  writeBytes,
} from '../constants.ts'
import { deliveryCost, writesPerConnection } from './deliveries.ts'
import { ageOfCursor, resumeCost, type StormTime, stormTime } from './reconnects.ts'
import { type Deploy, rollingDeploy } from './rolling-deploy.ts'
import { fullestShard, shardsOf } from './shards.ts'
import type { Workload } from './workload.ts'

/** Something that has an end, and how much of it is used. */
export interface Limit {
  readonly name: string
  readonly used: number
  readonly limit: number
  readonly unit: string
  /** What to do when it is reached. */
  readonly remedy: string
}

/** What a workload takes. */
export interface Plan {
  /** Separate logs, each with servers of its own. */
  readonly logs: number
  readonly nodes: number
  readonly nodesPerLog: number
  readonly connectionsPerNode: number
  /** Events of one log a second. */
  readonly ratePerLog: number
  /** Engines of all logs, one for each shard. */
  readonly engines: number
  /** Events a second of the fullest shard, and of one step of an append to it. */
  readonly shard: { readonly rate: number; readonly batch: number }
  /** Shards that a stream reads, on average. */
  readonly places: number
  /** Of a node, in parts of its core. */
  readonly processor: {
    readonly deliveries: number
    readonly tail: number
    readonly heartbeats: number
    readonly reconnects: number
    readonly all: number
  }
  /** Of the engine with the fullest shard of a log, in cores. */
  readonly engine: {
    readonly appends: number
    readonly reads: number
    readonly records: number
    readonly bytes: number
  }
  /** Cores of those who publish. */
  readonly publishing: number
  /** Of a node, in bytes, at the peak of a storm. */
  readonly memory: number
  /** What `limits.ringBytes` should be. */
  readonly ringBytes: number
  /** Bytes a second: to all subscribers, of which heartbeats, and to one node from its log. */
  readonly egress: { readonly all: number; readonly heartbeats: number; readonly tail: number }
  /** Files that are open: in a node, and in all proxies. */
  readonly files: { readonly node: number; readonly proxies: number }
  /** New streams of a node a second on an ordinary day. */
  readonly churn: number
  /** Everybody is cut off at once, and comes back. */
  readonly storm: StormTime
  readonly deploy: Deploy
  /** How long a node must take to let its streams go, in seconds, so that they find room. */
  readonly drain: number
  /** Addresses of proxies that a node needs before it, for their ports. */
  readonly addresses: number
  readonly limits: readonly Limit[]
}

/** Connections of a node to each engine. */
const engineConnections = 2

/** Most logs that are tried. */
const mostLogs = 100_000

/** What a workload takes, with as few logs as can bear it. @throws RangeError where nothing can */
export function planFor(workload: Workload, constants: Constants): Plan {
  for (let logs = 1; logs <= mostLogs; logs += 1) {
    const plan = planWith(logs, workload, constants)
    if (plan?.limits.every(({ used, limit }) => used <= limit)) return plan
  }
  throw new RangeError(
    `No number of logs up to ${mostLogs} bears that: see what a connection gets, and how full a node may be`,
  )
}

/** What it takes with so many logs, whether they bear it or not; `undefined` where a node has no time left for its connections. */
export function planWith(logs: number, workload: Workload, constants: Constants): Plan | undefined {
  const { connections, rate, fanOut, dataBytes, batch, delay, heartbeat, maxAge, retry } = workload
  const { utilization, tailShare, connectsPerSecond, shards, topicsPerStream } = workload
  const costs = constants.engines[workload.engine]
  const cores = engineCores[workload.engine]

  const ratePerLog = rate / logs
  const places = shardsOf(topicsPerStream, shards)
  // What is under way together is divided as well.
  const steps = shardsOf(batch, shards)
  const shard = { rate: (ratePerLog * fullestShard(workload)) / shards, batch: batch / steps }
  const appendsPerSecond = (ratePerLog / batch) * (steps / shards)
  const readsPerSecond = Math.min(appendsPerSecond, 1 / delay)
  const perConnection = (rate * fanOut) / connections
  // A stream lasts between three quarters of its age and all of it.
  const lifetime = 0.875 * maxAge
  const behind = ratePerLog * (ageOfCursor(perConnection, heartbeat) + retry / 2)
  const cost = resumeCost(behind, constants, places)

  // A turn for each event: what comes together costs less.
  const delivering = deliveryCost(perConnection, 0, constants, places)
  const ofConnection = delivering + constants.heartbeat / heartbeat + cost / lifetime
  const tail = (ratePerLog * costs.tailing + shards * readsPerSecond * constants.shards.followingStep) / 1e6
  const left = utilization - tail
  if (left <= 0) return undefined
  const byProcessor = (connections * ofConnection) / 1e6 / left
  const byConnections = connections / workload.connectionsPerNode
  // One more of each log, so that one may be away.
  const nodesPerLog = Math.ceil(Math.max(byProcessor, byConnections) / logs) + 1
  const nodes = nodesPerLog * logs
  const connectionsPerNode = connections / nodes

  const processor = {
    deliveries: (connectionsPerNode * delivering) / 1e6,
    tail,
    heartbeats: (connectionsPerNode * constants.heartbeat) / heartbeat / 1e6,
    reconnects: (connectionsPerNode * cost) / lifetime / 1e6,
    all: tail + (connectionsPerNode * ofConnection) / 1e6,
  }
  const engine = {
    appends: (appendsPerSecond * costs.append.step + shard.rate * costs.append.record) / 1e6,
    reads: (nodesPerLog * (readsPerSecond * costs.read.step + shard.rate * costs.read.record)) / 1e6,
    records: shard.rate * workload.keep,
    bytes: shard.rate * workload.keep * (costs.bytesARecord + dataBytes - 200),
  }

  // Who comes back last was told its place a heartbeat ago, and has waited as long as it may the first time.
  const ringBytes = ratePerLog * (heartbeat + retry) * ringEntryBytes(dataBytes)
  const ofPlaces = (places - 1) * constants.shards.connectionBytes
  const ofConnections = connectionsPerNode * (constants.connectionBytes + constants.socketBytes + ofPlaces)
  const memory =
    (constants.nodeBytes + ofConnections) * constants.stormMemory + Math.max(ringBytes, defaults.ringBytes)
  const beats = connections / heartbeat
  const writes = connections * writesPerConnection(perConnection, 0)
  const beside = (places - 1) * placeBytes
  const heartbeats = beats * (heartbeatBytes + beside)
  const egress = {
    heartbeats,
    all: rate * fanOut * (eventFrameBytes(dataBytes) + beside) + writes * writeBytes + heartbeats,
    tail: ratePerLog * (costs.bytesARecord + dataBytes - 200),
  }
  const churn = connectionsPerNode / lifetime
  const storm = stormTime({
    streams: connectionsPerNode,
    cost,
    busy: processor.all - processor.reconnects,
    burst: Math.max(defaults.connectBurst, workload.connectionsPerNode),
    perSecond: connectsPerSecond,
    retry,
  })
  // Those of a node that drains all go to the one before it, which is empty.
  const leaving = (connectionsPerNode * nodesPerLog) / (nodesPerLog - 1)
  const drain = Math.max(workload.drain, Math.ceil(leaving / 0.8 / connectsPerSecond))
  const deploy = rollingDeploy({
    connections: connections / logs,
    nodes: nodesPerLog,
    drain,
    balancing: 'least-connections',
  })

  const limits: Limit[] = [
    {
      name: 'streams of a node while another one is away',
      used: connectionsPerNode * deploy.fullest,
      limit: workload.connectionsPerNode,
      unit: '',
      remedy: 'more nodes, or a higher `limits.connections` with the memory and the files for it',
    },
    { name: 'core of a node', used: processor.all, limit: utilization, unit: 'cores', remedy: 'more nodes' },
    {
      name: 'core of a node for following its log',
      used: tail,
      limit: tailShare,
      unit: 'cores',
      remedy: 'more logs: each node follows all of its own',
    },
    {
      name: 'engine of a shard, appends',
      used: engine.appends,
      // Of one shard they go one after the other.
      limit: utilization,
      unit: 'cores',
      remedy: 'more shards or logs, on engines of their own; larger batches',
    },
    {
      name: 'engine of a shard, in all',
      used: engine.appends + engine.reads,
      limit: utilization * cores,
      unit: 'cores',
      remedy: 'more shards; more logs: fewer nodes read each, and less',
    },
    {
      name: 'wait for an answer in a storm',
      used: storm.queue,
      limit: defaults.connectTimeout,
      unit: 's',
      remedy: 'more nodes, more logs, or a lower `limits.connectBurst`',
    },
  ]
  return {
    logs,
    nodes,
    nodesPerLog,
    connectionsPerNode,
    ratePerLog,
    engines: logs * shards,
    shard,
    places,
    processor,
    engine,
    publishing: (((rate * steps) / batch) * costs.publishing.step + rate * costs.publishing.record) / 1e6,
    memory,
    ringBytes: Math.max(ringBytes, defaults.ringBytes),
    egress,
    // Those of its engine, its listeners and what Node has.
    files: {
      node: Math.ceil(connectionsPerNode) + 64 + engineConnections * (shards - 1),
      proxies: 2 * connections,
    },
    churn,
    storm,
    deploy,
    drain,
    addresses: Math.ceil((connectionsPerNode * deploy.fullest) / ephemeralPorts),
    limits,
  }
}

/** How far one log goes, in streams, when the events grow with them. */
export function reachOfOneLog(workload: Workload, constants: Constants): number {
  const perStream = workload.rate / workload.connections
  const bears = (connections: number) =>
    planWith(1, { ...workload, connections, rate: connections * perStream }, constants)?.limits.every(
      ({ used, limit }) => used <= limit,
    )
  let [least, most] = [0, 1]
  while (bears(most) && most < 1e9) [least, most] = [most, 2 * most]
  while (most - least > Math.max(1, least / 1_000)) {
    const middle = (least + most) / 2
    if (bears(middle)) least = middle
    else most = middle
  }
  return Math.floor(least)
}

/** Which limit comes first when everything grows in proportion. */
export function nextLimit({ limits }: Pick<Plan, 'limits'>): Limit {
  return limits.reduce((first, limit) =>
    limit.used / limit.limit > first.used / first.limit ? limit : first,
  )
}
