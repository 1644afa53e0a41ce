import { describe, expect, it } from 'vitest'
import { runRange } from './run-range.ts'

// As in simulation.test.ts, with other seeds.
describe('a client whose network, server and page do what they like', () => {
  it.each([10_001, 12_501, 15_001, 17_501])(
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
