const byteOrderMark = 0xfeff
// `ignoreBOM` means that the decoder leaves the mark in the text, so that exactly one can be taken away here.
const options = { ignoreBOM: true } as const
const streaming = { stream: true } as const
const wholeDecoder = new TextDecoder('utf-8', options)

/** Turns the chunks of one byte stream into text: UTF-8 whatever was declared, invalid bytes as U+FFFD. */
export class Utf8Stream {
  #splitDecoder: InstanceType<typeof TextDecoder> | undefined
  #midCharacter = false
  #beginning = true

  /** The text that a chunk completes. A character may be split between chunks at any byte. */
  decode(chunk: Uint8Array): string {
    const text = this.#decodeBytes(chunk)
    if (!this.#beginning || text === '') return text
    this.#beginning = false
    // [spec] The UTF-8 decode algorithm strips one leading UTF-8 Byte Order Mark (BOM), if any.
    return text.charCodeAt(0) === byteOrderMark ? text.slice(1) : text
  }

  #decodeBytes(chunk: Uint8Array): string {
    if (chunk.length === 0) return ''
    const endsInCharacter = (chunk[chunk.length - 1] as number) >= 0x80
    // From one ASCII byte to another there is nothing to carry over, and engines decode whole text much faster.
    if (!endsInCharacter && !this.#midCharacter) return wholeDecoder.decode(chunk)
    this.#midCharacter = endsInCharacter
    this.#splitDecoder ??= new TextDecoder('utf-8', options)
    return this.#splitDecoder.decode(chunk, streaming)
  }
}
