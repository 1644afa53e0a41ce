/** A line's bytes, without its line end. */
export interface RawLine {
  readonly text: string
  /** Where it begins, in bytes from the start of the file. */
  readonly byte: number
  /** Bytes left out at its end because the line was longer than the limit. */
  readonly omitted: number
}

const lineFeed = 0x0a
const carriageReturn = 0x0d

/**
 * Cuts the bytes of a file into lines. Bytes are decoded a line at a time, so a UTF-8 sequence that two reads split
 * is whole again by then; what is no UTF-8 becomes U+FFFD. Memory is bounded by the limit, however long a line is.
 */
export class LineSplitter {
  readonly #limit: number
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  #parts: Buffer[] = []
  #held = 0
  #omitted = 0
  #start: number
  #lastOmitted = 0

  /** @param start where in the file the first byte stands; @param limit bytes of a line that are kept */
  constructor(start: number, limit: number) {
    this.#start = start
    this.#limit = limit
  }

  /** Whether a line has begun that no line feed has ended. */
  get pending(): boolean {
    return this.#held + this.#omitted > 0
  }

  /** Takes the next bytes and gives the lines that they end. The bytes are copied. */
  push(chunk: Uint8Array): RawLine[] {
    const lines: RawLine[] = []
    let from = 0
    for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
      this.#hold(chunk.subarray(from, end))
      lines.push(this.#take(0, 1))
      from = end + 1
    }
    this.#hold(chunk.subarray(from))
    return lines
  }

  /**
   * Gives what has come of a line that nothing has ended, as a line of its own. The beginning of a split UTF-8
   * sequence at its end is held for what follows, unless nothing will.
   */
  flush(options: { final: boolean }): RawLine | undefined {
    if (!this.pending) return undefined
    const split = options.final || this.#omitted > 0 ? 0 : splitSequenceAtEnd(Buffer.concat(this.#parts))
    if (split === this.#held) return undefined
    return this.#take(split, 0)
  }

  #hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    const kept = bytes.subarray(0, this.#limit - this.#held)
    if (kept.length > 0) this.#parts.push(Buffer.from(kept))
    this.#held += kept.length
    this.#omitted += bytes.length - kept.length
    if (this.#omitted > 0) this.#lastOmitted = bytes[bytes.length - 1] as number
  }

  #take(left: number, lineEnd: number): RawLine {
    const whole = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts)
    const rest = whole.subarray(whole.length - left)
    let kept = whole.subarray(0, whole.length - left)
    let omitted = this.#omitted
    if (omitted > 0) {
      if (lineEnd > 0 && this.#lastOmitted === carriageReturn) omitted -= 1
      const split = splitSequenceAtEnd(kept)
      kept = kept.subarray(0, kept.length - split)
      omitted += split
    } else if (lineEnd > 0 && kept[kept.length - 1] === carriageReturn) {
      kept = kept.subarray(0, -1)
    }
    const line = { text: this.#decode(kept), byte: this.#start, omitted }
    this.#start += whole.length - left + this.#omitted + lineEnd
    this.#parts = left > 0 ? [Buffer.from(rest)] : []
    this.#held = left
    this.#omitted = 0
    return line
  }

  #decode(bytes: Uint8Array): string {
    // A writer that keeps its place in a file that was emptied under it leaves a hole, which reads as NUL bytes.
    let from = 0
    while (from < bytes.length && bytes[from] === 0) from += 1
    const text = this.#decoder.decode(bytes.subarray(from))
    return this.#start === 0 && text.startsWith('\uFEFF') ? text.slice(1) : text
  }
}

/** How many bytes at the end are the beginning of a UTF-8 sequence whose rest is not there. */
function splitSequenceAtEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) return 0
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0
  }
  return 0
}
