import type { Log } from '../log.ts'
import { surviveTrouble } from './disturbance-tests.ts'
import type { ConformanceRunner, LogHarness } from './harness.ts'
import { stageTests } from './stage.ts'
import { hostileFates, WakeValve } from './wake-valve.ts'

/** Hostile wakes: a wake is a hint, and no promise of a log rests on one. */
export function wakeTests<L extends Log>(harness: LogHarness<L>, runner: ConformanceRunner): void {
  const openWith = harness.openWith?.bind(harness)
  if (openWith === undefined) return
  for (const [name, fate] of Object.entries(hostileFates)) {
    const valve = new WakeValve()
    const test = stageTests({ ...harness, open: () => openWith(valve.wake) }, runner)
    test(`loses, doubles and swaps nothing although ${name}`, (stage) =>
      surviveTrouble(stage, async () => {
        valve.turn(fate())
        return () => valve.turn(undefined)
      }))
  }
}
