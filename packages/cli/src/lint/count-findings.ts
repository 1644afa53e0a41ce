import type { Finding } from './finding.ts'

/** How many findings of each severity there are. */
export function countFindings(findings: readonly Finding[]): {
  readonly errors: number
  readonly warnings: number
} {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: findings.length - errors }
}
