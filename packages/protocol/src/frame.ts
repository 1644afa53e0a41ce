import { FrameError } from './frame-error.ts'

/** One block of a stream. Every value counts, also `0` and `''`; only an absent field is left out. */
export interface Frame {
  /** The reconnection time in whole milliseconds. */
  readonly retry?: number
  /** The position after this frame: printable ASCII, because other ids stop several clients for good. */
  readonly id?: string
  /** The event's name. Clients call an event without one, or with `''`, a `message`. */
  readonly event?: string
  /** The address of the event's topic. */
  readonly topic?: string
  /** When the event was published, in whole milliseconds since 1970. */
  readonly time?: number
  /** The version of the event's schema. */
  readonly version?: number
  /** The trace context that the event was published in. */
  readonly trace?: string
  /** The position of a snapshot's state, where the id is another one; or where a topic goes on after a reset, where the stream does elsewhere. */
  readonly at?: string
  /**
   * The payload. Ours are JSON and never span lines; any other text is sent line by line and arrives with each
   * CRLF and CR turned into LF. UTF-8 has no lone surrogates: each becomes U+FFFD.
   */
  readonly data?: string
}

/** The fields that the standard does not know. Its parsers ignore them; ours collects those it is asked for. */
export const frameExtensionFields = ['topic', 'time', 'version', 'trace', 'at'] as const

/** Keeps a quiet stream alive. A lone line: several clients fire an empty event when a blank one follows it. */
export const heartbeatFrame = ':\n'

/**
 * Writes a frame as text, blank line included. A frame without `data` may hold an `id` and nothing else, which
 * moves the position without firing an event: clients drop the other fields then, and some fire an empty event
 * for a bare `retry`.
 *
 * @throws FrameError when a value could not arrive as it is, or would let its author write further fields.
 */
export function encodeFrame(frame: Frame): string {
  const { retry, id, event, topic, time, version, trace, at, data } = frame
  let text = ''
  if (retry !== undefined) text += numberLine('retry', retry)
  if (id !== undefined) text += idLine(id)
  if (event !== undefined) text += textLine('event', event)
  if (topic !== undefined) text += textLine('topic', topic)
  if (time !== undefined) text += numberLine('time', time)
  if (version !== undefined) text += numberLine('version', version)
  if (trace !== undefined) text += textLine('trace', trace)
  if (at !== undefined) text += textLine('at', at)
  if (data !== undefined) return `${text}${dataLines(data)}\n`
  refuseWithoutData(frame)
  return `${text}\n`
}

function numberLine(field: keyof Frame, value: number): string {
  if (!Number.isSafeInteger(value) || value < 0)
    throw new FrameError(field, 'must be an integer of 0 or more')
  return `${field}: ${value}\n`
}

function textLine(field: keyof Frame, value: string): string {
  requireString(field, value)
  if (holdsBreak(value)) throw new FrameError(field, 'must not hold CR, LF or NUL')
  return `${field}: ${value}\n`
}

function idLine(id: string): string {
  requireString('id', id)
  if (!isPrintable(id)) throw new FrameError('id', 'must hold printable ASCII only')
  return `id: ${id}\n`
}

// Loops, because an expression of either kind takes several times as long over texts as short as these.

function holdsBreak(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code === 10 || code === 13 || code === 0) return true
  }
  return false
}

function isPrintable(value: string): boolean {
  for (let index = 0; index < value.length; index += 1) {
    const code = value.charCodeAt(index)
    if (code < 32 || code > 126) return false
  }
  return true
}

function dataLines(data: string): string {
  requireString('data', data)
  if (!data.includes('\n') && !data.includes('\r')) return `data: ${data}\n`
  return data
    .split(/\r\n|\r|\n/)
    .map((line) => `data: ${line}\n`)
    .join('')
}

// Types do not hold back callers without them, and an object could turn into another text the second time.
function requireString(field: keyof Frame, value: unknown): void {
  if (typeof value !== 'string') throw new FrameError(field, 'must be a string')
}

function refuseWithoutData(frame: Frame): void {
  for (const field of ['retry', 'event', ...frameExtensionFields] as const) {
    if (frame[field] !== undefined) throw new FrameError(field, 'stands only beside data')
  }
  if (frame.id === undefined) throw new FrameError('data', 'is missing, and so is an id')
}
