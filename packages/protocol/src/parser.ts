import { readDigits } from './digits.ts'
import { FieldBag } from './field-bag.ts'
import type { SseItem, SseMessage } from './sse-item.ts'
import { SseLimitError } from './sse-limit-error.ts'
import { Utf8Stream } from './utf8-stream.ts'

export interface SseParserOptions {
  /**
   * The id that the stream was resumed from. The standard starts each stream with an empty one, so that a
   * first block without an id would wipe the cursor.
   * @default ''
   */
  readonly lastEventId?: string
  /**
   * Names of further fields to collect; all others are skipped without being held.
   * @default []
   */
  readonly extensionFields?: readonly string[]
  /**
   * The longest line of a known field, in UTF-16 code units.
   * @default 8_388_608
   */
  readonly maxLineLength?: number
  /**
   * The longest data of one event, in UTF-16 code units.
   * @default 16_777_216
   */
  readonly maxEventLength?: number
  /** Told the reconnection time, at most `Number.MAX_SAFE_INTEGER`: when its line is read, not at the blank line. Must not throw. */
  readonly onRetry?: (milliseconds: number) => void
}

type PartialLine = 'none' | 'undecided' | 'wanted' | 'ignored'

const lineFeedCode = 10
const space = 32
const colon = 58
const standardFields: readonly string[] = ['data', 'event', 'id', 'retry']
// [spec] If the event type buffer is a value other than the empty string, change the type; else it is `message`.
const defaultEvent = 'message'
const noFields: FieldBag = Object.freeze(new FieldBag())

/** A block as far as it is read; at its blank line, the event that it was. */
interface Block {
  event: string
  data: string | undefined
  lastEventId: string
  fields: FieldBag
  time: number | undefined
}

/**
 * An incremental parser of Server-Sent Events (HTML standard, §9.2.6): bytes in, events out, each when it is asked for. One parser
 * reads one stream; an event that the end of the stream cuts off is discarded by dropping the parser.
 */
export class SseParser {
  readonly #onRetry: SseParserOptions['onRetry']
  readonly #extensionFields: readonly string[]
  readonly #maxLineLength: number
  readonly #maxEventLength: number
  readonly #bytes = new Utf8Stream()

  #failed = false
  // The id buffer, which a block begins with as well.
  #lastEventId: string

  // What is read, from where, and the next line ends of either kind: each search goes on only from where it last found
  // something, so a chunk is scanned once.
  #text = ''
  #start = 0
  #lineFeed = -1
  #carriageReturn = -1

  // The line that the last chunk left unfinished.
  #partial = ''
  #partialLine: PartialLine = 'none'
  #skipLineFeed = false
  #nul = false

  // The block that the last chunk left unfinished.
  #block: Block | undefined
  #hasId = false

  /** @throws TypeError when an extension field's name is a standard one, or cannot be a field's name. */
  constructor(options: SseParserOptions = {}) {
    const {
      lastEventId = '',
      extensionFields = [],
      maxLineLength = 2 ** 23,
      maxEventLength = 2 ** 24,
      onRetry,
    } = options
    for (const name of extensionFields) {
      if (standardFields.includes(name) || !/^[^:\r\n]+$/.test(name)) {
        throw new TypeError(`"${name}" cannot be an extension field`)
      }
    }
    this.#onRetry = onRetry
    this.#extensionFields = [...extensionFields]
    this.#maxLineLength = maxLineLength
    this.#maxEventLength = maxEventLength
    this.#lastEventId = lastEventId
  }

  /** The id to resume from: the one that a blank line committed last, else the one that the stream began at. */
  get lastEventId(): string {
    return this.#lastEventId
  }

  /** Takes the stream's next bytes, split anywhere. Does nothing once the parser has failed. */
  push(chunk: Uint8Array): void {
    const text = this.#bytes.decode(chunk)
    this.#nul ||= text.includes('\0')
    if (text === '' || this.#failed) return
    const start = this.#skipLineFeed && text.charCodeAt(0) === lineFeedCode ? 1 : 0
    this.#skipLineFeed = false
    // Mostly nothing is left to be read.
    this.#begin(this.#text.slice(this.#start) + text, start)
  }

  /**
   * The next event, or the id of a block without one; `undefined` when what was taken completes none. It is read now and not before.
   *
   * @throws SseLimitError when a line or an event grows beyond its limit; the parser has failed then, and reads nothing more.
   */
  next(): SseItem | undefined {
    const text = this.#text
    let start = this.#start
    let lineFeed = this.#lineFeed
    let carriageReturn = this.#carriageReturn
    let continued = this.#partialLine !== 'none'
    let block = this.#block ?? this.#newBlock()
    this.#block = undefined
    // [spec] Lines must be separated by either a U+000D CARRIAGE RETURN U+000A LINE FEED (CRLF) character pair, a
    // single U+000A LINE FEED (LF) character, or a single U+000D CARRIAGE RETURN (CR) character.
    while (lineFeed !== -1 || carriageReturn !== -1) {
      const atLineFeed = carriageReturn === -1 || (lineFeed !== -1 && lineFeed < carriageReturn)
      const end = atLineFeed ? lineFeed : carriageReturn
      let item: SseItem | undefined

      if (continued) {
        this.#endPartial(block, text, start, end)
        continued = false
      } else if (start === end) {
        item = this.#dispatch(block)
        if (!item) block = this.#newBlock()
      } else if (startsData(text, start)) {
        // Most of a stream is such lines, and most of them end their event: they are worth a shorter way.
        const value = this.#valueOf(text, start, end, 4)
        this.#appendData(block, value)
        if (atLineFeed && text.startsWith('\n', end + 1)) {
          lineFeed++
          item = this.#dispatch(block)
        }
      } else {
        this.#processLine(block, text, start, end)
      }

      if (atLineFeed) {
        start = lineFeed + 1
        lineFeed = text.indexOf('\n', start)
      } else {
        start = carriageReturn + 1
        if (start === text.length) {
          // The line is over and need not wait; only whether a line feed belongs to its end is still open.
          this.#skipLineFeed = true
        } else if (start === lineFeed) {
          start++
          lineFeed = text.indexOf('\n', start)
        }
        carriageReturn = text.indexOf('\r', start)
      }
      if (item) {
        this.#start = start
        this.#lineFeed = lineFeed
        this.#carriageReturn = carriageReturn
        return item
      }
    }
    this.#block = block
    this.#begin('', 0)
    if (start < text.length) this.#holdPartial(text.slice(start))
    return undefined
  }

  #begin(text: string, start: number): void {
    this.#text = text
    this.#start = start
    this.#lineFeed = text.indexOf('\n', start)
    this.#carriageReturn = text.indexOf('\r', start)
  }

  // Comments and unknown fields are let go as soon as their first characters tell, however long they are.
  #holdPartial(text: string): void {
    if (this.#partialLine === 'ignored') return
    // Engines keep such a sum as a rope and copy it once, at the line's end: linear for any size of chunks.
    this.#partial += text
    if (this.#partialLine !== 'wanted') this.#partialLine = this.#judgePartial(this.#partial)
    if (this.#partialLine === 'ignored') this.#partial = ''
    if (this.#partialLine === 'wanted' && this.#partial.length > this.#maxLineLength) {
      this.#fail('line', this.#maxLineLength)
    }
  }

  #judgePartial(line: string): PartialLine {
    let verdict: PartialLine = 'ignored'
    for (const names of [standardFields, this.#extensionFields]) {
      for (const name of names) {
        if (line.length <= name.length) {
          if (name.startsWith(line)) verdict = 'undecided'
        } else if (line.startsWith(name) && line.charCodeAt(name.length) === colon) {
          return 'wanted'
        }
      }
    }
    return verdict
  }

  #endPartial(block: Block, text: string, start: number, end: number): void {
    const ignored = this.#partialLine === 'ignored'
    const line = ignored ? '' : this.#partial + text.slice(start, end)
    this.#partial = ''
    this.#partialLine = 'none'
    if (!ignored) this.#processLine(block, line, 0, line.length)
  }

  // [spec] Field names must be compared literally, with no case folding performed.
  #processLine(block: Block, text: string, start: number, end: number): void {
    const first = text.charCodeAt(start)
    if (first === 105 && isField(text, start, end, 'id')) {
      this.#processId(block, this.#valueOf(text, start, end, 2))
    } else if (first === 100 && isField(text, start, end, 'data')) {
      this.#appendData(block, this.#valueOf(text, start, end, 4))
    } else if (first === 101 && isField(text, start, end, 'event')) {
      // [spec] Set the event type buffer to the field value.
      block.event = this.#valueOf(text, start, end, 5) || defaultEvent
    } else if (first === 114 && isField(text, start, end, 'retry')) {
      this.#processRetry(this.#valueOf(text, start, end, 5))
    } else if (first !== colon) {
      // [spec] If the line starts with a U+003A COLON character (:): ignore the line.
      // [spec] Otherwise: the field is ignored. (The extension fields are among those that others ignore.)
      this.#processExtension(block, text, start, end)
    }
  }

  // [spec] Append the field value to the data buffer, then append a single U+000A LINE FEED (LF) character.
  // It is added only when another value follows, because dispatching would take the last one off again.
  #appendData(block: Block, value: string): void {
    const data = block.data === undefined ? value : `${block.data}\n${value}`
    if (data.length > this.#maxEventLength) this.#fail('event', this.#maxEventLength)
    block.data = data
  }

  // [spec] If the field value does not contain U+0000 NULL, then set the last event ID buffer to the field
  // value. Otherwise, ignore the field.
  #processId(block: Block, value: string): void {
    if (this.#nul && value.includes('\0')) return
    block.lastEventId = value
    this.#hasId = true
  }

  // [spec] If the field value consists of only ASCII digits, then interpret the field value as an integer in
  // base ten, and set the event stream's reconnection time to that integer. Otherwise, ignore the field.
  #processRetry(value: string): void {
    if (/^[0-9]+$/.test(value)) this.#onRetry?.(Math.min(Number(value), Number.MAX_SAFE_INTEGER))
  }

  #processExtension(block: Block, text: string, start: number, end: number): void {
    for (const name of this.#extensionFields) {
      if (!isField(text, start, end, name)) continue
      if (block.fields === noFields) block.fields = new FieldBag()
      const value = this.#valueOf(text, start, end, name.length)
      // To store by a name that varies takes several times as long, and these two come with each event.
      if (name === 'topic') block.fields.topic = value
      else if (name === 'time') {
        block.fields.time = value
        block.time = readDigits(text, end - value.length, end)
      } else block.fields[name] = value
      return
    }
  }

  #valueOf(text: string, start: number, end: number, nameLength: number): string {
    if (end - start > this.#maxLineLength) this.#fail('line', this.#maxLineLength)
    const valueStart = start + nameLength + 1
    // [spec] If value starts with a U+0020 SPACE character, remove it from value.
    // [spec] (No colon) Process the field using the whole line as the field name, and the empty string as the
    // field value.
    return text.slice(text.charCodeAt(valueStart) === space ? valueStart + 1 : valueStart, end)
  }

  #newBlock(): Block {
    return {
      event: defaultEvent,
      data: undefined,
      lastEventId: this.#lastEventId,
      fields: noFields,
      time: undefined,
    }
  }

  #dispatch(block: Block): SseItem | undefined {
    const { data, lastEventId } = block
    // [spec] 2. If the data buffer is an empty string, set the data buffer and the event type buffer to the
    // empty string and return.
    const item = data !== undefined ? (block as SseMessage) : this.#hasId ? { lastEventId } : undefined
    // [spec] 1. Set the last event ID string of the event source to the value of the last event ID buffer.
    this.#lastEventId = lastEventId
    // The id buffer stays: only another id changes it.
    this.#hasId = false
    return item
  }

  #fail(...what: ConstructorParameters<typeof SseLimitError>): never {
    this.#failed = true
    this.#partial = ''
    this.#begin('', 0)
    throw new SseLimitError(...what)
  }
}

// Reading beyond a line's end is safe in both: it finds a line's end or NaN, and no name holds either. Beyond a text's end, engines
// give up their short way of reading a character: what comes with most chunks is kept from it.

function isField(text: string, start: number, end: number, name: string): boolean {
  const nameEnd = start + name.length
  return (text.charCodeAt(nameEnd) === colon || nameEnd === end) && text.startsWith(name, start)
}

// `text.startsWith('data:', start)`, which takes several times as long.
function startsData(text: string, start: number): boolean {
  return (
    text.charCodeAt(start) === 100 &&
    text.charCodeAt(start + 1) === 97 &&
    text.charCodeAt(start + 2) === 116 &&
    text.charCodeAt(start + 3) === 97 &&
    text.charCodeAt(start + 4) === colon
  )
}
