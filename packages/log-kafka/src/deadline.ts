import { problemWith } from './errors.ts'

/** The end of a time that something may take. */
export class Deadline {
  readonly #timeout: number
  readonly #end: number

  constructor(timeout: number) {
    this.#timeout = timeout
    this.#end = performance.now() + timeout
  }

  /** @throws LogEngineError when the time is over */
  check(why: string, cause?: unknown): void {
    if (performance.now() > this.#end) throw this.#error(why, cause)
  }

  /** Waits no longer than there is time. What is waited for goes on. */
  async race<Value>(answer: Promise<Value>, why: string): Promise<Value> {
    let timer: NodeJS.Timeout | undefined
    const end = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(this.#error(why)), Math.max(0, this.#end - performance.now()))
    })
    try {
      return await Promise.race([answer, end])
    } finally {
      clearTimeout(timer)
    }
  }

  #error(why: string, cause?: unknown): Error {
    return problemWith('timeout', `nothing came of it within ${this.#timeout} ms: ${why}`, cause)
  }
}
