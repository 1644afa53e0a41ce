import { expect, it } from 'vitest'
import { runClusterTrial } from './trial.ts'

// The long form, which kills more leaders, is `npm run test:kafka-cluster`.
it('three brokers, of which the leader dies, and then two: each event once and in order, and nobody is told that something is lost', async () => {
  const { faults, published, told, longestRefusal, refusals, reads } = await runClusterTrial(1)
  expect(faults).toEqual([])
  expect(told).toBe(published)
  expect(reads).toBeGreaterThan(0)
  expect(Object.keys(refusals).length).toBeGreaterThan(0)
  // Given up after `timeout`, 5 s, one behind the other.
  expect(longestRefusal).toBeLessThan(15)
}, 600_000)
