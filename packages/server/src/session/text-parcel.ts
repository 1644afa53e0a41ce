import { utf8Length } from '../utf8-length.ts'
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
