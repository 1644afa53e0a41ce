import { make } from './dom.ts'
import type { Entry, LineEntry, MarkEntry } from './entry.ts'
import type { SearchQuery } from './search-query.ts'
import { rowPieces, type TextPiece } from './text-pieces.ts'
import { formatBytes, formatClock } from './words.ts'

/** What a row needs to know besides its entry. */
export interface RowContext {
  readonly query: SearchQuery | undefined
  /** How a file is called in the list. */
  readonly nameOf: (file: string) => string
}

/** Fills a row. The row itself belongs to the list. */
export function fillRow(row: HTMLElement, entry: Entry, context: RowContext): void {
  if (entry.kind === 'line') fillLine(row, entry, context)
  else fillMark(row, entry)
}

function fillLine(row: HTMLElement, entry: LineEntry, { query, nameOf }: RowContext): void {
  row.className = entry.continued ? 'row continued' : 'row'
  row.dataset.level = entry.level
  const level = entry.continued || entry.level === 'unknown' ? '' : entry.level
  const text = make('span', 'text', ...inline(rowPieces(entry.text, query?.ranges(entry.text) ?? [])))
  if (entry.omitted > 0) text.append(make('em', 'omitted', ` ${formatBytes(entry.omitted)} more`))
  row.replaceChildren(
    make('span', 'time', entry.time === undefined ? '' : formatClock(entry.time)),
    make('span', 'level', level),
    make('span', 'file', nameOf(entry.file)),
    text,
  )
}

function fillMark(row: HTMLElement, entry: MarkEntry): void {
  row.className = 'row mark'
  row.dataset.level = ''
  row.dataset.tone = entry.tone
  row.replaceChildren(make('span', 'mark-text', make('span', 'time', formatClock(entry.time)), entry.text))
}

/** Pieces as nodes, found ones marked. */
export function inline(pieces: readonly TextPiece[]): (Node | string)[] {
  return pieces.map(({ text, found }) => (found ? make('mark', '', text) : text))
}
