import { describe, expect, it } from 'vitest'
import { drawScenario } from './draw-scenario.ts'
import { runRange } from './run-range.ts'
import { simulate } from './simulate.ts'

// Half of them; the other half is in simulation-further.test.ts, so that two processors share them.
describe('a client whose network, server and page do what they like', () => {
  it.each([1, 2_501, 5_001, 7_501])(
    'keeps every promise in the scenarios from %i on',
    {
      timeout: 300_000,
    },
    async (first) => {
      const { failed } = await runRange(first, 2_500)
      expect(failed).toEqual([])
    },
  )
})

describe('a scenario', () => {
  it('goes the same way each time', async () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const once = await simulate(drawScenario(seed), true)
      const again = await simulate(drawScenario(seed), true)
      expect(again.trace).toEqual(once.trace)
      expect(once.trace.length).toBeGreaterThan(5)
    }
  })
})
