import { describe, expect, test } from 'vitest'
import { workloadOf } from '../checks.ts'
import { readConstants } from '../constants.ts'
import { planFor, planWith, reachOfOneLog } from './plan.ts'

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

  test('says so where nothing helps', () => {
    expect(() => planFor(workloadOf(1_000, { rate: 1e12 }), constants)).toThrow('No number of logs')
  })
})
