import { paint } from '../report/paint.ts'
import { printable } from '../report/printable.ts'
import type { Trial } from './trial.ts'

const styles = { passed: 'green', failed: 'red', refused: 'yellow' } as const
const head = ['', 'document', 'channels', 'events', 'examples', 'losses', 'warnings'] as const

/** A row for each document, the reasons of those that did not pass, and a line that counts them. */
export function formatTrials(trials: readonly Trial[], color: boolean): string {
  const rows = trials.map(({ status, file, channels, events, examples, problems }) => {
    const count = (severity: string) => problems.filter((problem) => problem.severity === severity).length
    return [status, printable(file), channels, events, examples, count('loss'), count('warning')].map(String)
  })
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells.map((cell, column) =>
      column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    )
  const body = rows.map((row, index) => {
    const [status = '', ...others] = line(row)
    return [paint(styles[trials[index]?.status ?? 'failed'], status, color), ...others].join('  ')
  })
  const reasons = trials
    .filter(({ status }) => status !== 'passed')
    .flatMap(({ file, status, reasons }) => [
      '',
      `${paint(styles[status], status, color)}  ${printable(file)}`,
      ...reasons.slice(0, most).map((reason) => `  ${printable(reason)}`),
      ...(reasons.length > most ? [`  … and ${reasons.length - most} more`] : []),
    ])
  return `${[paint('dim', line(head).join('  '), color), ...body, ...reasons, '', summaryOf(trials)].join('\n')}\n`
}

const most = 20

/** `12 passed, 1 refused`. */
function summaryOf(trials: readonly Trial[]): string {
  const counts = (['passed', 'failed', 'refused'] as const).map((status) => ({
    status,
    count: trials.filter((trial) => trial.status === status).length,
  }))
  return counts
    .filter(({ status, count }) => count > 0 || status === 'passed')
    .map(({ status, count }) => `${count} ${status}`)
    .join(', ')
}
