import { setTimeout as wait } from 'node:timers/promises'
import type { ServerScenario } from '../scenario.ts'

const connections = 5_000
const missed = 100

export const storm: ServerScenario = {
  name: 'storm',
  subject: 'server',
  title: 'Storm: 5,000 clients are cut at once and come back',
  text: `Each has missed ${missed} events. Time from the first that comes back to the last that has everything; the server's peak
memory beside that of before; and how often the log was read.`,
  peers: ['raw-response', 'millrace'],
  references: { seconds: 'raw-response', cpu: 'raw-response' },
  metrics: {
    seconds: { title: 'until all have everything', unit: 's', digits: 2 },
    cpu: { title: 'CPU time a client', unit: 'µs', digits: 0 },
    memory: { title: 'peak memory', unit: '× before', digits: 2 },
    reads: { title: 'reads of the log', unit: '', digits: 0 },
  },
  generatorCounts: false,
  rounds: 3,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    await bench.start()
    await bench.open({ count, concurrency: 256 })
    await bench.deliver({ ticks: 5, events: 1, interval: 50 }, count)
    const before = await bench.server.call('usage')
    const cursor = await bench.server.call('cursor')
    await bench.load.call('close', {})
    await bench.server.call('publish', { ticks: 1, events: missed, interval: 10 })

    let peak = before.memory
    let over = false
    const watch = async () => {
      while (!over) {
        peak = Math.max(peak, (await bench.server.call('usage')).memory)
        await wait(50)
      }
    }
    const watching = watch()
    const begin = performance.now()
    let seconds = 0
    const window = await bench.window(async () => {
      await bench.load.call('open', { ...bench.where, count, concurrency: 1_000, cursor })
      await bench.arrived(count * missed)
      seconds = (performance.now() - begin) / 1000
    }, 'back')
    over = true
    await watching
    const { counters } = await bench.server.call('usage')
    return {
      values: {
        seconds,
        cpu: window.cpu / count,
        memory: peak / before.memory,
        reads: (counters.logReads ?? 0) - (before.counters.logReads ?? 0),
      },
      checks: await bench.checks(),
    }
  },
}
