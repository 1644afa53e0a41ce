import { extensions } from '../../model/extensions.ts'
import type { DraftEvent, DraftExample } from '../draft/draft.ts'
import { camelCase } from '../names/words.ts'
import { followed, type Reading } from '../reading.ts'
import { looksLikeSchema } from '../schema/keywords.ts'
import { fileStem } from '../source/file-path.ts'
import { describeValue, isObject, member, textMember } from '../source/json-record.ts'
import { elementsOf, keyOf, type Place, within } from '../source/place.ts'
import { joinTexts } from '../source/text.ts'
import { versionsOf } from '../version-extension.ts'
import { readPayload } from './payload.ts'
import { type MessageMember, withTraits } from './traits.ts'

/** Reads messages, or refs to messages, as events; one that cannot be read costs none of the others. */
export function readMessages(
  reading: Reading,
  entries: readonly Place[],
  version: 2 | 3,
  fallback = 'event',
): { readonly events: readonly DraftEvent[]; readonly snapshot: DraftEvent | undefined } {
  const events: DraftEvent[] = []
  let snapshot: DraftEvent | undefined
  for (const entry of entries) {
    const target = followed(reading, entry, 'the message is left out')
    if (target === undefined) continue
    const event = readMessage(reading, entry, target, version, fallback)
    if (event === undefined) continue
    if (member(target.value, extensions.snapshot) === true) snapshot = event
    else events.push(event)
  }
  return { events, snapshot }
}

function readMessage(
  reading: Reading,
  entry: Place,
  place: Place,
  version: 2 | 3,
  fallback: string,
): DraftEvent | undefined {
  if (!isObject(place.value)) {
    reading.problems.loss(
      entry,
      `a message must be an object, not ${describeValue(place.value)}; it is left out`,
    )
    return undefined
  }
  const isSchema = looksLikeSchema(place.value) && !Object.hasOwn(place.value, 'payload')
  if (isSchema) reading.problems.warning(entry, 'this is a schema, not a message; it is read as a payload')
  const part = withTraits(reading, place, version)
  const schema = isSchema
    ? readPayload(reading, entry, within(place, 'schemaFormat'))
    : readPayload(reading, part('payload'), part('schemaFormat'))
  reportNotCarried(reading, part)

  const title = isSchema ? undefined : textOf(part('title'))
  const deprecated = [part('deprecated'), part('x-deprecated'), part(extensions.deprecated)]
  return {
    place,
    names: namesOf(entry, place, part, [title, payloadName(reading, part('payload'))], fallback),
    schema,
    ...versionsOf(place, reading.problems),
    title,
    description: isSchema ? undefined : joinTexts(textOf(part('summary')), textOf(part('description'))),
    deprecated: deprecated.some(({ value }) => value === true),
    examples: isSchema ? [] : readExamples(reading, part('examples')),
  }
}

function namesOf(
  entry: Place,
  place: Place,
  part: MessageMember,
  others: readonly (string | undefined)[],
  fallback: string,
): readonly string[] {
  const candidates = [
    textOf(part('name')),
    ...[entry, place].map(ownKey),
    textOf(part('messageId')),
    textMember(place.value, 'x-parser-message-name'),
    ...others.map((text) => (text === undefined ? undefined : camelCase(text))),
  ]
  const names = candidates.filter((name): name is string => name !== undefined && name !== '')
  return names.length > 0 ? [...new Set(names)] : [fallback]
}

// The key of a message is a name where messages are kept by their names; a file of its own has one too.
function ownKey({ tokens, file }: Place): string | undefined {
  const key = tokens.at(-1) ?? fileStem(file.path)
  if (/^\d+$/.test(key)) return undefined
  return tokens.at(-2) !== 'messages' && ['message', 'payload'].includes(key) ? undefined : key
}

// The name of the schema that a payload refers to, or the title that it has.
function payloadName(reading: Reading, payload: Place): string | undefined {
  const target = reading.resolver.follow(payload).place
  const named = target?.tokens.at(-2) === 'schemas' ? keyOf(target) : undefined
  return named ?? textMember(target?.value, 'title')
}

function reportNotCarried({ problems }: Reading, part: MessageMember): void {
  const headers = part('headers')
  if (headers.value !== undefined) problems.loss(headers, 'the headers are left out: an event has none')
  const correlation = part('correlationId')
  if (correlation.value !== undefined) {
    problems.loss(correlation, 'the correlation id is left out: events do not answer each other')
  }
  const type = part('contentType')
  if (typeof type.value === 'string' && !/json|\*\/\*/i.test(type.value)) {
    problems.warning(type, `the content type "${type.value}" becomes JSON`)
  }
}

function readExamples({ problems }: Reading, place: Place): readonly DraftExample[] {
  return elementsOf(place).flatMap((example) => {
    const payload = within(example, 'payload')
    if (payload.value !== undefined) return [{ place: payload, value: payload.value }]
    const isExample = ['headers', 'name', 'summary'].some((name) => member(example.value, name) !== undefined)
    if (isExample) return []
    problems.warning(example, 'an example belongs under "payload"')
    return [{ place: example, value: example.value }]
  })
}

function textOf(place: Place): string | undefined {
  return typeof place.value === 'string' && place.value.trim() !== '' ? place.value : undefined
}
