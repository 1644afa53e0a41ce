import type { Scenario } from '../scenario.ts'

const connections = 10_000

export const topics: Scenario = {
  name: 'topics',
  title: 'Topics: 10,000 with one subscriber each, and one with 10,000',
  text: `CPU time of the server for each event that reaches a connection, from publishing on. With a topic for each connection every
delivery is a publication of its own, encoded, stored and framed for it alone; with one topic it is shared.`,
  peers: ['millrace', 'millrace-topics'],
  references: { delivery: 'millrace' },
  metrics: { delivery: { title: 'a delivery', unit: 'µs', digits: 2 } },
  generatorCounts: true,
  rounds: 5,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    const many = bench.peer === 'millrace-topics'
    await bench.start()
    await bench.open({ count, concurrency: 64, ...(many ? { step: count } : {}) })
    const rounds = Math.ceil(10 * scale.duration)
    // A tenth of the topics a tick: with one topic, an event a tick for everybody.
    const publish = (times: number) =>
      many
        ? bench.deliver({ ticks: times * 10, events: Math.ceil(count / 10), interval: 10, topics: count }, 1)
        : bench.deliver({ ticks: times, events: 1, interval: 100 }, count)
    await publish(Math.ceil(rounds / 3))
    const window = await bench.window(() => publish(rounds), 'delivery')
    return { values: { delivery: window.cpu / (rounds * count) }, checks: await bench.checks() }
  },
}
