import type { ServerScenario } from '../scenario.ts'

const events = 100_000
const topics = 1_000

export const unheard: ServerScenario = {
  name: 'unheard',
  subject: 'server',
  title: 'Unheard: 100,000 events that nobody subscribes to',
  text: 'CPU time of publishing an event on one of a thousand topics without a subscriber, in all and beyond checking and encoding it.',
  peers: ['millrace'],
  references: {},
  metrics: {
    all: { title: 'in all', unit: 'µs', digits: 2 },
    beyond: { title: 'beyond encoding', unit: 'µs', digits: 2 },
  },
  generatorCounts: false,
  rounds: 5,
  async measure(bench, scale) {
    await bench.start()
    await bench.open({ count: 1, concurrency: 1 })
    const count = Math.ceil(events * scale.duration)
    await bench.server.call('publishAtOnce', { events: Math.ceil(count / 3), topics })
    let all = Number.NaN
    await bench.window(async () => {
      all = await bench.server.call('publishAtOnce', { events: count, topics })
    }, 'publish')
    const encoding = await bench.server.call('encodeAtOnce', { events: count })
    return { values: { all, beyond: all - encoding }, checks: await bench.checks() }
  },
}
