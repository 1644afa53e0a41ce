import type { LogRecord, NewRecord } from '@millrace/log'
import { type AppendedRecord, lossyProperty } from '@millrace/log/engine'
import { headers, type MsgHdrs } from '@nats-io/transport-node'
import { problemWith } from './errors.ts'

/** The header that makes a message a record. */
const header = 'Millrace'

/** First word of the header. */
const format = '1'

/** What a message tells beside its record. */
export interface Stored {
  readonly record: LogRecord & { readonly tag: string }
  /** Tag of the record before it, which outlives that one. */
  readonly before: string | undefined
  /** How many records of the same step follow. */
  readonly left: number
}

/** Where a record goes. */
export interface Place extends Pick<Stored, 'before' | 'left'> {}

/** A record's header; its `data` is the payload as it is. */
export function headersOf(record: AppendedRecord, { before, left }: Place): MsgHdrs {
  const { tag, time, version, event, topic, key, trace } = record
  const made = headers()
  const words = [format, tag, before ?? '-', left, time, version, ...[event, topic, key, trace].map(word)]
  made.set(header, words.join(' '))
  return made
}

/** What stands in a message. @throws LogEngineError where that is no record */
export function storedOf(offset: number, given: MsgHdrs | undefined, payload: Uint8Array): Stored {
  const words = given?.get(header).split(' ') ?? []
  const [kind = '', tag = '', before = '', left, time, version, event, topic, key, trace] = words
  if (kind !== format || event === undefined || topic === undefined) {
    throw problemWith(
      'foreign',
      Number(kind) > Number(format)
        ? 'a later version of @millrace/log-nats wrote this log. Upgrade, or name another one'
        : `message ${offset} of the stream is no record: somebody else publishes to its subjects. Remove it (nats stream rmm), or name another log`,
    )
  }
  const { buffer, byteOffset, byteLength } = payload
  const keyText = textOf(key)
  const traceText = textOf(trace)
  return {
    before: before === '-' ? undefined : before,
    left: Number(left),
    record: {
      topic: textOf(topic) ?? '',
      event: textOf(event) ?? '',
      version: Number(version),
      time: Number(time),
      // Unlike a TextDecoder, this keeps a byte order mark.
      data: Buffer.from(buffer, byteOffset, byteLength).toString('utf8'),
      ...(keyText !== undefined && { key: keyText }),
      ...(traceText !== undefined && { trace: traceText }),
      offset,
      tag,
    },
  }
}

/** @param maxPayload The most bytes of a message. @throws LogEngineError for a record that NATS would give back as another one, or not take */
export function requireKeepable(record: NewRecord, maxPayload: number): void {
  const name = lossyProperty(record)
  if (name !== undefined) {
    throw problemWith(
      'record',
      `${name} of an event of ${record.topic} has half of a character in it, which text in UTF-8 cannot hold`,
    )
  }
  if (sizeOf(record) <= maxPayload) return
  throw problemWith(
    'record',
    `an event of ${record.topic} is larger than the server takes (max_payload is ${maxPayload} bytes)`,
  )
}

/** About how many bytes a record needs, and no less. */
export function sizeOf({ topic, event, data, key = '', trace = '' }: NewRecord): number {
  const marks = 512
  // Each character of a header is nine bytes at most.
  return marks + Buffer.byteLength(data) + 9 * (topic.length + event.length + key.length + trace.length)
}

const word = (text: string | undefined) => (text === undefined ? '-' : `+${encodeURIComponent(text)}`)

const textOf = (text: string | undefined) =>
  text === undefined || text === '-' ? undefined : decodeURIComponent(text.slice(1))
