import { type Check, holds, workloadOf } from '../checks.ts'
import {
  type Constants,
  defaults,
  engineNames,
  eventFrameBytes,
  idBytes,
  type Origin,
  placeBytes,
  ringEntryBytes,
  writeBytes,
} from '../constants.ts'
import { deliveryCost } from '../model/deliveries.ts'
import { nextLimit, planFor, reachOfOneLog } from '../model/plan.ts'
import { resumeCost } from '../model/reconnects.ts'
import { rollingDeploy } from '../model/rolling-deploy.ts'
import type { Workload } from '../model/workload.ts'
import { bytes, count, figure, network, share, table } from './figures.ts'
import { planRows } from './plan-rows.ts'

/** The page that is written by hand, and by this where it has markers. */
export const pageFile = new URL('../../../../docs/scaling.md', import.meta.url)

const sizes = [10_000, 100_000, 1_000_000, 10_000_000]

/** Writes the tables anew. @throws Error where the page has no place for one */
export function updatePage(
  page: string,
  {
    constants,
    checks,
  }: {
    readonly constants: Constants & { readonly origins: readonly Origin[] }
    readonly checks: readonly Check[]
  },
): string {
  const tables = {
    sizes: sizesTable(constants),
    choices: choicesTable(constants),
    shards: shardsTable(constants),
    division: divisionTable(constants),
    limits: limitsTable(constants),
    constants: table(
      ['', 'value', 'from'],
      constants.origins.map(({ name, value, where }) => [name, value, where]),
      false,
    ),
    simulation: simulationTable(checks),
  }
  return Object.entries(tables).reduce((text, [name, content]) => {
    const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
    const [from, to] = [text.indexOf(begin), text.indexOf(end)]
    if (from < 0 || to < from) throw new Error(`docs/scaling.md has no ${begin} with an ${end} after it`)
    return `${text.slice(0, from + begin.length)}\n\n${content}\n\n${text.slice(to)}`
  }, page)
}

function sizesTable(constants: Constants): string {
  const plans = sizes.map((connections) => planRows(planFor(workloadOf(connections), constants)))
  const rows = (plans[0] ?? []).map(([name], row) => [name, ...plans.map((plan) => plan[row]?.[1] ?? '')])
  return table(
    [`streams`, ...sizes.map((size) => count(size))],
    [['published a second', ...sizes.map((size) => count(size / 10))], ...rows],
  )
}

// Ten million streams, set up in other ways.
function choicesTable(constants: Constants): string {
  const choices: readonly (readonly [string, Partial<Workload>])[] = [
    ['as above', {}],
    ['nodes of up to 20,000 streams', { connectionsPerNode: 20_000 }],
    ['nodes of up to 30,000 streams', { connectionsPerNode: 30_000 }],
    ['Postgres', { engine: 'postgres' }],
    ['appends of one event each', { batch: 1 }],
    ['a tenth of the events', { rate: 100_000 }],
    ['a tenth of the events, each to a hundred streams', { rate: 100_000, fanOut: 100 }],
  ]
  const rows = choices.map(([name, choice]) => {
    const { logs, nodes, memory, storm, processor, limits } = planFor(
      workloadOf(10_000_000, choice),
      constants,
    )
    const next = nextLimit({ limits })
    const times = `${figure(storm.least)} to ${figure(storm.most)} s`
    return [name, count(logs), count(nodes), bytes(memory), share(processor.all), times, next.name]
  })
  return table(
    ['', 'logs', 'nodes', 'memory of each', 'core of each', 'all are back after', 'comes first'],
    rows,
  )
}

const shardCounts = [1, 2, 3, 4, 8, 16]
// What has a pattern is in every shard.
const allShards = { topicsPerStream: 1e9 }

// How far one set of servers goes, by the number of engines beneath it.
function shardsTable(constants: Constants): string {
  const reaches = shardCounts.map((shards) => {
    const streams = reachOfOneLog(workloadOf(1e6, { shards }), constants)
    return { shards, streams, plan: planFor(workloadOf(streams, { shards }), constants) }
  })
  const id = (places: number) => idBytes + (places - 1) * placeBytes
  const rows: readonly (readonly [string, (reach: (typeof reaches)[number]) => string])[] = [
    ['published a second', ({ streams }) => figure(streams / 10)],
    ['streams that each get an event a second', ({ streams }) => figure(streams)],
    ['nodes', ({ plan }) => count(plan.nodes)],
    [
      'core of a node, of which following all shards',
      ({ plan }) => `${share(plan.processor.all)}, ${share(plan.processor.tail)}`,
    ],
    ['core of the fullest shard’s engine', ({ plan }) => share(plan.engine.appends + plan.engine.reads)],
    ['events of one step of an append of ten', ({ plan }) => figure(plan.shard.batch)],
    ['comes first', ({ plan }) => nextLimit(plan).name],
    ['id of an event of a stream that reads all shards', ({ shards }) => `${id(shards)} bytes`],
    [
      'what that adds to an event of 200 bytes',
      ({ shards }) => share(((shards - 1) * placeBytes) / (eventFrameBytes(200) + writeBytes)),
    ],
    [
      'delivering an event to it, alone in a write',
      ({ shards }) => `${figure(deliveryCost(1, 0, constants, shards))} µs`,
    ],
    ['its coming back, over 100 events', ({ shards }) => `${figure(resumeCost(0, constants, shards))} µs`],
    [
      'what a node keeps of it, beside its socket',
      ({ shards }) => bytes(constants.connectionBytes + (shards - 1) * constants.shards.connectionBytes),
    ],
  ]
  return table(
    ['shards', ...shardCounts.map(count)],
    rows.map(([name, cell]) => [name, ...reaches.map(cell)]),
  )
}

// Ten million streams again, by the number of shards of each log.
function divisionTable(constants: Constants): string {
  const choices: readonly (readonly [string, Partial<Workload>])[] = [
    ['1', { shards: 1 }],
    ...[2, 3, 4, 8].flatMap((shards) => [
      [`${shards}`, { shards }] as const,
      [`${shards}, and every stream reads all`, { shards, ...allShards }] as const,
    ]),
    ['4, and nodes of up to 30,000 streams', { shards: 4, connectionsPerNode: 30_000 }],
  ]
  const rows = choices.map(([name, choice]) => {
    const plan = planFor(workloadOf(10_000_000, { topics: 1_000_000, ...choice }), constants)
    const { logs, engines, nodes, memory, processor, egress, storm } = plan
    return [
      name,
      count(logs),
      count(engines),
      count(nodes),
      bytes(memory),
      share(processor.all),
      network(egress.all),
      `${figure(storm.least)} to ${figure(storm.most)} s`,
      nextLimit(plan).name,
    ]
  })
  return table(
    [
      'shards of a log',
      'logs',
      'engines',
      'nodes',
      'memory of each',
      'core of each',
      'to the subscribers',
      'all are back after',
      'comes first',
    ],
    rows,
  )
}

function limitsTable(constants: Constants): string {
  const { write, eventInWrite, resume, connect } = constants
  const second = 1e6
  const rows = engineNames.flatMap((name) => {
    const title = { redis: 'Redis', postgres: 'Postgres' }[name]
    const { append, read, tailing, appendsPerSecond } = constants.engines[name]
    return [
      [
        `${title}: appends to one log, all its time`,
        `${figure(second / (append.step + append.record))} a second one by one, ${figure(second / (append.step / 1_000 + append.record))} a thousand at once; one publisher reached ${figure(appendsPerSecond.alone)} and ${figure(appendsPerSecond.gathered)}`,
      ],
      [
        `${title}: records that it gives to the nodes of one log, all its time`,
        `${figure(second / (read.step / 1_000 + read.record))} a second for each core: ten nodes can follow ${figure(second / (append.record + 10 * read.record))} events a second, a hundred ${figure(second / (append.record + 100 * read.record))}`,
      ],
      [
        `${title}: events that a node can follow, all its time`,
        `${figure(second / tailing)} a second, and a fifth of that with a fifth of it`,
      ],
    ]
  })
  const ways = [1, 0.1, 0.01].map((perConnection) => {
    const connections = reachOfOneLog(workloadOf(1e6, { rate: 1e5 * perConnection }), constants)
    return `${figure(connections)} streams that each get ${perConnection === 1 ? 'an event' : `${perConnection} events`} a second (${figure((connections * perConnection) / 10)} published)`
  })
  const many = rollingDeploy({ connections: 1e6, nodes: 100, drain: 20, balancing: 'random' })
  const behind = (rate: number) => 2 * rate
  return table(
    ['', 'ends at'],
    [
      [
        'deliveries of a node, all its time',
        `${figure(second / (write + eventInWrite))} a second, each alone; ${figure(second / (write / 10 + eventInWrite))}, ten at once to each`,
      ],
      ...rows,
      [
        'one log on one Redis, with half of every core to spare and an event for ten streams',
        ways.join(', '),
      ],
      [
        'new streams of a node, all its time',
        `${figure(second / connect)} a second; ${figure(second / resume)} that come back over 100 events`,
      ],
      [
        'coming back to a log with much in it',
        `two seconds away are ${figure(resumeCost(behind(1_000), constants))} µs where a log has 1,000 events a second, ${figure(resumeCost(behind(10_000), constants))} µs where it has 10,000, ${figure(resumeCost(behind(100_000), constants))} µs where it has 100,000`,
      ],
      [
        'the window of recent events in a node',
        `${figure(defaults.ringBytes / ringEntryBytes(200))} events of 200 bytes in the 16 MiB of \`limits.ringBytes\`: ${figure(defaults.ringBytes / ringEntryBytes(200) / 1_000)} s at 1,000 a second, ${figure(defaults.ringBytes / ringEntryBytes(200) / 10_000)} s at 10,000`,
      ],
      [
        'a rolling deploy of 100 nodes that sends streams anywhere',
        `the last node has ${figure(many.fullest)} times the mean, and each stream moves ${figure(many.moves)} times`,
      ],
    ],
    false,
  )
}

function simulationTable(checks: readonly Check[]): string {
  const rows = checks.map((check) => {
    const { name, connections, unit, model, simulated, tolerance } = check
    const [least, most] = model.map((value) => figure(value))
    const says = least === most ? least : `${least} to ${most}`
    return [
      name,
      count(connections),
      `${says} ${unit}`.trim(),
      `${figure(simulated)} ${unit}`.trim(),
      `${100 * tolerance} %`,
      holds(check) ? 'yes' : '**no**',
    ]
  })
  return table(['', 'streams', 'model', 'simulated', 'tolerance', 'agrees'], rows)
}
