// Below this many empty places, moving the items costs more than the places do.
const minimumSlack = 1024

/** A list that grows at its end and shrinks at its start, both in amortised constant time, with access by index. */
export class Deque<Item> {
  // `Array.prototype.shift` moves every item; here the start moves instead.
  #items: (Item | undefined)[] = []
  #start = 0

  get length(): number {
    return this.#items.length - this.#start
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  /** The item at an index counted from the oldest; `undefined` outside the list. */
  at(index: number): Item | undefined {
    return this.#items[this.#start + index]
  }

  /** A copy of up to `count` items from an index on, which must not be negative. */
  slice(index: number, count: number): Item[] {
    const from = this.#start + index
    // Only places before the start are empty.
    return this.#items.slice(from, from + count) as Item[]
  }

  /** Takes the oldest item away and returns it; `undefined` when there is none. */
  shift(): Item | undefined {
    if (this.length === 0) return undefined
    const item = this.#items[this.#start]
    // Lets the item be collected although its place stays.
    this.#items[this.#start] = undefined
    this.#start += 1
    // Half of the places must be empty first, so each item is moved once for each one taken away.
    if (this.#start >= minimumSlack && this.#start * 2 >= this.#items.length) {
      this.#items = this.#items.slice(this.#start)
      this.#start = 0
    }
    return item
  }
}
