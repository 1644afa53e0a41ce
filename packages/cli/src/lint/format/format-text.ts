import { formatPlace } from '../../model/place.ts'
import { paint, type Style } from '../../report/paint.ts'
import { printable } from '../../report/printable.ts'
import { countFindings } from '../count-findings.ts'
import type { Finding, Severity } from '../finding.ts'
import { dataPath } from './data-path.ts'
import { summaryLine } from './summary-line.ts'

const styles: Readonly<Record<Severity, Style>> = { error: 'red', warning: 'yellow' }
// Some paths are very long, and a table as wide as the longest is none.
const widestPath = 40

interface Row {
  readonly severity: Severity
  readonly path: string
  readonly message: string
  readonly rule: string
  /** Where it stands in a document. */
  readonly source: string
}

/** The findings of each channel, event, snapshot, param and definition under its name. */
export function formatText(findings: readonly Finding[], color: boolean): string {
  const { errors } = countFindings(findings)
  const style: Style = findings.length === 0 ? 'green' : errors > 0 ? ['bold', 'red'] : ['bold', 'yellow']
  const owners = [...new Set(findings.map(ownerOf))]
  const all = findings.map(rowOf)
  const width = Math.min(widestPath, Math.max(0, ...all.map(({ path }) => path.length)))
  const blocks = owners.map((owner) => {
    const inIt = findings.filter((finding) => ownerOf(finding) === owner)
    const rows = inIt.map((finding) => line(rowOf(finding), width, color))
    return [paint('underline', owner, color), ...rows, ''].join('\n')
  })
  return `${[...blocks, paint(style, summaryLine(findings), color)].join('\n')}\n`
}

function ownerOf({ place: { pointer, ...owner } }: Finding): string {
  return printable(formatPlace(owner))
}

function rowOf({ severity, place, message, rule, source }: Finding): Row {
  const line = source?.line === undefined ? '' : `:${source.line}`
  return {
    severity,
    path: printable(dataPath(place.pointer ?? '')),
    message: printable(message),
    rule,
    source: source === undefined ? '' : printable(`${source.file}${line}`),
  }
}

function line({ severity, path, message, rule, source }: Row, width: number, color: boolean): string {
  const label = paint(styles[severity], severity.padEnd('warning'.length), color)
  const column = width === 0 ? '' : `${paint('cyan', path.padEnd(width), color)}  `
  const where = source === '' ? '' : paint('dim', ` (${source})`, color)
  return `  ${label}  ${column}${message}${where} ${paint('dim', `[${rule}]`, color)}`
}
