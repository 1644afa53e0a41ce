/**
 * Does one thing over and over, but never twice at once. Who asks while it is being done gets the next time, together with all others who
 * ask meanwhile: so what is resolved with was always begun after it was asked for.
 */
export class Turns<Value> {
  readonly #task: () => Promise<Value>
  #current: Promise<unknown> = Promise.resolve()
  #next: Promise<Value> | undefined

  constructor(task: () => Promise<Value>) {
    this.#task = task
  }

  take(): Promise<Value> {
    if (this.#next) return this.#next
    const begin = (): Promise<Value> => {
      this.#next = undefined
      return this.#task()
    }
    this.#next = this.#current.then(begin, begin)
    this.#current = this.#next
    return this.#next
  }
}
