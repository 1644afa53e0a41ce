import { paint, type Style } from '../report/paint.ts'
import { printable } from '../report/printable.ts'
import { wrap } from '../report/wrap.ts'
import type { Diagnosis, Finding } from './finding.ts'

const styles: Readonly<Record<Finding['level'], Style>> = { ok: 'green', warn: 'yellow', fault: 'red' }

/** The widest that a finding is, in characters: nobody likes to read longer lines. */
const widest = 110

/** Where people read. */
export interface Page {
  readonly color: boolean
  /** How many characters a line has; absent where it is no screen, and nothing is wrapped. */
  readonly columns?: number
}

/** Diagnoses for people, each finding with what to change below it. */
export function formatDiagnoses(diagnoses: readonly Diagnosis[], page: Page): string {
  return `${diagnoses.map((diagnosis) => formatDiagnosis(diagnosis, page)).join('\n')}\n${summary(diagnoses)}\n`
}

/** Diagnoses for programs. */
export function serializeDiagnoses(diagnoses: readonly Diagnosis[]): string {
  return `${JSON.stringify({ ...countLevels(diagnoses), diagnoses }, undefined, 2)}\n`
}

/** How many findings are not as they should be. */
export function countLevels(diagnoses: readonly Diagnosis[]): {
  readonly faults: number
  readonly warnings: number
} {
  const levels = diagnoses.flatMap(({ findings }) => findings.map(({ level }) => level))
  const count = (level: Finding['level']) => levels.filter((one) => one === level).length
  return { faults: count('fault'), warnings: count('warn') }
}

function formatDiagnosis({ name, findings }: Diagnosis, { color, columns }: Page): string {
  const longest = Math.max(0, ...findings.map(({ subject }) => printable(subject).length))
  const margin = ' '.repeat(longest + 11)
  // Where there is no room beside the subjects, lines are as long as they are.
  const room = columns === undefined ? 0 : Math.min(columns, widest) - margin.length
  const width = room < 30 ? Number.POSITIVE_INFINITY : room
  const lines = findings.flatMap(({ level, subject, message, cure }) => {
    const label = paint(styles[level] ?? 'dim', level.padEnd(5), color)
    const [first = '', ...rest] = wrap(printable(message), width)
    return [
      `  ${label}  ${paint('dim', printable(subject).padEnd(longest), color)}  ${first}`,
      ...rest.map((line) => `${margin}${line}`),
      ...(cure === undefined ? [] : wrap(`→ ${printable(cure)}`, width - 2).map(indentBelowArrow(margin))),
    ]
  })
  return `${[paint('bold', printable(name), color), ...lines].join('\n')}\n`
}

const indentBelowArrow = (margin: string) => (line: string, index: number) =>
  `${margin}${index === 0 ? '' : '  '}${line}`

function summary(diagnoses: readonly Diagnosis[]): string {
  const { faults, warnings } = countLevels(diagnoses)
  if (faults + warnings === 0) return 'All is well.'
  const counts = [
    [faults, 'fault'],
    [warnings, 'warning'],
  ] as const
  return counts
    .filter(([count]) => count > 0)
    .map(([count, noun]) => `${count} ${noun}${count === 1 ? '' : 's'}`)
    .join(', ')
}
