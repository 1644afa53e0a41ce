import type { LineEntry } from './entry.ts'

/**
 * Tells whether an earlier line is one that the page has already. A server that was started anew reads the ends of its
 * files again; a line is the same when the same text stands in the same place of the same file.
 */
export class KnownLines {
  readonly #limit: number
  readonly #known = new Map<string, Map<number, string>>()

  /** @param limit lines that are remembered of each file, at least as many as the server reads again */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Remembers a line; `false` when it was known and is read again. */
  add(line: LineEntry): boolean {
    let known = this.#known.get(line.file)
    if (known === undefined) {
      known = new Map()
      this.#known.set(line.file, known)
    }
    if (line.earlier && known.get(line.byte) === line.text) return false
    known.delete(line.byte)
    known.set(line.byte, line.text)
    const oldest = known.keys().next()
    if (known.size > this.#limit && !oldest.done) known.delete(oldest.value)
    return true
  }
}
