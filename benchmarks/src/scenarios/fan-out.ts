import { others } from '../peers/names.ts'
import type { ServerScenario } from '../scenario.ts'

const connections = 1_000
const interval = 15

export const fanOut: ServerScenario = {
  name: 'fan-out',
  subject: 'server',
  title: 'Fan-out: one topic, 200-byte events, 1,000 connections',
  text: 'CPU time of the server for each event that reaches a connection, with one event a tick and with ten.',
  peers: [
    'raw-socket',
    'raw-joined',
    'raw-response',
    'raw-response-joined',
    'millrace',
    'millrace-response',
    'millrace-hono',
    ...others,
  ],
  references: { one: 'raw-socket', ten: 'raw-joined' },
  metrics: {
    one: { title: 'one event a tick', unit: 'µs', digits: 2 },
    ten: { title: 'ten events a tick', unit: 'µs', digits: 2 },
  },
  generatorCounts: true,
  rounds: 5,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    const ticks = (number: number) => Math.ceil(number * scale.duration)
    await bench.start()
    await bench.open({ count, concurrency: 64 })
    const publish = (number: number, events: number) =>
      bench.deliver({ ticks: ticks(number), events, interval }, count)
    // The compiler's.
    await publish(80, 1)
    await publish(8, 10)
    const one = await bench.window(() => publish(120, 1), 'one')
    await publish(8, 10)
    const ten = await bench.window(() => publish(40, 10), 'ten')
    return {
      values: { one: one.cpu / (ticks(120) * count), ten: ten.cpu / (ticks(40) * 10 * count) },
      checks: await bench.checks(),
    }
  },
}
