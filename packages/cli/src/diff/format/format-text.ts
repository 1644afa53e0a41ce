import { formatPlace } from '../../model/place.ts'
import { paint, type Style } from '../../report/paint.ts'
import { printable } from '../../report/printable.ts'
import type { Change } from '../change.ts'
import type { Level } from '../level.ts'
import { verdictOf } from '../verdict.ts'
import { byGravity } from './by-gravity.ts'
import { verdictLine } from './verdict-line.ts'

const styles: Readonly<Record<Level, Style>> = {
  major: ['bold', 'red'],
  minor: 'yellow',
  patch: 'green',
  none: 'dim',
}
const audiences = ['wire', 'source', 'replay'] as const
const levelWidth = 8
// Some places are very long, and a table as wide as the longest is none.
const widestPlace = 60

/** A table: what each change is to whom, where it is and what it is; what breaks most comes first. */
export function formatText(changes: readonly Change[], color: boolean): string {
  const verdict = verdictOf(changes)
  const summary = paint(styles[verdict.overall], verdictLine(verdict), color)
  if (changes.length === 0) return `${summary}\n`

  const places = ['place', ...changes.map(placeOf)]
  const placeWidth = Math.min(widestPlace, Math.max(...places.map(({ length }) => length)))
  const head = [
    ...audiences.map((name) => name.padEnd(levelWidth)),
    'place'.padEnd(placeWidth),
    '  change',
  ].join('')
  const rows = byGravity(changes).map((change) => {
    const levels = audiences.map((name) => paintedLevel(change[name], color)).join('')
    const rule = paint('dim', `[${change.rule}]`, color)
    return `${levels}${placeOf(change).padEnd(placeWidth)}  ${printable(change.message)} ${rule}`
  })
  return `${[paint('dim', head, color), ...rows, '', summary].join('\n')}\n`
}

function placeOf({ place }: Change): string {
  return printable(formatPlace(place))
}

function paintedLevel(level: Level, color: boolean): string {
  const text = level === 'none' ? '-' : level
  return paint(styles[level], text, color) + ' '.repeat(levelWidth - text.length)
}
