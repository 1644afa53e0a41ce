import { comparable, parseCursor } from '@millrace/protocol'

interface Entry {
  readonly id: string
  done: boolean
}

/** What was delivered and is not acknowledged, and the place before the first of it. */
export class Acknowledgements {
  // In the order in which they came.
  readonly #entries: Entry[] = []
  // Up to where everything is acknowledged.
  #floor: string | undefined
  // Where its subscription stood by itself when the last one came.
  #before: string | undefined
  #begun = false

  /** How many wait for it. */
  get size(): number {
    return this.#entries.length
  }

  /** @param cursor where the subscription stands, before this event */
  deliver(id: string, cursor: string | undefined): void {
    if (!this.#begun) this.#floor = cursor
    this.#begun = true
    this.#before = cursor
    this.#entries.push({ id, done: false })
  }

  /** Does nothing for what does not wait for it. */
  acknowledge(id: string): void {
    const entry = this.#entries.find((entry) => entry.id === id && !entry.done)
    if (!entry) return
    entry.done = true
    while (this.#entries[0]?.done) this.#floor = this.#entries.shift()?.id
  }

  /** @param cursor where the subscription stands by itself */
  cursor(cursor: string | undefined): string | undefined {
    if (!this.#begun) return cursor
    // A loop is done with an event only when it asks for the next one.
    if (this.size > 0 || cursor === this.#before) return this.#floor
    const floor = parseCursor(this.#floor ?? '')
    const own = floor && comparable(parseCursor(cursor ?? ''), floor)
    return floor && own && own.offset < floor.offset ? this.#floor : cursor
  }
}
