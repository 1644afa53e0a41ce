/** How many values fell where, since the beginning. */
export interface HistogramStats {
  /** Upper ends of the buckets, themselves included, ascending. */
  readonly bounds: readonly number[]
  /** Values in each bucket; one bucket more than there are bounds, for what is above them all. */
  readonly counts: readonly number[]
  /** All values together. */
  readonly sum: number
}

/** Sorts values into buckets. */
export class Histogram {
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0

  /** @param bounds upper ends of the buckets, ascending */
  constructor(bounds: readonly number[]) {
    this.#bounds = bounds
    this.#counts = new Array<number>(bounds.length + 1).fill(0)
  }

  /** Takes a value. One that is no number would spoil the sum for good, and is left out. */
  record(value: number): void {
    if (!Number.isFinite(value)) return
    const found = this.#bounds.findIndex((bound) => value <= bound)
    const bucket = found === -1 ? this.#bounds.length : found
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1
    this.#sum += value
  }

  read(): HistogramStats {
    return { bounds: this.#bounds, counts: [...this.#counts], sum: this.#sum }
  }
}
