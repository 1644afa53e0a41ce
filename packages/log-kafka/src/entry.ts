import { type LogRecord, type NewRecord, randomEpoch } from '@millrace/log'
import { type AppendedRecord, lossyProperty } from '@millrace/log/engine'
import type { RecordsBatch } from '@platformatic/kafka'
import { problemWith } from './errors.ts'
import type { Message } from './records-batch.ts'

/** What each entry says of the log, so that any of them is enough to know it. */
export interface Standing {
  /** Life of the log that the entry belongs to. */
  readonly epoch: string
  /** From which place on the partition belongs to the log; what lies before was forgotten by `restart`. */
  readonly start: number
  /** Offset of the newest record before the entry; 0 for none. */
  readonly head: number
  /** That one's tag. */
  readonly headTag: string | undefined
}

/**
 * What stands at a place of the partition and counts: a record, or a mark, which says how the log stands and begins or keeps a life.
 *
 * A place is an offset of Kafka's. Each entry names the place that it was written for, and counts only if it stands there: then nothing
 * came between what its writer had read and the entry itself, so it could decide alone on the next offset and on idempotency keys. What
 * stands elsewhere was overtaken, and counts for nobody. Its writer sees so from the answer, and writes it again.
 */
export interface Entry extends Standing {
  readonly place: number
  readonly record: LogRecord | undefined
}

/** What is to be written next to each other, and the entries that it will be where it stands in its place. */
export interface Writing {
  readonly messages: readonly Message[]
  readonly entries: readonly Entry[]
}

const format = '1'
const none = '-'

/** Records, for places from one on. */
export function writingOf(
  records: readonly AppendedRecord[],
  place: number,
  { epoch, start, head, headTag }: Standing,
): Writing {
  const messages: Message[] = []
  const entries: Entry[] = []
  let before: Standing = { epoch, start, head, headTag }
  for (const [index, added] of records.entries()) {
    const { topic, event, version, time, data, key, trace, tag } = added
    const offset = head + index + 1
    // Few headers, for each costs as much as the rest of a small record.
    const headers: [string, string][] = [
      ['millrace', `${standingText('record', place + index, before)} ${tag} ${version} ${time}`],
      ['event', event],
    ]
    if (key !== undefined) headers.push(['key', key])
    if (trace !== undefined) headers.push(['traceparent', trace])
    messages.push({ key: topic, value: data, headers })
    entries.push({
      epoch,
      start,
      head: before.head,
      headTag: before.headTag,
      place: place + index,
      record: { ...added, offset },
    })
    before = { epoch, start, head: offset, headTag: tag }
  }
  return { messages, entries }
}

/** A mark, for a place. */
export function markFor(place: number, standing: Standing): Writing {
  return {
    messages: [{ value: '', headers: [['millrace', standingText('mark', place, standing)]] }],
    entries: [{ ...standing, place, record: undefined }],
  }
}

function standingText(kind: 'record' | 'mark', place: number, standing: Standing): string {
  const { epoch, start, head, headTag = none } = standing
  return `${format} ${kind} ${place} ${epoch} ${start} ${head} ${headTag}`
}

/** What a piece of the partition holds. */
export interface Piece {
  /** What counts in it, in order. */
  readonly entries: readonly Entry[]
  /** The place after its last batch. */
  readonly next: number
  /** When its last batch was written, in milliseconds since 1970; 0 for none. */
  readonly time: number
  /** Whether it has anything that nobody wrote for a log. */
  readonly hasForeign: boolean
}

/** @throws LogEngineError for what a later version wrote */
export function pieceOf(batches: readonly RecordsBatch[], from: number): Piece {
  const entries: Entry[] = []
  let next = from
  let time = 0
  let hasForeign = false
  for (const { firstOffset, lastOffsetDelta, maxTimestamp, attributes, records } of batches) {
    const first = Number(firstOffset)
    next = Math.max(next, first + lastOffsetDelta + 1)
    time = Number(maxTimestamp)
    // What transactions of others leave behind: https://kafka.apache.org/documentation/#controlbatch
    if ((attributes & controlBit) !== 0) continue
    for (const record of records) {
      const place = first + record.offsetDelta
      if (place < from) continue
      const fields = new Map(record.headers.map(([name, value]) => [`${name ?? ''}`, `${value ?? ''}`]))
      const standing = fields.get('millrace')
      if (standing === undefined) hasForeign = true
      else {
        const entry = entryOf(standing, place, fields, `${record.key ?? ''}`, `${record.value ?? ''}`)
        if (entry) entries.push(entry)
      }
    }
  }
  return { entries, next, time, hasForeign }
}

const controlBit = 0b10_0000

function entryOf(
  text: string,
  place: number,
  fields: ReadonlyMap<string, string>,
  topic: string,
  data: string,
): Entry | undefined {
  const [writtenFormat, kind, claim, epoch = '', start, headText, headTag, tag = '', version, time] =
    text.split(' ')
  if (writtenFormat !== format) {
    throw problemWith(
      'foreign',
      'a later version of @millrace/log-kafka wrote this log. Upgrade, or name another one',
    )
  }
  if (Number(claim) !== place) return undefined
  const head = Number(headText)
  const standing: Standing = {
    epoch,
    start: Number(start),
    head,
    headTag: headTag === none ? undefined : headTag,
  }
  if (kind === 'mark') return { ...standing, place, record: undefined }
  const key = fields.get('key')
  const trace = fields.get('traceparent')
  const record: LogRecord = {
    topic,
    event: fields.get('event') ?? '',
    version: Number(version),
    time: Number(time),
    data,
    ...(key !== undefined && { key }),
    ...(trace !== undefined && { trace }),
    offset: head + 1,
    tag,
  }
  return { ...standing, place, record }
}

/** How a log stands that begins at a place. */
export function beginning(place: number): Standing {
  return { epoch: randomEpoch(), start: place, head: 0, headTag: undefined }
}

/** How the log stands after an entry. */
export function standingAfter({ epoch, start, head, headTag, record }: Entry): Standing {
  return record === undefined
    ? { epoch, start, head, headTag }
    : { epoch, start, head: record.offset, headTag: record.tag }
}

/** About how much a record takes in the partition at most, in bytes. */
export function sizeOf({ topic, event, data, key = '', trace = '' }: NewRecord): number {
  const overhead = 200
  // Only of what may be long is it worth asking how much it is in UTF-8, which has three bytes for a character at most.
  const short = topic.length + event.length + key.length + trace.length
  return overhead + 3 * short + Buffer.byteLength(data)
}

/** @throws LogEngineError for a record that Kafka would give back as another one */
export function requireKeepable(record: NewRecord): void {
  const name = lossyProperty(record)
  if (name === undefined) return
  throw problemWith(
    'record',
    `${name} of an event of ${record.topic} has half of a character in it, which text in UTF-8 cannot hold`,
  )
}
