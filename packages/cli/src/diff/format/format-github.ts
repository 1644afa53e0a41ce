import { formatPlace } from '../../model/place.ts'
import { githubCommand } from '../../report/github-command.ts'
import type { Change } from '../change.ts'
import { overallOf } from '../level.ts'
import { verdictOf } from '../verdict.ts'
import { byGravity } from './by-gravity.ts'
import { verdictLine } from './verdict-line.ts'

/** Workflow commands: an error for what breaks somebody, a notice for everything else. */
export function formatGithub(changes: readonly Change[], file: string | undefined): string {
  // GitHub shows the first few of a step.
  const lines = byGravity(changes).map((change) => {
    const { rule, place, message, wire, source, replay } = change
    const command = overallOf(change) === 'major' ? 'error' : 'notice'
    const levels = `wire ${wire}, source ${source}, replay ${replay}`
    return githubCommand(command, { file, title: rule }, `${formatPlace(place)}: ${message} (${levels})`)
  })
  return `${[...lines, verdictLine(verdictOf(changes))].join('\n')}\n`
}
