import type { Range } from './search-query.ts'

/** A stretch of a row's text. */
export interface TextPiece {
  readonly text: string
  readonly found: boolean
}

// A row shows one line of the window's width; what lies further out is in the details.
const rowLimit = 600
// A match further in than this would be out of sight: the row then begins shortly before it.
const farIn = 90
const lead = 24

/** The part of a line that a row shows, cut where matches begin and end. */
export function rowPieces(text: string, ranges: readonly Range[]): readonly TextPiece[] {
  const first = ranges[0]?.[0] ?? 0
  const start = first > farIn ? first - lead : 0
  const end = Math.min(text.length, start + rowLimit)
  const pieces: TextPiece[] = start > 0 ? [{ text: '…', found: false }] : []
  pieces.push(...textPieces(text.slice(start, end), shift(ranges, start, end)))
  if (end < text.length) pieces.push({ text: '…', found: false })
  return pieces
}

/** A whole text, cut where matches begin and end. */
export function textPieces(text: string, ranges: readonly Range[]): readonly TextPiece[] {
  const pieces: TextPiece[] = []
  let done = 0
  for (const [from, to] of ranges) {
    if (from > done) pieces.push({ text: text.slice(done, from), found: false })
    pieces.push({ text: text.slice(from, to), found: true })
    done = to
  }
  if (done < text.length) pieces.push({ text: text.slice(done), found: false })
  return pieces
}

function shift(ranges: readonly Range[], start: number, end: number): readonly Range[] {
  return ranges
    .filter(([from]) => from < end)
    .map(([from, to]) => [from - start, Math.min(to, end) - start] as const)
}
