import type { Clock } from './clock.ts'

interface Task {
  at: number
  readonly period: number | undefined
  readonly run: () => void
}

/** A clock that moves only when a test moves it. */
export class ManualClock implements Clock {
  readonly #tasks = new Set<Task>()
  #now = 1_700_000_000_000

  now(): number {
    return this.#now
  }

  every(milliseconds: number, run: () => void): () => void {
    return this.#schedule(milliseconds, milliseconds, run)
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.#schedule(milliseconds, undefined, run)
  }

  /** How many timers run. */
  get timers(): number {
    return this.#tasks.size
  }

  /** Moves time on, and runs each task when it is due. */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds
    for (let due = this.#due(end); due !== undefined; due = this.#due(end)) {
      this.#now = due.at
      if (due.period === undefined) this.#tasks.delete(due)
      else due.at += due.period
      due.run()
    }
    this.#now = end
  }

  #due(end: number): Task | undefined {
    const [first] = [...this.#tasks].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)
    return first
  }

  #schedule(delay: number, period: number | undefined, run: () => void): () => void {
    const task = { at: this.#now + delay, period, run }
    this.#tasks.add(task)
    return () => void this.#tasks.delete(task)
  }
}
