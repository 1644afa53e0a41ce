import type { Log } from '../log.ts'
import { appendTests } from './append-tests.ts'
import { closeTests } from './close-tests.ts'
import { disturbanceTests } from './disturbance-tests.ts'
import type { ConformanceRunner, LogHarness } from './harness.ts'
import { idempotencyTests } from './idempotency-tests.ts'
import { joinTests } from './join-tests.ts'
import { modelTests } from './model-tests.ts'
import { payloadTests } from './payload-tests.ts'
import { raceTests } from './race-tests.ts'
import { readTests } from './read-tests.ts'
import { resetTests } from './reset-tests.ts'
import { rollbackTests } from './rollback-tests.ts'
import { stageTests } from './stage.ts'
import { tailTests } from './tail-tests.ts'
import { withoutTags } from './untagged-log.ts'
import { wakeTests } from './wake-tests.ts'

/**
 * Declares the suite that defines a log. Each test opens a log of its own and closes it.
 *
 * @param name What the log is called in the report.
 * @param harness How to open the log, and what can be done to its engine.
 * @param runner The test runner's own `describe` and `it`.
 */
export function describeLog<L extends Log>(
  name: string,
  harness: LogHarness<L>,
  runner: ConformanceRunner,
): void {
  runner.describe(name, () => {
    // Generic twice, because a log without its tags is of another type.
    if (harness.tags === true) describeGroups(withoutTags(harness), runner)
    else describeGroups(harness, runner)
    if (harness.backUp === undefined) return
    runner.describe('rollback', () => rollbackTests(stageTests(harness, runner), harness))
  })
}

function describeGroups<L extends Log>(harness: LogHarness<L>, runner: ConformanceRunner): void {
  const test = stageTests(harness, runner)
  const groups: Record<string, () => void> = {
    append: () => appendTests(test, harness),
    read: () => readTests(test, harness),
    idempotency: () => idempotencyTests(test, harness),
    payloads: () => payloadTests(test),
    tail: () => tailTests(test),
    reset: () => resetTests(test, harness),
    join: () => joinTests(test, harness),
    close: () => closeTests(test),
    model: () => modelTests(test, harness),
    races: () => raceTests(harness, runner),
    wakes: () => wakeTests(harness, runner),
    disturbances: () => disturbanceTests(test, harness),
  }
  for (const [group, declare] of Object.entries(groups)) {
    // A group without tests fails in several runners.
    if (group === 'join' && harness.join === undefined) continue
    if (group === 'wakes' && harness.openWith === undefined) continue
    if (group === 'disturbances' && harness.disturbances === undefined) continue
    runner.describe(group, declare)
  }
}
