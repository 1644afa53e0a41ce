import { extensions } from '../../model/extensions.ts'
import type { DraftChannel } from '../draft/draft.ts'
import { camelCase } from '../names/words.ts'
import type { Reading } from '../reading.ts'
import type { Dialect } from '../schema/dialect.ts'
import { member, textMember } from '../source/json-record.ts'
import { type Place, within } from '../source/place.ts'
import { joinTexts } from '../source/text.ts'
import { readParameters } from './parameters.ts'
import { readStreamContent, streamContents } from './stream-content.ts'

/** An operation of a document, wherever it stands. */
export interface Operation {
  readonly path: string
  readonly place: Place
  /** The parameters of its path. */
  readonly shared: Place
  /** What its path says of itself. */
  readonly words: string | undefined
}

/** The channel that an operation streams; `undefined` where it answers with no stream. */
export function readOperation(
  reading: Reading,
  operation: Operation,
  dialect: Dialect,
  isOurs: boolean,
): DraftChannel | undefined {
  const { place, path } = operation
  const contents = streamContents(reading, within(place, 'responses'))
  if (contents.length === 0) return undefined
  const own = member(place.value, extensions.channel)
  const key = textMember(own, 'key') ?? textMember(place.value, 'operationId') ?? path
  const read = contents.map((content) =>
    readStreamContent(reading, content, dialect, isOurs, camelCase(key) || 'event'),
  )
  const { params, unusable } = readParameters(reading, operation, dialect)
  if (!isOurs) reportUnusable(reading, operation, unusable)

  const said = joinTexts(textMember(place.value, 'summary'), textMember(place.value, 'description'))
  const isDeprecated = member(place.value, 'deprecated') === true
  const events = read.flatMap((stream) => stream.events)
  return {
    place,
    key,
    address: textMember(own, 'path') ?? path,
    description: isOurs ? textMember(place.value, 'description') : (said ?? operation.words),
    deliver: member(own, 'deliver') === 'latest' ? 'latest' : 'every',
    params,
    events: isDeprecated ? events.map((event) => ({ ...event, deprecated: true })) : events,
    snapshot: read.find(({ snapshot }) => snapshot !== undefined)?.snapshot,
  }
}

function reportUnusable({ problems }: Reading, { place }: Operation, unusable: readonly Place[]): void {
  for (const parameter of unusable) {
    const name = textMember(parameter.value, 'name') ?? '?'
    const where = textMember(parameter.value, 'in') ?? 'nowhere'
    problems.loss(
      parameter,
      `the parameter "${name}" (in ${where}) is left out: only those in the path are params`,
    )
  }
  const body = within(place, 'requestBody')
  if (body.value !== undefined) {
    problems.loss(body, 'the request body is left out: a stream is asked for by its address alone')
  }
}
