import type { Problem } from '../model/problem.ts'
import { paint } from './paint.ts'
import { printable } from './printable.ts'

const styles = { error: 'red', loss: 'yellow', warning: 'cyan' } as const
const weights = { error: 0, loss: 1, warning: 2 } as const

/** Problems as a table for people, the gravest first. Empty where there are none. */
export function formatProblems(problems: readonly Problem[], color: boolean): string {
  const rows = problems
    .toSorted((a, b) => weights[a.severity] - weights[b.severity])
    .map((problem) => ({ ...problem, place: placeOf(problem) }))
  // Some places are very long, and a table as wide as the longest is none.
  const width = Math.min(60, Math.max(0, ...rows.map(({ place }) => place.length)))
  return rows
    .map(({ severity, place, message }) => {
      const label = paint(styles[severity], severity.padEnd(7), color)
      return `${label}  ${paint('dim', place.padEnd(width), color)}  ${printable(message)}\n`
    })
    .join('')
}

/** `2 errors, 1 loss`. Empty where there are none. */
export function countProblems(problems: readonly Problem[]): string {
  const plural = { error: 'errors', loss: 'losses', warning: 'warnings' } as const
  return (['error', 'loss', 'warning'] as const)
    .map((severity) => ({ severity, count: problems.filter((one) => one.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${count === 1 ? severity : plural[severity]}`)
    .join(', ')
}

function placeOf({ file, line, pointer }: Problem): string {
  return printable(`${file}${line === undefined ? '' : `:${line}`}${pointer === '#' ? '' : ` ${pointer}`}`)
}
