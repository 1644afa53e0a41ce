/** Measures how long one turn of the event loop has been used, so that long work can leave the rest to the next. */
export class Slice {
  readonly #length: number
  #end = 0

  /** @param length In milliseconds. */
  constructor(length: number) {
    this.#length = length
  }

  begin(): void {
    this.#end = performance.now() + this.#length
  }

  get isOver(): boolean {
    return performance.now() >= this.#end
  }
}
