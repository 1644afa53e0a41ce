import { afterEach, describe } from 'vitest'
import { crowdTests } from './crowd-tests.ts'
import { cutTests } from './cut-tests.ts'
import { lossTests } from './loss-tests.ts'
import { outageTests } from './outage-tests.ts'
import type { TroubleHarness } from './trouble-harness.ts'
import { TroubleStage } from './trouble-stage.ts'

/** How long a test may take, in milliseconds: an engine may have to begin again, on a machine that is busy. */
const patience = 120_000

/**
 * Declares what must hold of a log, and of a server on it, whose engine is in trouble: the same on each engine. The conformance suite has what its tails
 * and reads tell; this has what an application and its subscribers notice.
 */
export function describeTrouble(name: string, harness: TroubleHarness): void {
  const stage = new TroubleStage(harness)
  afterEach(() => stage.clear())

  describe(`${name}, an engine in trouble`, { timeout: patience }, () => {
    outageTests(stage)
    cutTests(stage)
    lossTests(stage)
    crowdTests(stage)
  })
}
