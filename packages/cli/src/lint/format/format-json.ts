import { formatPlace } from '../../model/place.ts'
import { countFindings } from '../count-findings.ts'
import type { Finding } from '../finding.ts'

/** `{ errors, warnings, findings }`. Its members are promised in docs/lint.md. */
export function formatJson(findings: readonly Finding[]): string {
  const report = {
    ...countFindings(findings),
    findings: findings.map(({ rule, severity, place, message, source }) => ({
      rule,
      severity,
      at: formatPlace(place),
      place,
      message,
      ...(source === undefined ? {} : { source }),
    })),
  }
  return `${JSON.stringify(report, undefined, 2)}\n`
}
