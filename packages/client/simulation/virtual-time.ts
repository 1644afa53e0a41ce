/** Whose timer it is: a computer that sleeps runs none of the client's. */
export type Owner = 'client' | 'server'

export interface Task {
  readonly owner: Owner
  readonly run: () => void
  readonly number: number
  at: number
}

/** Time that passes from task to task, in milliseconds. What is due at the same time runs in the order in which it was asked for. */
export class VirtualTime {
  now = 0
  // The next one stands last.
  readonly #tasks: Task[] = []
  #numbers = 0
  #asleepUntil = 0

  /** When the client does something again. */
  get awakeFrom(): number {
    return Math.max(this.now, this.#asleepUntil)
  }

  after(milliseconds: number, owner: Owner, run: () => void): () => void {
    if (!(milliseconds >= 0)) throw new Error(`A timer of ${milliseconds} ms`)
    const at = this.now + milliseconds
    const task = { owner, run, number: this.#numbers++, at }
    if (owner === 'client') task.at = Math.max(at, this.#asleepUntil)
    this.#insert(task)
    return () => {
      const place = this.#tasks.indexOf(task)
      if (place >= 0) this.#tasks.splice(place, 1)
    }
  }

  /** Runs the next task. Answers `false` when there is none up to a time. */
  step(until: number): boolean {
    const next = this.#tasks.at(-1)
    if (next === undefined || next.at > until) return false
    this.#tasks.pop()
    this.now = Math.max(this.now, next.at)
    next.run()
    return true
  }

  /**
   * The client's computer sleeps.
   *
   * @param frozen whether its timers go on where they were; otherwise those that fell due meanwhile run as it wakes up
   */
  sleep(milliseconds: number, frozen: boolean): void {
    const wakesAt = Math.max(this.#asleepUntil, this.now + milliseconds)
    // As much as it sleeps longer than it would have.
    const longer = wakesAt - this.awakeFrom
    this.#asleepUntil = wakesAt
    const asleep = this.#tasks.filter(({ owner }) => owner === 'client')
    for (const task of asleep) {
      this.#tasks.splice(this.#tasks.indexOf(task), 1)
      task.at = frozen ? task.at + longer : Math.max(task.at, wakesAt)
    }
    for (const task of asleep) this.#insert(task)
  }

  #insert(task: Task): void {
    let place = this.#tasks.length
    while (place > 0 && isBefore(this.#tasks[place - 1] as Task, task)) place -= 1
    this.#tasks.splice(place, 0, task)
  }
}

function isBefore(one: Task, other: Task): boolean {
  return one.at < other.at || (one.at === other.at && one.number < other.number)
}
