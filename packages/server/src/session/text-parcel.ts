import { utf8Length } from '../utf8-length.ts'
import type { Parcel } from './sink.ts'

const encoder = new TextEncoder()

/** Text for one sink, which is encoded only where the sink takes nothing else. */
export class TextParcel implements Parcel {
  readonly text: string
  readonly length: number
  #bytes: Uint8Array | undefined

  constructor(text: string) {
    this.text = text
    this.length = utf8Length(text)
  }

  get bytes(): Uint8Array {
    this.#bytes ??= encoder.encode(this.text)
    return this.#bytes
  }
}
