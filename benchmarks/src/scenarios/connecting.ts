import { others } from '../peers/names.ts'
import type { ServerScenario } from '../scenario.ts'

const connections = 2_000
const missed = 100
const warmUps = 6

// The garbage of thousands of connections is collected at once, now and then: in one window it may be of two, or of none.
const windows = 3

// Paced, because waking a generator that sleeps is a good part of what a write costs: as fast as they can, slow servers would pay it
// for each connection and fast ones hardly ever.
const pace = { concurrency: 10, pause: 10 }

export const connecting: ServerScenario = {
  name: 'connecting',
  subject: 'server',
  title: 'Connecting and resuming',
  text: `CPU time of the server for each of 2,000 connections that open, and for each that comes back with the id of an event that ${missed}
others followed, until it has all of them.`,
  peers: ['raw-socket', 'raw-response', 'millrace', 'millrace-response', 'millrace-hono', ...others],
  references: { connect: 'raw-response', resume: 'raw-response' },
  metrics: {
    connect: { title: 'connect', unit: 'µs', digits: 0 },
    resume: { title: `resume over ${missed} events`, unit: 'µs', digits: 0 },
  },
  generatorCounts: false,
  rounds: 3,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    await bench.start()
    // The compiler's: what is done once for each connection takes long to become hot.
    for (let time = 0; time < warmUps; time += 1) {
      await bench.open({ count, concurrency: 32 })
      await bench.cut()
    }
    let connect = 0
    for (let time = 0; time < windows; time += 1) {
      const window = await bench.window(() => bench.open({ count, ...pace }), 'connect')
      connect += window.cpu / (windows * count)
      await bench.cut()
    }

    await bench.server.call('publish', { ticks: 1, events: 1, interval: 10 })
    const cursor = await bench.server.call('cursor')
    await bench.server.call('publish', { ticks: 1, events: missed, interval: 10 })
    const resume = async (resuming: number) => {
      await bench.open({ count: resuming, ...pace, cursor })
      await bench.arrived(resuming * missed)
    }
    await resume(Math.ceil(count / 4))
    await bench.cut()
    let resumed = 0
    for (let time = 0; time < windows; time += 1) {
      const window = await bench.window(() => resume(count), 'resume')
      resumed += window.cpu / (windows * count)
      await bench.cut()
    }
    return { values: { connect, resume: resumed }, checks: await bench.checks() }
  },
}
