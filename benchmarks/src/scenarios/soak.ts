import { setTimeout as wait } from 'node:timers/promises'
import type { ServerScenario } from '../scenario.ts'
import { median } from '../statistics.ts'

const connections = 500
const churn = 25
const seconds = 60

/** Time between two looks, in milliseconds. */
const pause = 1_000

export const soak: ServerScenario = {
  name: 'soak',
  subject: 'server',
  title: 'Soak: 500 connections, of which 25 change each second',
  text: `Twenty events a second, a minute by default and half an hour with \`--soak-minutes 30\`. The collected heap of the last third beside
that of the first, and what each connection that ended left behind.`,
  peers: ['millrace'],
  references: {},
  metrics: {
    growth: { title: 'heap, last third beside first', unit: '×', digits: 3 },
    left: { title: 'left by a connection', unit: 'bytes', digits: 0 },
  },
  generatorCounts: false,
  rounds: 1,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    const leaving = Math.ceil(churn * scale.connections)
    await bench.start()
    // Until the log's and the ring's windows are full of events that were sent, a heap grows by what is published.
    await bench.open({ count: 1, concurrency: 1 })
    const events = Math.ceil(120_000 * Math.min(1, scale.duration))
    await bench.server.call('publishAtOnce', { events })
    await bench.arrived(events)
    await bench.open({ count: count - 1, concurrency: 64 })
    const heaps: number[] = []
    const rounds = Math.max(6, Math.ceil((seconds * 1000 * scale.duration) / pause))
    for (let round = 0; round < rounds; round += 1) {
      const begin = performance.now()
      await bench.load.call('close', { count: leaving })
      await bench.load.call('open', { ...bench.where, count: leaving, concurrency: leaving })
      await wait(50)
      await bench.deliver({ ticks: 20, events: 1, interval: pause / 40 }, count)
      await bench.server.call('collect')
      heaps.push((await bench.server.call('usage')).heap)
      await wait(Math.max(0, pause - (performance.now() - begin)))
    }
    const third = Math.floor(heaps.length / 3)
    const first = median(heaps.slice(0, third))
    const last = median(heaps.slice(-third))
    // Between the middles of both thirds.
    const ended = (heaps.length - third) * leaving
    return {
      values: { growth: last / first, left: (last - first) / ended },
      checks: await bench.checks(),
    }
  },
}
