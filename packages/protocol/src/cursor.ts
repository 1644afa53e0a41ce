/** A place in a log: after the record with this offset, in this life of the log. */
export interface Position {
  /** Identity of one life of a log: 1 to 32 characters of `0-9a-z`. */
  readonly epoch: string
  /** Number of the last record before this place; 0 is the beginning. */
  readonly offset: number
}

// Short ASCII, because an id outside Latin-1 stops several clients for good, and canonical: one position has one text.
const cursorText = /^([0-9a-z]{1,32})\.(0|[1-9][0-9]{0,15})$/

/** Writes a position as the text that travels as the SSE `id`. Clients treat it as opaque. */
export function formatCursor(position: Position): string {
  return `${position.epoch}.${position.offset}`
}

/** Reads a cursor's text; `undefined` when it is not one. Never throws, whatever the text. */
export function parseCursor(text: string): Position | undefined {
  const match = cursorText.exec(text)
  if (match === null) return undefined
  const offset = Number(match[2])
  return Number.isSafeInteger(offset) ? { epoch: match[1] as string, offset } : undefined
}

/**
 * A place in no log: resuming from it always ends in `epoch`. It stands where a cursor was sent that cannot be read, so
 * that a stream cut before its reset is told of it again.
 */
export const nowhere: Position = { epoch: '0', offset: 0 }
