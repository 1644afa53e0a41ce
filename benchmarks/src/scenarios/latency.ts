import { others } from '../peers/names.ts'
import type { ServerScenario } from '../scenario.ts'

const connections = 1_000
const rate = 10

export const latency: ServerScenario = {
  name: 'latency',
  subject: 'server',
  title: 'Latency: 1,000 connections, 10 events a second',
  text: 'Time from publishing to the reader of the connection, over all deliveries.',
  peers: ['raw-socket', 'raw-response', 'millrace', 'millrace-hono', ...others],
  references: { p50: 'raw-socket', p99: 'raw-socket' },
  metrics: {
    p50: { title: 'median', unit: 'ms', digits: 1 },
    p99: { title: '99 % within', unit: 'ms', digits: 1 },
  },
  generatorCounts: true,
  rounds: 3,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    const ticks = Math.ceil(50 * scale.duration)
    await bench.start()
    await bench.open({ count, concurrency: 64 })
    await bench.deliver({ ticks: Math.ceil(100 * scale.duration), events: 1, interval: 20 }, count)
    await bench.load.call('timeEvents')
    await bench.window(() => bench.deliver({ ticks, events: 1, interval: 1000 / rate }, count), 'paced')
    const [p50 = Number.NaN, p99 = Number.NaN] = await bench.load.call('latencies', { shares: [0.5, 0.99] })
    return { values: { p50, p99 }, checks: await bench.checks() }
  },
}
