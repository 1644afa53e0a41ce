import { paint, type Style } from '../report/paint.ts'
import { printable } from '../report/printable.ts'
import type { Diagnosis, Finding } from './finding.ts'

const styles: Readonly<Record<Finding['level'], Style>> = { ok: 'green', warn: 'yellow', fault: 'red' }

/** Diagnoses for people, each finding with what to change below it. */
export function formatDiagnoses(diagnoses: readonly Diagnosis[], color: boolean): string {
  return `${diagnoses.map((diagnosis) => formatDiagnosis(diagnosis, color)).join('\n')}\n${summary(diagnoses)}\n`
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

function formatDiagnosis({ name, findings }: Diagnosis, color: boolean): string {
  const width = Math.max(0, ...findings.map(({ subject }) => printable(subject).length))
  const lines = findings.flatMap(({ level, subject, message, cure }) => {
    const label = paint(styles[level] ?? 'dim', level.padEnd(5), color)
    const line = `  ${label}  ${paint('dim', printable(subject).padEnd(width), color)}  ${printable(message)}\n`
    return cure === undefined ? [line] : [line, `${' '.repeat(width + 11)}→ ${printable(cure)}\n`]
  })
  return `${paint('bold', printable(name), color)}\n${lines.join('')}`
}

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
