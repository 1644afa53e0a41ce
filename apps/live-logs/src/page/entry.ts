import type { Level } from '@millrace/sample-contracts'

/** A line, as the list shows it. */
export interface LineEntry {
  readonly kind: 'line'
  readonly file: string
  readonly level: Level
  /** Whether the level is that of the line before, which this one continues: the rest of a stack trace, say. */
  readonly continued: boolean
  /** Without colour codes, and with other control characters made visible. */
  readonly text: string
  /** Milliseconds since 1970; `undefined` for an earlier line that tells no time. */
  readonly time: number | undefined
  readonly byte: number
  readonly omitted: number
  readonly earlier: boolean
}

/** Something that happened to a file, or to the stream itself. */
export interface MarkEntry {
  readonly kind: 'mark'
  /** `undefined` where it concerns all files. */
  readonly file: string | undefined
  /** `break` where lines may be missing. */
  readonly tone: 'note' | 'warning' | 'break'
  readonly text: string
  readonly time: number
}

export type Entry = LineEntry | MarkEntry
