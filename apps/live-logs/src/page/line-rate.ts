/** Lines of one second. */
export interface RateBar {
  readonly lines: number
  /** Those among them that are errors. */
  readonly errors: number
}

/** Counts lines by second, for the last so many seconds. Times are in milliseconds. */
export class LineRate {
  readonly #seconds: number
  readonly #bars: { lines: number; errors: number }[]
  #latest: number

  constructor(seconds: number, now: number) {
    this.#seconds = seconds
    this.#bars = Array.from({ length: seconds }, () => ({ lines: 0, errors: 0 }))
    this.#latest = Math.floor(now / 1000)
  }

  /** Counts lines of a moment; those of long ago do not count, and those of a clock ahead of ours count as of now. */
  add(lines: number, errors: number, time: number, now: number): void {
    this.#moveTo(now)
    const ago = Math.max(0, this.#latest - Math.floor(time / 1000))
    const bar = this.#bars[this.#seconds - 1 - ago]
    if (bar === undefined) return
    bar.lines += lines
    bar.errors += errors
  }

  /** Oldest first; the last one is the second that is not over yet. */
  bars(now: number): readonly RateBar[] {
    this.#moveTo(now)
    return this.#bars
  }

  /** Lines a second, over the last five whole seconds. */
  perSecond(now: number): number {
    const recent = this.bars(now).slice(-6, -1)
    return recent.reduce((sum, bar) => sum + bar.lines, 0) / recent.length
  }

  #moveTo(now: number): void {
    const second = Math.floor(now / 1000)
    for (let missing = Math.min(second - this.#latest, this.#seconds); missing > 0; missing -= 1) {
      this.#bars.shift()
      this.#bars.push({ lines: 0, errors: 0 })
    }
    this.#latest = Math.max(this.#latest, second)
  }
}
