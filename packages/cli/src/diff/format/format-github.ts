import { formatPlace } from '../../model/place.ts'
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
    const properties = [...(file === undefined ? [] : [`file=${property(file)}`]), `title=${property(rule)}`]
    const levels = `wire ${wire}, source ${source}, replay ${replay}`
    return `::${command} ${properties.join(',')}::${data(`${formatPlace(place)}: ${message} (${levels})`)}`
  })
  return `${[...lines, verdictLine(verdictOf(changes))].join('\n')}\n`
}

// What these mean to the runner: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
