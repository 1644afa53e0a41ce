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

// Beyond it, `setTimeout` fires at once.
const longestTimer = 2 ** 31 - 1

/** The clock of the runtime. Looked up at each call, so that faked globals count. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(milliseconds, task, holds = false) {
    const timer: unknown = setTimeout(task, Math.min(milliseconds, longestTimer))
    if (!holds) letExit(timer)
    return () => clearTimeout(timer as Parameters<typeof clearTimeout>[0])
  },
}

/** A number from 0 up to 1. */
export const systemRandom = (): number => Math.random()

// Node's timers are objects that hold the process; those of browsers and workers are numbers that do not.
function letExit(timer: unknown): void {
  ;(timer as { unref?(): void }).unref?.()
}
