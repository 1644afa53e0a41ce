/** What a subscriber has seen of numbered lines, and where that was not the next number. */
export class Sequence {
  /** What was lost, came twice or too early, and whatever else a subscriber ought not to be told. */
  readonly faults: string[] = []
  readonly #last = new Map<string, number>()
  #offset = 0
  #epoch: string | undefined

  /** @param id the cursor that the event came with */
  take(line: string, number: number, id: string): void {
    const expected = this.last(line) + 1
    if (number !== expected) this.faults.push(`${line}: ${number} instead of ${expected}, at ${id}`)
    this.#last.set(line, number)
    const [epoch = '', offset = Number.NaN] = splitCursor(id)
    if (epoch !== (this.#epoch ?? epoch) || !(offset > this.#offset)) {
      this.faults.push(`${id} after ${this.#epoch}.${this.#offset}`)
    }
    this.#epoch = epoch
    this.#offset = offset
  }

  /** The last number of a line; 0 before the first. */
  last(line: string): number {
    return this.#last.get(line) ?? 0
  }
}

function splitCursor(id: string): [string, number] {
  const [epoch = '', offset = ''] = id.split('.')
  return [epoch, Number.parseInt(offset, 10)]
}
