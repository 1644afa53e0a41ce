import { describe, expect, test } from 'vitest'
import { workloadOf } from '../checks.ts'
import { placeBytes, readConstants } from '../constants.ts'
import { nextLimit, planFor, planWith, reachOfOneLog } from './plan.ts'

const constants = readConstants()
const bears = (plan: ReturnType<typeof planWith>) => plan?.limits.every(({ used, limit }) => used <= limit)

describe('a plan', () => {
  test.each([1_000, 100_000, 10_000_000])(
    'for %i streams keeps to every limit, with a log less it does not',
    (connections) => {
      const workload = workloadOf(connections)
      const plan = planFor(workload, constants)
      expect(bears(plan)).toBe(true)
      expect(plan.nodes * plan.connectionsPerNode).toBeCloseTo(connections)
      if (plan.logs > 1) expect(bears(planWith(plan.logs - 1, workload, constants))).not.toBe(true)
    },
  )

  test('adds up what a node does', () => {
    const { processor } = planFor(workloadOf(1_000_000), constants)
    const { deliveries, tail, heartbeats, reconnects, all } = processor
    expect(deliveries + tail + heartbeats + reconnects).toBeCloseTo(all)
  })

  test('takes a log until it is full, whichever engine it is', () => {
    for (const engine of ['redis', 'postgres'] as const) {
      const workload = workloadOf(1_000, { engine })
      const reach = reachOfOneLog(workload, constants)
      expect(planFor(workloadOf(reach, { engine }), constants).logs).toBe(1)
      expect(planFor(workloadOf(1.02 * reach, { engine }), constants).logs).toBeGreaterThan(1)
    }
  })

  test('needs more nodes where a stream gets more, and more logs where more is published', () => {
    const plan = planFor(workloadOf(100_000), constants)
    const more = planFor(workloadOf(100_000, { fanOut: 1_000 }), constants)
    const published = planFor(workloadOf(100_000, { rate: 100_000, fanOut: 1 }), constants)
    expect(more.nodes).toBeGreaterThan(plan.nodes)
    expect(published.logs).toBeGreaterThan(plan.logs)
  })

  test('bears more with a second shard, and with more than nodes can follow less again', () => {
    const reach = (shards: number) => reachOfOneLog(workloadOf(1_000, { shards }), constants)
    expect(reach(2)).toBeGreaterThan(1.2 * reach(1))
    // Each of them has to be read, whatever it brings.
    expect(reach(32)).toBeLessThan(reach(2))
    const { engines, logs, limits } = planFor(workloadOf(reach(32), { shards: 32 }), constants)
    expect(engines).toBe(32 * logs)
    expect(nextLimit({ limits }).name).toBe('core of a node for following its log')
  })

  test('has more to send where streams read several shards, and nothing more where they read one', () => {
    const plan = (topicsPerStream: number, shards: number) =>
      planFor(workloadOf(10_000, { shards, topicsPerStream }), constants)
    const beside = (places: number) => plan(1e9, places).egress.all - plan(1, places).egress.all
    expect(plan(1e9, 4).places).toBeCloseTo(4)
    expect(plan(1, 4).egress).toMatchObject({ all: plan(1, 1).egress.all })
    // Of events that reach ten streams each, and of heartbeats.
    expect(beside(4)).toBeCloseTo(3 * placeBytes * (10_000 + 10_000 / 15), 0)
    expect(plan(1e9, 4).processor.deliveries).toBeGreaterThan(plan(1, 4).processor.deliveries)
    expect(plan(1e9, 4).memory).toBeGreaterThan(plan(1, 4).memory)
  })

  test('says so where nothing helps', () => {
    expect(() => planFor(workloadOf(1_000, { rate: 1e12 }), constants)).toThrow('No number of logs')
  })
})
