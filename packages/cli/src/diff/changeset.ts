import { formatPlace } from '../model/place.ts'
import type { Change } from './change.ts'
import { overallOf } from './level.ts'
import { raisedPart } from './semantic-version.ts'
import { verdictOf } from './verdict.ts'

/** What a changeset is written from. */
export interface ChangesetOptions {
  /** The package that the contract is published in: `@acme/contracts`. */
  readonly packageName: string
  /** Its version now. Below 1.0.0, a break raises the second number. @default a version from 1.0.0 */
  readonly packageVersion?: string
  readonly changes: readonly Change[]
  /** The first line. @default made from the verdict */
  readonly summary?: string
}

/**
 * The text of a changeset, for `.changeset/<any-name>.md`: it raises the package by the verdict and lists what readers of a
 * changelog want to know. Empty when nothing changed.
 */
export function changesetFor({ packageName, packageVersion, changes, summary }: ChangesetOptions): string {
  const { overall } = verdictOf(changes)
  if (overall === 'none') return ''
  const sections = (['major', 'minor', 'patch'] as const).flatMap((level) => {
    const lines = changes.filter((change) => overallOf(change) === level).map(lineOf)
    return lines.length === 0 ? [] : [`${headings[level]}\n\n${lines.join('\n')}\n`]
  })
  const front = `---\n${JSON.stringify(packageName)}: ${raisedPart(packageVersion, overall)}\n---\n`
  return [front, `${summary ?? summaries[overall]}\n`, ...sections].join('\n')
}

const summaries = {
  major: 'The contract changed in ways that break those who use it.',
  minor: 'The contract has grown.',
  patch: 'The contract is the same to those who use it.',
} as const

const headings = { major: 'Breaking:', minor: 'New:', patch: 'Also:' } as const

function lineOf({ place, message, wire, source, replay }: Change): string {
  const broken = Object.entries({ wire, source, replay }).flatMap(([name, level]) =>
    level === 'major' ? [name] : [],
  )
  const whom = broken.length === 0 ? '' : ` (${broken.join(', ')})`
  return `- \`${formatPlace(place)}\`: ${message}${whom}`
}
