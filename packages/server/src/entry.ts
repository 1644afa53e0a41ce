import type { LogRecord } from '@millrace/log'
import { encodeFrame, formatCursor } from '@millrace/protocol'

const encoder = new TextEncoder()

/** A record as sessions send it. Its frame is encoded once, when somebody first wants it. */
export class Entry {
  readonly offset: number
  readonly topic: string
  readonly event: string
  /** Memory that it takes, as an upper estimate with its frame, in bytes. */
  readonly size: number
  readonly #epoch: string
  readonly #onError: (error: unknown) => void
  #record: LogRecord | undefined
  #segments: readonly string[] | undefined
  #frame: Uint8Array | undefined

  constructor(epoch: string, record: LogRecord, onError: (error: unknown) => void) {
    this.offset = record.offset
    this.topic = record.topic
    this.event = record.event
    this.size = 512 + 4 * (record.data.length + record.topic.length + record.event.length)
    this.#epoch = epoch
    this.#record = record
    this.#onError = onError
  }

  /** The topic's address, taken apart. */
  get segments(): readonly string[] {
    this.#segments ??= this.topic.split('/')
    return this.#segments
  }

  get frame(): Uint8Array {
    this.#frame ??= this.#encode()
    return this.#frame
  }

  #encode(): Uint8Array {
    const id = formatCursor({ epoch: this.#epoch, offset: this.offset })
    const { event, topic, time, version, data } = this.#record as LogRecord
    this.#record = undefined
    try {
      const frame = { id, event, topic, time, data, ...(version === 1 ? {} : { version }) }
      return encoder.encode(encodeFrame(frame))
    } catch (error) {
      // Whoever wrote that into the log is not a server of ours. It must not end every stream that comes to this place.
      this.#onError(error)
      return encoder.encode(encodeFrame({ id }))
    }
  }
}
