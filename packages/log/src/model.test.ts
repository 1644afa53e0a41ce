import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { play, type Step, stepsOf } from './conformance/model.ts'
import { Stage } from './conformance/stage.ts'
import { type MemoryLog, memoryLog } from './memory-log.ts'

const place = fc.nat({ max: 200 })
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('append' as const),
      keys: fc.array(fc.option(fc.nat({ max: 6 }), { nil: undefined }), { maxLength: 4 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('read' as const),
      place,
      limit: fc.integer({ min: 1, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('trim' as const), place }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('tail' as const), place }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stop' as const), which: fc.nat({ max: 9 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'wait' as const }) },
)

const harness = {
  open: async () => memoryLog(),
  trim: (log: MemoryLog, keepFrom: number) => log.trim(keepFrom),
}

const run = async (log: MemoryLog, steps: readonly Step[]): Promise<void> => {
  const stage = new Stage(log, 4_000)
  try {
    await play(stage, harness, steps)
    stage.verify()
  } finally {
    await stage.close()
  }
}

describe('the memory log', () => {
  it('behaves like an array, whatever the steps', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), (steps) => run(memoryLog(), steps)),
      { numRuns: 400 },
    )
  })

  it('behaves like an array when each wake comes once, twice or late', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 40 }),
        fc.infiniteStream(fc.nat({ max: 3 })),
        (steps, fates) => {
          const log = memoryLog({
            wake: (look) => {
              const fate = fates.next().value
              if (fate === 1) queueMicrotask(look)
              if (fate <= 1) queueMicrotask(look)
              else setTimeout(look, fate - 2)
            },
          })
          return run(log, steps)
        },
      ),
      { numRuns: 100 },
    )
  })
})

describe('the model', () => {
  it('gives the same steps for the same seed, of every kind', () => {
    expect(stepsOf(1, 60)).toEqual(stepsOf(1, 60))
    expect(stepsOf(1, 60)).not.toEqual(stepsOf(2, 60))
    const kinds = new Set(stepsOf(1, 60).map(({ kind }) => kind))
    expect(kinds).toEqual(new Set(['append', 'read', 'trim', 'tail', 'stop', 'wait']))
  })
})
