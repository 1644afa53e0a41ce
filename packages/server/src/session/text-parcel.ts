import type { Parcel } from './sink.ts'

const encoder = new TextEncoder()

/** Text for one sink, which is encoded only where the sink takes nothing else. */
export class TextParcel implements Parcel {
  readonly text: string
  readonly length: number

  constructor(text: string) {
    this.text = text
    this.length = utf8Length(text)
  }

  get bytes(): Uint8Array {
    return encoder.encode(this.text)
  }
}

// [UTF-8] Of UTF-16: one to three bytes a unit, and four for the two of a pair. A lone one becomes U+FFFD, which has three as well.
function utf8Length(text: string): number {
  let length = text.length
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) continue
    length += unit < 0x800 ? 1 : 2
    if (unit < 0xd800 || unit > 0xdbff) continue
    const next = text.charCodeAt(index + 1)
    // Counted with the first one.
    if (next >= 0xdc00 && next <= 0xdfff) index += 1
  }
  return length
}
