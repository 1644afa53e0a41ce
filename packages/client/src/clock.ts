/** Time, as the client sees it. A test can hand in its own. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /**
   * Runs a task once, and returns what cancels it.
   *
   * @param holds whether a process is to stay alive for it. @default false
   */
  after(milliseconds: number, task: () => void, holds?: boolean): () => void
}

// A computer that sleeps stops its timers, but not the time. So no timer is longer, and what is left is reckoned anew after each.
const longestTimer = 5_000

/** The clock of the runtime. Looked up at each call, so that faked globals count. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task, holds) {
    let timer: unknown
    const wait = (left: number) => {
      const length = Math.min(left, longestTimer)
      const begun = Date.now()
      timer = setTimeout(() => {
        // A clock may also be put back.
        const rest = left - Math.max(length, Date.now() - begun)
        if (rest > 0) wait(rest)
        else task()
      }, length)
      if (!holds) letExit(timer)
    }
    wait(milliseconds)
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0])
  },
}

/** A number from 0 up to 1. */
export const systemRandom = (): number => Math.random()

// Node's timers are objects that hold the process; those of browsers and workers are numbers that do not.
function letExit(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
