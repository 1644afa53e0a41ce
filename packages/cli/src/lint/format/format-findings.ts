import type { Finding } from '../finding.ts'
import { formatGithub } from './format-github.ts'
import { formatJson } from './format-json.ts'
import { formatText } from './format-text.ts'

/** For people, for programs, or as annotations in GitHub Actions. */
export type LintFormat = 'text' | 'json' | 'github'

export interface FindingFormatOptions {
  /** Whether text has ANSI colours. @default false */
  readonly color?: boolean
  /** The file that annotations point to where a finding names none. @default none */
  readonly file?: string
}

/** Writes findings and how many they are. Ends with a line end. */
export function formatFindings(
  findings: readonly Finding[],
  format: LintFormat,
  { color = false, file }: FindingFormatOptions = {},
): string {
  switch (format) {
    case 'text':
      return formatText(findings, color)
    case 'json':
      return formatJson(findings)
    case 'github':
      return formatGithub(findings, file)
  }
}
