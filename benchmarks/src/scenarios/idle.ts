import { setTimeout as wait } from 'node:timers/promises'
import { others } from '../peers/names.ts'
import type { ServerScenario } from '../scenario.ts'

const connections = 10_000

// A fifth of the heartbeats' usual time apart, so that a window holds some of each connection.
const usualHeartbeat = 15_000
const heartbeat = 3_000

export const idle: ServerScenario = {
  name: 'idle',
  subject: 'server',
  title: 'Idle: 10,000 connections',
  text: `Memory that the server's process has of its own for each connection after two heartbeats, what it has reserved for new objects
included; and what of it is JavaScript's, once garbage is collected. Then CPU time for heartbeats, measured every 3 s and divided by 5.
Over HTTP/2 a connection is a stream, a hundred of them in each.`,
  peers: [
    'raw-socket',
    'raw-response',
    'raw-http2',
    'millrace',
    'millrace-response',
    'millrace-express',
    'millrace-hono',
    'millrace-http2',
    ...others,
  ],
  references: { memory: 'raw-response', heap: 'raw-response', heartbeats: 'raw-response' },
  metrics: {
    memory: { title: 'memory', unit: 'KB', digits: 1 },
    heap: { title: 'JavaScript objects', unit: 'KB', digits: 1 },
    heartbeats: { title: 'heartbeats, every 15 s', unit: '% of a core', digits: 2 },
  },
  generatorCounts: false,
  rounds: 2,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    await bench.start({ heartbeat })
    // What the first connection makes a server load is no connection's.
    await bench.open({ count: 20, concurrency: 1 })
    const before = await bench.collected()
    await bench.open({ count, concurrency: 64 })
    const window = await bench.window(() => wait(2 * heartbeat * Math.min(1, scale.duration)), 'heartbeats')
    const after = await bench.server.call('usage')
    const collected = await bench.collected()
    return {
      values: {
        memory: (after.memory - before.memory) / count / 1024,
        heap: (collected.heap - before.heap) / count / 1024,
        heartbeats: (100 * (window.cpu / window.time) * heartbeat) / usualHeartbeat,
      },
      checks: await bench.checks(),
    }
  },
}
