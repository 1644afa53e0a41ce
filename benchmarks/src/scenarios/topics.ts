import type { ServerScenario } from '../scenario.ts'

const connections = 10_000

export const topics: ServerScenario = {
  name: 'topics',
  subject: 'server',
  title: 'Topics: 10,000 with one subscriber each, and one with 10,000',
  text: `CPU time of the server for each event that reaches a connection, from publishing on. With a topic for each connection every
delivery is a publication of its own, encoded, stored and framed for it alone; with one topic it is shared. Beyond publishing: without
what the same events take, in the same batches, on as many topics that nobody subscribes to.`,
  peers: ['millrace', 'millrace-topics'],
  references: { delivery: 'millrace', beyond: 'millrace' },
  metrics: {
    delivery: { title: 'a delivery', unit: 'µs', digits: 2 },
    beyond: { title: 'beyond publishing', unit: 'µs', digits: 2 },
  },
  generatorCounts: true,
  rounds: 5,
  async measure(bench, scale) {
    const count = Math.ceil(connections * scale.connections)
    const many = bench.peer === 'millrace-topics'
    await bench.start()
    await bench.open({ count, concurrency: 64, ...(many ? { step: count } : {}) })
    const rounds = Math.ceil(10 * scale.duration)
    // A tenth of the topics a tick: with one topic, an event a tick for everybody.
    const batches = (times: number) =>
      many
        ? { ticks: times * 10, events: Math.ceil(count / 10), interval: 10, topics: count }
        : { ticks: times, events: 1, interval: 100 }
    const publish = (times: number) => bench.deliver(batches(times), many ? 1 : count)
    const publishUnheard = (times: number) =>
      bench.server.call('publish', { topics: 1, ...batches(times), firstTopic: count })
    await publish(Math.ceil(rounds / 3))
    const window = await bench.window(() => publish(rounds), 'delivery')
    // Last, because the events that arrive are numbered.
    await publishUnheard(Math.ceil(rounds / 3))
    const unheard = await bench.window(() => publishUnheard(rounds))
    const perDelivery = (cpu: number) => cpu / (rounds * count)
    return {
      values: { delivery: perDelivery(window.cpu), beyond: perDelivery(window.cpu - unheard.cpu) },
      checks: await bench.checks(),
    }
  },
}
