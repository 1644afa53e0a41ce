import type { Clock } from './clock.ts'

interface Timer {
  at: number
  readonly task: () => void
}

/** Time that passes only when it is told to. */
export class FakeClock implements Clock {
  readonly #timers = new Set<Timer>()
  readonly #waiting = new Set<() => void>()
  readonly #asking = new Set<() => void>()
  #now = 1_763_683_200_000

  now(): number {
    for (const tell of this.#asking) tell()
    this.#asking.clear()
    return this.#now
  }

  /** Resolves when somebody asks what time it is. */
  asked(): Promise<void> {
    return new Promise((resolve) => this.#asking.add(resolve))
  }

  after(milliseconds: number, task: () => void): () => void {
    const timer = { at: this.#now + milliseconds, task }
    this.#timers.add(timer)
    for (const tell of this.#waiting) tell()
    return () => this.#timers.delete(timer)
  }

  /** How long each timer still has, in milliseconds, the shortest first. */
  get pending(): number[] {
    return [...this.#timers].map(({ at }) => at - this.#now).sort((a, b) => a - b)
  }

  /** Lets time pass, and runs what falls due, in order. */
  advance(milliseconds: number): void {
    const until = this.#now + milliseconds
    for (;;) {
      const [next] = [...this.#timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
      if (next === undefined) break
      this.#timers.delete(next)
      this.#now = Math.max(this.#now, next.at)
      next.task()
    }
    this.#now = until
  }

  /** Puts the clock forward or back. Timers are left as long as they were. */
  shift(milliseconds: number): void {
    this.#now += milliseconds
    for (const timer of this.#timers) timer.at += milliseconds
  }

  /** Resolves once there is a timer of this length. */
  timer(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!this.pending.includes(milliseconds)) return
        this.#waiting.delete(look)
        resolve()
      }
      this.#waiting.add(look)
      look()
    })
  }
}
