/** Time, as the server sees it. A test can hand in its own. */
export interface Clock {
  /** Milliseconds since 1970; only whole ones count. */
  now(): number
  /** Runs a task again and again, and returns what stops it. It keeps no process alive. */
  every(milliseconds: number, task: () => void): () => void
  /** Runs a task once, and returns what cancels it. It keeps no process alive. */
  after(milliseconds: number, task: () => void): () => void
}

/** The clock of the runtime. Looked up at each call, so that faked globals count. */
export const systemClock: Clock = {
  now: () => Date.now(),
  every(milliseconds, task) {
    const timer = setInterval(task, milliseconds)
    letExit(timer)
    return () => clearInterval(timer)
  },
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds)
    letExit(timer)
    return () => clearTimeout(timer)
  },
}

// Node's timers are objects that hold the process; those of browsers and workers are numbers that do not.
function letExit(timer: unknown): void {
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref()
}
