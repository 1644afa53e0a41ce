import type { Plan } from '../model/plan.ts'
import { nextLimit } from '../model/plan.ts'
import { bytes, count, figure, network, share } from './figures.ts'

/** What a plan says, name and value. */
export function planRows(plan: Plan): readonly (readonly [name: string, value: string])[] {
  const { processor, engine, egress, storm, deploy, files } = plan
  const next = nextLimit(plan)
  return [
    ['logs, each with servers of its own', count(plan.logs)],
    ['engines in all, one for each shard of a log', count(plan.engines)],
    ['nodes of a log, one more than its streams need', count(plan.nodesPerLog)],
    ['nodes in all, a core each', count(plan.nodes)],
    ['streams of a node', count(plan.connectionsPerNode)],
    ['memory of a node, at the peak of a storm', bytes(plan.memory)],
    ['`limits.ringBytes`', bytes(plan.ringBytes)],
    ['core of a node', share(processor.all)],
    ['of which deliveries', share(processor.deliveries)],
    ['of which following the log', share(processor.tail)],
    ['of which heartbeats', share(processor.heartbeats)],
    ['of which streams that come back', share(processor.reconnects)],
    ['events of a log, a second', count(plan.ratePerLog)],
    [
      'core of the fullest shard’s engine: appends, reads of all nodes',
      `${share(engine.appends)}, ${share(engine.reads)}`,
    ],
    [
      'what it holds: records (`maxRecords`), memory or disk',
      `${figure(engine.records)}, ${bytes(engine.bytes)}`,
    ],
    ['cores of the publishers, in all', figure(plan.publishing)],
    ['to the subscribers, in all', network(egress.all)],
    ['of which heartbeats', network(egress.heartbeats)],
    ['from a log to each of its nodes', network(egress.tail)],
    ['open files of a node, of all proxies', `${count(files.node)}, ${count(files.proxies)}`],
    ['addresses of proxies before each node, at least', count(plan.addresses)],
    ['new streams of a node on an ordinary day, a second', figure(plan.churn)],
    ['everybody cut off at once: all are back after', `${figure(storm.least)} to ${figure(storm.most)} s`],
    ['`drain`', `${figure(plan.drain)} s`],
    ['rolling deploy, all logs at the same time', `${figure(deploy.seconds)} s`],
    ['comes first as everything grows', `${next.name}, ${share(next.used / next.limit)}`],
  ]
}
