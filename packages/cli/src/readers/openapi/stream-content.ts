import type { JsonSchema } from '../../model/json-schema.ts'
import { followed, type Reading } from '../reading.ts'
import type { Dialect } from '../schema/dialect.ts'
import { dereference } from '../schema/schema-view.ts'
import { isObject } from '../source/json-record.ts'
import { keyOf, membersOf, type Place, within } from '../source/place.ts'
import { readStream, type StreamEvents } from '../stream/read-stream.ts'
import { attachExamples } from './stream-examples.ts'

const sequential = new Set([
  'application/jsonl',
  'application/x-ndjson',
  'application/ndjson',
  'application/json-seq',
  'application/jsonlines',
  'application/stream+json',
])

/** The media types of an operation's good answers that are streams of events. */
export function streamContents(reading: Reading, responses: Place): readonly Place[] {
  const good = membersOf(responses).filter((entry) => /^(2(\d\d|XX)|default)$/i.test(keyOf(entry)))
  return good.flatMap((entry) => {
    // An answer of another kind that cannot be read takes nothing from a stream.
    const response = reading.resolver.follow(entry).place
    if (response === undefined) {
      followed(reading, entry, 'the response is left out')
      return []
    }
    const contents = membersOf(within(response, 'content')).filter((content) => isStream(reading, content))
    return contents.map((content) => reading.resolver.follow(content).place ?? content)
  })
}

function isStream(reading: Reading, content: Place): boolean {
  const type = keyOf(content).split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'text/event-stream') return true
  const media = reading.resolver.follow(content).place ?? content
  if (!sequential.has(type) || within(media, 'itemSchema').value === undefined) return false
  reading.problems.warning(content, `a stream of "${type}" is read as one of Server-Sent Events`)
  return true
}

/** Reads the events of one media type. */
export function readStreamContent(
  reading: Reading,
  content: Place,
  dialect: Dialect,
  isOurs: boolean,
  fallback: string,
): StreamEvents {
  const { schemas, problems } = reading
  const item = within(content, 'itemSchema')
  const whole = within(content, 'schema')
  const place = item.value !== undefined ? item : whole
  if (place.value === undefined) {
    problems.warning(content, 'nothing is said of what the stream carries; it is one event of any JSON')
  }
  const isItem = place === item
  const read = place.value === undefined ? true : schemas.read(place, dialect)
  schemas.settle()
  const schema = isItem ? read : itemsOf(read)
  const stream = readStream({ place, schema, isItem, isOurs, fallback }, schemas, problems)
  return attachExamples(reading, stream, content)

  // A whole stream may be modelled as a list of what it carries.
  function itemsOf(list: JsonSchema): JsonSchema {
    const target = dereference(list, schemas.definitions)
    if (!isObject(target) || target.type !== 'array' || target.items === undefined) return list
    problems.warning(place, 'the stream is described as a list; each of its elements is read as an event')
    return target.items as JsonSchema
  }
}
