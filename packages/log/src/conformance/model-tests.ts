import type { Log } from '../log.ts'
import type { LogHarness } from './harness.ts'
import { play, stepsOf } from './model.ts'
import { range, type StageTest } from './stage.ts'

/** Long mixed runs against a model. A failure names its seed, and the seed gives the same steps again. */
export function modelTests<L extends Log>(test: StageTest<L>, harness: LogHarness<L>): void {
  for (const seed of range(1, 10)) {
    test(`behaves like an array through 60 mixed steps, seed ${seed}`, async (stage) => {
      await play(stage, harness, stepsOf(seed, 60))
    })
  }
}
