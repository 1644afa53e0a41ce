import { readDigits } from './digits.ts'

/** A place in a log: after the record with this offset, in this life of the log. */
export interface Position {
  /** Identity of one life of a log: 1 to 32 characters of `0-9a-z`. */
  readonly epoch: string
  /** Number of the last record before this place; 0 is the beginning. */
  readonly offset: number
  /**
   * Tells the record with this offset from any other that had it, or will have it, in this epoch: 1 to 16 characters of
   * `0-9a-z`. Of logs that can lose what they acknowledged, or be put back to an older state. Absent at offset 0, where no
   * record is, and where the record is not known any more.
   */
  readonly tag?: string
  /** The places in other shards, where a log has several and a cursor names them all. This one is that which moved last. */
  readonly others?: readonly Position[] | undefined
}

const dot = 46

// Short ASCII, because an id outside Latin-1 stops several clients for good, and canonical: one position has one text.
const cursorText = /^([0-9a-z]{1,32})\.(?:0|([1-9]\d{0,15})(?:\.([0-9a-z]{1,16}))?)$/

/** Writes a position as the text that travels as the SSE `id`. Clients treat it as opaque. */
export function formatCursor({ epoch, offset, tag, others }: Position): string {
  return `${epoch}.${offset}${tag ? `.${tag}` : ''}${others ? `_${others.map(formatCursor).join('_')}` : ''}`
}

/**
 * Reads a cursor's text; `undefined` when it is not one. Never throws, whatever the text.
 *
 * @param last one that was read before. Of the same epoch, as mostly in a stream, only the digits are looked at
 */
export function parseCursor(text: string, last?: Position): Position | undefined {
  if (last) {
    const { epoch } = last
    const start = epoch.length + 1
    if (text.charCodeAt(start - 1) === dot && text.slice(0, start - 1) === epoch) {
      const offset = readDigits(text, start)
      if (offset > 0) return { epoch, offset }
    }
  }
  const [, epoch, digits = 0, tag] = cursorText.exec(text) ?? []
  if (!epoch) {
    const [place, ...others] = text.includes('_') ? text.split('_').map((part) => parseCursor(part)) : []
    return place && others.every((other) => other) ? { ...place, others: others as Position[] } : undefined
  }
  const offset = Number(digits)
  if (!Number.isSafeInteger(offset)) return undefined
  return tag ? { epoch, offset, tag } : { epoch, offset }
}

/** One position of several, of which only the first place of each is taken. There must be one at least. */
export function joinPlaces(places: readonly Position[]): Position {
  const [first, ...others] = places.map(({ others: _, ...place }) => place)
  return { ...(first as Position), ...(others.length > 0 && { others }) }
}

/**
 * A place in no log: resuming from it always ends in `epoch`. It stands where a cursor was sent that cannot be read, so
 * that a stream cut before its reset is told of it again.
 */
export const nowhere: Position = { epoch: '0', offset: 0 }
