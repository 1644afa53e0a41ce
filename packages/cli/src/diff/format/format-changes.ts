import type { Change } from '../change.ts'
import { formatGithub } from './format-github.ts'
import { formatJson } from './format-json.ts'
import { formatText } from './format-text.ts'

/** For people, for programs, or as annotations in GitHub Actions. */
export type DiffFormat = 'text' | 'json' | 'github'

export interface FormatOptions {
  /** Whether text has ANSI colours. @default false */
  readonly color?: boolean
  /** The file that annotations point to. @default none */
  readonly file?: string
}

/** Writes the changes and their verdict. Ends with a line end. */
export function formatChanges(
  changes: readonly Change[],
  format: DiffFormat,
  { color = false, file }: FormatOptions = {},
): string {
  switch (format) {
    case 'text':
      return formatText(changes, color)
    case 'json':
      return formatJson(changes)
    case 'github':
      return formatGithub(changes, file)
  }
}
