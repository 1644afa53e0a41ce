import { countFindings } from '../count-findings.ts'
import type { Finding } from '../finding.ts'

/** `2 errors, 1 warning`. */
export function summaryLine(findings: readonly Finding[]): string {
  const { errors, warnings } = countFindings(findings)
  if (errors + warnings === 0) return 'Nothing found'
  return [count(errors, 'error'), count(warnings, 'warning')].filter((text) => text !== '').join(', ')
}

function count(number: number, noun: string): string {
  if (number === 0) return ''
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
