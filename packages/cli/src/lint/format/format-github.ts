import { formatPlace } from '../../model/place.ts'
import { githubCommand } from '../../report/github-command.ts'
import type { Finding } from '../finding.ts'
import { summaryLine } from './summary-line.ts'

/** Workflow commands, the errors first: GitHub shows the first few of a step. */
export function formatGithub(findings: readonly Finding[], file: string | undefined): string {
  const lines = (['error', 'warning'] as const).flatMap((severity) =>
    findings
      .filter((finding) => finding.severity === severity)
      .map(({ rule, place, message, source }) =>
        githubCommand(
          severity,
          { file: source?.file ?? file, line: source?.line, title: rule },
          `${formatPlace(place)}: ${message}`,
        ),
      ),
  )
  return `${[...lines, summaryLine(findings)].join('\n')}\n`
}
