import type { DraftEvent } from '../draft/draft.ts'
import type { Reading } from '../reading.ts'
import { memberNames } from '../schema/schema-view.ts'
import { validate } from '../schema/validate.ts'
import { isObject, member, parsedJson } from '../source/json-record.ts'
import { elementsOf, membersOf, type Place, within } from '../source/place.ts'
import type { StreamEvents } from '../stream/read-stream.ts'

/** Gives the examples of a media type to the events that they are examples of. Those in the text of a stream are left. */
export function attachExamples(reading: Reading, stream: StreamEvents, content: Place): StreamEvents {
  const examples = examplesIn(reading, content)
  if (examples.length === 0) return stream
  const found = new Map<DraftEvent, { place: Place; value: unknown }[]>()
  for (const example of examples) {
    const matched = matchExample(reading, stream.events, example.value)
    if (matched === undefined) {
      reading.problems.warning(example, 'the example fits none of the events; it is left out')
      continue
    }
    const known = found.get(matched.event) ?? []
    found.set(matched.event, [...known, { place: example, value: matched.data }])
  }
  return {
    ...stream,
    events: stream.events.map((event) => ({
      ...event,
      examples: [...event.examples, ...(found.get(event) ?? [])],
    })),
  }
}

function examplesIn(reading: Reading, content: Place): readonly Place[] {
  const single = within(content, 'example')
  const named = membersOf(within(content, 'examples')).map((entry) => {
    const example = reading.resolver.follow(entry).place ?? entry
    const data = within(example, 'dataValue')
    return data.value === undefined ? within(example, 'value') : data
  })
  return [single, ...named]
    .flatMap((place) => (Array.isArray(place.value) ? elementsOf(place) : [place]))
    .filter(({ value }) => isObject(value))
}

function matchExample(
  { schemas }: Reading,
  events: readonly DraftEvent[],
  value: unknown,
): { event: DraftEvent; data: unknown } | undefined {
  const name = member(value, 'event')
  const data = member(value, 'data')
  const named = events.find(({ names }) => names[0] === name) ?? (events.length === 1 ? events[0] : undefined)
  if (named !== undefined && data !== undefined) {
    const fits = (candidate: unknown) => validate(candidate, named.schema, schemas.definitions) === undefined
    // In the text of an event its data is JSON.
    const parsed = typeof data === 'string' && !fits(data) ? parsedJson(data) : data
    if (name !== undefined || fits(parsed)) return { event: named, data: parsed }
  }
  const fitting = events.filter(({ schema }) => validate(value, schema, schemas.definitions) === undefined)
  // Where it fits several, it is one of that which knows most of its members.
  const knownMembers = ({ schema }: DraftEvent) =>
    memberNames(schema, schemas.definitions).filter((key) => member(value, key) !== undefined).length
  const [event] = fitting.toSorted((left, right) => knownMembers(right) - knownMembers(left))
  return event && { event, data: value }
}
