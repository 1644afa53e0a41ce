import type { LogRecord, NewRecord } from '@millrace/log'
import { problemWith } from './errors.ts'

// What a record takes in the file beside its text: the numbers, the lengths and its share of half-filled pages. Measured.
const fixedBytes = 64

// SQLite takes 1,000,000,000 bytes for a row, and a character up to three.
const longest = 80_000_000

/** The room that a record takes in the file, as it counts for `maxBytes`. */
export function sizeOf(record: NewRecord): number {
  const { topic, event, data, key = '', trace = '' } = record
  const texts = [topic, event, data, key, trace]
  return texts.reduce((bytes, text) => bytes + Buffer.byteLength(text), fixedBytes)
}

/**
 * A copy that whoever appends it cannot change any more.
 *
 * @throws SqliteLogError (`record`) for what would not come back as it went in. One that SQLite refuses would take
 * the others of its transaction along.
 */
export function checked(record: NewRecord, file: string): NewRecord {
  const { topic, event, version, time, data, key, trace } = record
  checkText('topic', topic, file)
  checkText('event', event, file)
  checkText('data', data, file)
  if (!Number.isFinite(version) || !Number.isFinite(time)) {
    throw problemWith('record', file, "A record's version and time must be finite numbers")
  }
  if (key !== undefined) checkText('key', key, file)
  if (trace !== undefined) checkText('trace', trace, file)
  return withOptional({ topic, event, version, time, data }, key, trace)
}

type Mutable<Item> = { -readonly [Name in keyof Item]: Item[Name] }

function withOptional<Item extends NewRecord>(
  record: Mutable<Item>,
  key: string | null | undefined,
  trace: string | null | undefined,
): Item {
  if (key != null) record.key = key
  if (trace != null) record.trace = trace
  return record
}

function checkText(name: string, text: string, file: string): void {
  if (typeof text !== 'string') throw problemWith('record', file, `A record's ${name} must be text`)
  // Some versions of Node end a text there when they read it.
  if (text.includes('\0')) throw problemWith('record', file, `A record's ${name} holds the character NUL`)
  // UTF-8, in which SQLite keeps a text, has no half characters.
  if (!(text as string & WellFormedText).isWellFormed()) {
    throw problemWith('record', file, `A record's ${name} holds half a character (a lone surrogate)`)
  }
  if (text.length > longest) {
    throw problemWith('record', file, `A record's ${name} is longer than ${longest} characters`)
  }
}

// Of ES2024, which the declarations that this package is checked with do not know yet. Every Node that has SQLite has it.
interface WellFormedText {
  isWellFormed(): boolean
}

/** A row of `records`, as SQLite gives it. */
export interface Row {
  readonly offset: number
  readonly topic: string
  readonly event: string
  readonly version: number
  readonly time: number
  readonly data: string
  readonly key: string | null
  readonly trace: string | null
  readonly tag: string | null
}

/** Frozen, because several tails and readers may be handed the same one. */
export function recordOf({ offset, topic, event, version, time, data, key, trace, tag }: Row): LogRecord {
  const record = withOptional<LogRecord>({ offset, topic, event, version, time, data }, key, trace)
  return Object.freeze(tag === null ? record : Object.assign(record, { tag }))
}
