import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { Tally } from './run-range.ts'

/** What a long run has done so far, in a file of one line for each range, so that one that was ended can go on. */
export class KeptTallies {
  readonly #file: string | undefined
  readonly #tallies = new Map<number, Tally>()

  /** @param file nothing is kept without one */
  constructor(file: string | undefined) {
    this.#file = file
    if (file === undefined || !existsSync(file)) return
    const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean)
    for (const line of lines) {
      const { from, ...tally } = JSON.parse(line) as Tally & { readonly from: number }
      this.#tallies.set(from, tally)
    }
  }

  /** That of the range which begins with a seed. */
  of(from: number): Tally | undefined {
    return this.#tallies.get(from)
  }

  add(from: number, tally: Tally): void {
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify({ from, ...tally })}\n`)
  }
}
