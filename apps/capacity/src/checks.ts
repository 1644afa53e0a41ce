import type { Constants } from './constants.ts'
import { deliveryCost } from './model/deliveries.ts'
import { type Plan, planFor } from './model/plan.ts'
import { ageOfCursor, resumeCost, stormTime } from './model/reconnects.ts'
import { type Balancing, rollingDeploy } from './model/rolling-deploy.ts'
import { fullestShard, shardsOf } from './model/shards.ts'
import { slowNode } from './model/slow-node.ts'
import { typicalWorkload, type Workload } from './model/workload.ts'
import { simulateFanOut } from './simulation/fan-out.ts'
import { simulateLogReaders } from './simulation/log-readers.ts'
import { simulateDeploy } from './simulation/rolling-deploy.ts'
import { simulateShards } from './simulation/shards.ts'
import { simulateSlowNode } from './simulation/slow-node.ts'
import { simulateStorm } from './simulation/storm.ts'

/** What the model says, beside what came out of a simulation. */
export interface Check {
  readonly name: string
  readonly connections: number
  readonly unit: string
  /** From and to; the same where it says one thing. */
  readonly model: readonly [number, number]
  readonly simulated: number
  /** How far outside of that it may lie, as a part of it. */
  readonly tolerance: number
}

/** Scales at which model and simulation are compared. */
export const scales = [1_000, 10_000, 100_000, 1_000_000, 10_000_000] as const

/** A tenth of an event a second for each connection, which ten get: one a second for everybody. */
export function workloadOf(connections: number, further: Partial<Workload> = {}): Workload {
  return { ...typicalWorkload, connections, rate: connections / 10, fanOut: 10, ...further }
}

/** Whether the simulation agrees with the model. */
export function holds({ model: [least, most], simulated, tolerance }: Check): boolean {
  return simulated >= least * (1 - tolerance) && simulated <= most * (1 + tolerance)
}

/** Simulates what the model says of each scale. The same every time. */
export function checksOf(constants: Constants): readonly Check[] {
  return scales.flatMap((connections) => {
    const workload = workloadOf(connections)
    const plan = planFor(workload, constants)
    const about = { workload, plan, constants }
    return [
      fanOut(about),
      ...(connections <= 100_000 ? [cursors(about)] : []),
      storm('everybody cut off at once', about, {}),
      ...(connections <= 1_000_000
        ? [
            storm('the same, with what keeps a core busy for nine seconds', about, { work: 9 }),
            storm('the same, ten times what a node takes at once', about, { times: 10 }),
          ]
        : []),
      ...(['least-connections', 'random'] as const).map((balancing) => deploy(about, balancing)),
      readers(about),
      shardReaders(about),
      ...(connections <= 100_000 ? divided(about) : []),
      ...(connections === 100_000 ? [...slow(about)] : []),
    ]
  })
}

interface About {
  readonly workload: Workload
  readonly plan: Plan
  readonly constants: Constants
}

// Of a turn, in seconds.
const turn = 0.05

function fanOut({ workload, plan, constants }: About): Check {
  const { connections, rate, fanOut: reached, heartbeat } = workload
  const seconds = Math.max(1, Math.min(60, 1e6 / (rate * reached)))
  const { nodes } = plan
  const run = { connections, nodes, rate, fanOut: reached, heartbeat, turn, seconds, seed: 1 }
  const perNode = (deliveryCost((rate * reached) / connections, turn, constants) * connections) / nodes / 1e6
  const simulated = simulateFanOut(run, constants).mean / 1e6
  return {
    name: 'core of a node for deliveries, in turns of 50 ms',
    connections,
    unit: '',
    model: [perNode, perNode],
    simulated,
    tolerance: 0.01,
  }
}

function cursors({ workload, constants }: About): Check {
  const { connections, heartbeat } = workload
  // An event in ten seconds, so that heartbeats matter.
  const rate = connections / 100
  const run = { connections, nodes: 1, rate, fanOut: 10, heartbeat, turn, seconds: 60, seed: 2 }
  const age = ageOfCursor(0.1, heartbeat)
  const simulated = simulateFanOut(run, constants).age
  return {
    name: 'age of a cursor, an event in ten seconds',
    connections,
    unit: 's',
    model: [age, age],
    simulated,
    tolerance: 0.03,
  }
}

function storm(
  name: string,
  { workload, plan, constants }: About,
  { times, work }: { times?: number; work?: number },
): Check {
  const { connections, heartbeat, retry, rate, fanOut: reached } = workload
  const behind = plan.ratePerLog * (ageOfCursor((rate * reached) / connections, heartbeat) + retry / 2)
  const burst = times === undefined ? 10_000 : plan.connectionsPerNode / times
  const busy = plan.processor.all - plan.processor.reconnects
  const one = {
    streams: plan.connectionsPerNode,
    cost:
      work === undefined
        ? resumeCost(behind, constants)
        : (work * (1 - busy) * 1e6) / plan.connectionsPerNode,
    busy,
    burst,
    perSecond: burst / 10,
    retry,
  }
  const { least, most } = stormTime(one)
  const simulated = simulateStorm({ ...one, nodes: plan.nodes, seed: 3 }).seconds
  return { name, connections, unit: 's', model: [least, most], simulated, tolerance: 0.05 }
}

function deploy({ workload, plan }: About, balancing: Balancing): Check {
  const { drain } = plan
  const isRandom = balancing === 'random'
  // At random they gather the more, the more nodes there are.
  const nodes = isRandom ? plan.nodes : plan.nodesPerLog
  const connections = isRandom ? workload.connections : Math.round(workload.connections / plan.logs)
  const { fullest } = rollingDeploy({ connections, nodes, drain, balancing })
  const simulated = simulateDeploy({ connections, nodes, balancing, seed: 4 }).fullest
  const where = isRandom ? 'anywhere at random' : 'where the fewest are'
  return {
    name: `fullest node of a rolling deploy, sent ${where}`,
    connections: workload.connections,
    unit: '× the mean',
    model: [fullest, fullest],
    simulated,
    tolerance: 0.02,
  }
}

function readers({ workload, plan, constants }: About): Check {
  const { append, read } = constants.engines[workload.engine]
  const run = {
    append,
    read,
    rate: plan.ratePerLog,
    batch: workload.batch,
    nodes: plan.nodesPerLog,
    seconds: 20,
    seed: 5,
  }
  const { delay } = simulateLogReaders(run)
  const { connections } = workload
  return {
    name: 'delay in the log, 99 % within',
    connections,
    unit: 's',
    model: [0, workload.delay],
    simulated: delay,
    tolerance: 0,
  }
}

function shardReaders({ workload, constants }: About): Check {
  const { connections, engine, delay } = workload
  const plan = planFor({ ...workload, shards: 4 }, constants)
  const { append, read } = constants.engines[engine]
  const run = { append, read, ...plan.shard, nodes: plan.nodesPerLog, seconds: 20, seed: 7 }
  return {
    name: 'delay in the fullest of four shards, 99 % within',
    connections,
    unit: 's',
    model: [0, delay],
    simulated: simulateLogReaders(run).delay,
    tolerance: 0,
  }
}

// As many topics as streams, and streams of ten of them.
function divided({ workload: { connections } }: About): readonly Check[] {
  const [shards, together] = [8, 10]
  const times = Math.max(10, 200_000 / connections)
  const run = simulateShards({ shards, topics: connections, together, times, seed: 8 })
  const fullest = fullestShard({ shards, topics: connections })
  const places = shardsOf(together, shards)
  return [
    {
      name: 'fullest of eight shards, a topic for each stream',
      connections,
      unit: '× the mean',
      model: [fullest, fullest],
      simulated: run.fullest,
      tolerance: 0.02,
    },
    {
      name: 'of eight shards, those that ten topics or events are in',
      connections,
      unit: '',
      model: [places, places],
      simulated: run.places,
      tolerance: 0.01,
    },
  ]
}

function slow({ workload: { connections } }: About): readonly Check[] {
  const model = slowNode(0.5, 3, 20)
  const run = simulateSlowNode({ used: 0.5, slower: 3, seconds: 20, eventsPerSecond: 1_000, seed: 6 })
  const rest = { connections, unit: 's', tolerance: 0.02 }
  return [
    {
      name: 'half used, 20 s at a third of the speed: behind by',
      model: [model.lag, model.lag],
      simulated: run.lag,
      ...rest,
    },
    {
      name: 'and up to date again after',
      model: [model.recovery, model.recovery],
      simulated: run.recovery,
      ...rest,
    },
  ]
}
