import type { Clock } from '../clock.ts'

/** A clock whose tasks can be looked after from outside. */
export interface PokedClock extends Clock {
  /** Runs what is due. */
  poke(): void
}

/**
 * Browsers let the timers of a hidden page run once a second, later once a minute. Messages come at once: those of a tab that is
 * looked at keep the time of a hidden one that leads.
 */
export function createPokedClock(clock: Clock): PokedClock {
  const waiting = new Map<() => void, number>()
  return {
    now: () => clock.now(),
    after(milliseconds, task, holds) {
      const cancelTimer = clock.after(milliseconds, run, holds)
      waiting.set(run, clock.now() + milliseconds)
      function run(): void {
        if (!waiting.has(run)) return
        cancel()
        task()
      }
      function cancel(): void {
        cancelTimer()
        waiting.delete(run)
      }
      return cancel
    },
    poke() {
      const now = clock.now()
      for (const [run, at] of [...waiting]) if (at <= now) run()
    },
  }
}
