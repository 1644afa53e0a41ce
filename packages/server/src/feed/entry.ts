import { type LogRecord, positionOf } from '@millrace/log'
import { controlEvent, encodeFrame, type Frame, formatCursor, type Position } from '@millrace/protocol'
import type { Meter } from '../telemetry/meter.ts'
import { readTraceparent } from '../telemetry/trace-context.ts'
import { utf8Length } from '../utf8-length.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** What all entries have in common. */
export interface EntryOptions {
  readonly meter: Pick<Meter, 'traffic'>
  readonly onError: (error: unknown) => void
}

/** A record as sessions send it. Its frame is encoded once, when somebody first wants it. */
export class Entry {
  readonly epoch: string
  readonly offset: number
  /** The record's, in logs that have them. */
  readonly tag: string | undefined
  readonly topic: string
  readonly event: string
  /** Whether it says that its topic is complete. */
  readonly isEnd: boolean
  /** Whether it came after its topic was complete, or into another shard than its topic's, and so is for nobody. */
  readonly late: boolean
  /** Memory that it takes, as an upper estimate with its frame, in bytes. */
  readonly size: number
  readonly #options: EntryOptions
  #record: LogRecord | undefined
  #segments: readonly string[] | undefined
  // The frame, first as text and then, if somebody wants it so, as bytes.
  #text: string | undefined
  #frame: Uint8Array | undefined
  #length = 0

  constructor(epoch: string, record: LogRecord, options: EntryOptions, late = false) {
    this.offset = record.offset
    this.tag = record.tag
    this.topic = record.topic
    this.event = record.event
    this.isEnd = record.event === controlEvent.end
    this.late = late
    const { data, topic, event, trace } = record
    this.size = 512 + 4 * (data.length + topic.length + event.length + (trace?.length ?? 0))
    this.epoch = epoch
    this.#record = record
    this.#options = options
  }

  /** The topic's address, taken apart. */
  get segments(): readonly string[] {
    this.#segments ??= this.topic.split('/')
    return this.#segments
  }

  /** The place after it. */
  get position(): Position {
    return positionOf(this.epoch, this)
  }

  /** Length of the frame, in bytes. */
  get length(): number {
    this.#encodeOnce()
    return this.#length
  }

  /** The frame as text. */
  get text(): string {
    this.#encodeOnce()
    return this.#text ?? decoder.decode(this.#frame)
  }

  /** The frame as text, with other places behind its own. */
  textWith(places: string): string {
    const { text } = this
    // Its first line is its id.
    const end = text.indexOf('\n')
    return text.slice(0, end) + places + text.slice(end)
  }

  get frame(): Uint8Array {
    this.#encodeOnce()
    if (this.#frame === undefined) {
      this.#frame = encoder.encode(this.#text)
      this.#text = undefined
    }
    return this.#frame
  }

  #encodeOnce(): void {
    if (this.#record === undefined) return
    this.#text = this.#encode(this.#record)
    this.#record = undefined
    this.#length = utf8Length(this.#text)
    this.#options.meter.traffic.encoded += 1
  }

  #encode({ event, topic, time, version, data, trace }: LogRecord): string {
    const id = formatCursor(this.position)
    // Others may write into the log, too.
    const traceparent = readTraceparent(trace)
    const frame: { -readonly [Name in keyof Frame]: Frame[Name] } = { id, event, topic, time, data }
    if (version !== 1) frame.version = version
    if (traceparent !== undefined) frame.trace = traceparent
    try {
      return encodeFrame(frame)
    } catch (error) {
      // Whoever wrote that into the log is not a server of ours. It must not end every stream that comes to this place.
      this.#options.onError(error)
      return encodeFrame({ id })
    }
  }
}
