import { extensions } from '../../model/extensions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import type { DraftEvent, DraftExample } from '../draft/draft.ts'
import { camelCase } from '../names/words.ts'
import type { Problems } from '../problems.ts'
import type { SchemaReader } from '../schema/schema-reader.ts'
import { definitionName, memberNames, memberView } from '../schema/schema-view.ts'
import { equalJson } from '../source/equal.ts'
import { member, parsedJson } from '../source/json-record.ts'
import type { Place } from '../source/place.ts'
import { versionsOf } from '../version-extension.ts'
import { type Envelope, isEventBesideOthers, readEnvelope } from './envelope.ts'
import { namingMember } from './naming.ts'
import { type StreamOption, streamOptions } from './stream-option.ts'

/** A schema that says what a stream carries. */
export interface StreamSchema {
  readonly place: Place
  readonly schema: JsonSchema
  /** Whether it describes the fields of each event (`itemSchema`), or may be the payload. */
  readonly isItem: boolean
  /** Whether Millrace wrote the document: then its own fields are fields too. */
  readonly isOurs: boolean
  /** What to call an event that has no name of its own. */
  readonly fallback: string
}

export interface StreamEvents {
  readonly events: readonly DraftEvent[]
  readonly snapshot: DraftEvent | undefined
}

interface Found {
  readonly event: DraftEvent
  readonly isSnapshot: boolean
}

/** Reads the events of a stream from the union of what it carries, in any of the conventions that documents have for it. */
export function readStream(stream: StreamSchema, schemas: SchemaReader, problems: Problems): StreamEvents {
  schemas.settle()
  const { definitions, placeOf } = schemas
  const marked = (schema: JsonSchema, key: string) => member(placeOf(schema)?.value, key)
  const isControl = (schema: JsonSchema) => marked(schema, extensions.control) === true
  const { options, discriminator, union } = streamOptions(stream.schema, definitions, isControl)

  const envelopes = options.map((option) => readEnvelope(option, definitions, stream.isItem, stream.isOurs))
  const hasEnvelopes = envelopes.some((envelope) => envelope !== undefined)
  for (const [index, option] of options.entries()) {
    if (!hasEnvelopes || !isEventBesideOthers(option, definitions)) continue
    envelopes[index] ??= readEnvelope(option, definitions, true, stream.isOurs)
  }
  const payloads = options.filter((_, index) => envelopes[index] === undefined)
  const naming = namingMember(payloads.length > 0 ? payloads : options, discriminator, definitions)

  const found = options.flatMap((option, index): readonly Found[] => {
    const envelope = envelopes[index]
    return envelope === undefined ? readPayload(option) : readEvent(option, envelope)
  })
  return {
    events: mergeEqualNames(found.filter(({ isSnapshot }) => !isSnapshot).map(({ event }) => event)),
    snapshot: found.find(({ isSnapshot }) => isSnapshot)?.event,
  }

  function readEvent(option: StreamOption, envelope: Envelope): readonly Found[] {
    const place = placeOf(option.own) ?? stream.place
    if (envelope.others.length > 0) {
      const list = envelope.others.map((name) => `"${name}"`).join(', ')
      problems.loss(place, `${list} beside "event" and "data" is no field of an event and is left out`)
    }
    if (envelope.data === undefined)
      problems.warning(place, 'nothing is said of "data"; any JSON is accepted')
    const data = envelope.data ?? true
    if (envelope.names.length > 1) {
      const parts = splitByName(envelope.names, data)
      return envelope.names.map((name, index) => draft(option, place, [name], parts?.[index] ?? data, true))
    }
    const names = envelope.names.length === 1 ? envelope.names : fallbackNames(option, data)
    return [draft(option, place, names, data, true)]
  }

  /** The options of `data` in the order of the names, where each name is that of one option. */
  function splitByName(names: readonly string[], data: JsonSchema): readonly JsonSchema[] | undefined {
    const { options: parts, discriminator: tag } = streamOptions(data, definitions, isControl)
    const key = namingMember(parts, tag, definitions)
    const byName = names.map((name) =>
      parts.find((part) => {
        const values = key === undefined ? undefined : memberView(part.schema, key, definitions).values
        return part.name === name || values?.includes(name)
      }),
    )
    if (new Set(byName).size < names.length || byName.includes(undefined)) return undefined
    return byName.map((part) => part?.schema ?? true)
  }

  function readPayload(option: StreamOption): readonly Found[] {
    const place = placeOf(option.own) ?? stream.place
    const values = naming === undefined ? undefined : memberView(option.schema, naming, definitions).values
    if (!stream.isItem && memberNames(option.schema, definitions).join() === 'data') {
      problems.warning(place, 'an object of "data" alone is read as a payload, not as an event in full')
    }
    if (naming === undefined || values === undefined) {
      return [draft(option, place, fallbackNames(option), option.schema, false)]
    }
    if (values.length === 1) return [draft(option, place, values, option.schema, false)]
    return values.map((value) => {
      const narrowed = { allOf: [option.schema, { properties: { [naming]: { const: value } } }] }
      return draft(option, place, [value], narrowed, false)
    })
  }

  // What an event without a name carries says more of it than that it is an event.
  function fallbackNames({ own, name }: StreamOption, data?: JsonSchema): readonly string[] {
    const titled = own.title === undefined ? undefined : camelCase(own.title)
    const carried =
      typeof data === 'object' && data.$ref !== undefined ? definitionName(data.$ref) : undefined
    const names = [carried, name, titled].filter((candidate) => candidate !== undefined && candidate !== '')
    return names.length > 0 ? (names as string[]) : [stream.fallback]
  }

  function draft(
    option: StreamOption,
    place: Place,
    names: readonly string[],
    schema: JsonSchema,
    isEnvelope: boolean,
  ): Found {
    if (placeOf(schema) === undefined) schemas.replaced(option.own, schema)
    const { title, description, deprecated } = isEnvelope ? option.own : {}
    const event: DraftEvent = {
      place,
      names,
      schema,
      ...versionsOf(place, problems),
      title,
      description,
      deprecated: deprecated === true,
      examples: isEnvelope ? examplesOf(option, place, names) : [],
    }
    return { event, isSnapshot: marked(option.own, extensions.snapshot) === true }
  }

  function examplesOf(
    { own }: StreamOption,
    place: Place,
    names: readonly string[],
  ): readonly DraftExample[] {
    return (own.examples ?? []).flatMap((example) => {
      const data = member(example, 'data')
      const name = member(example, 'event')
      if (data === undefined || (typeof name === 'string' && !names.includes(name))) return []
      return [{ place, value: typeof data === 'string' ? parsedJson(data) : data }]
    })
  }

  /** Two shapes under one name are one event with either shape. */
  function mergeEqualNames(events: readonly DraftEvent[]): readonly DraftEvent[] {
    const merged = new Map<string, DraftEvent>()
    for (const event of events) {
      const key = event.names[0] ?? ''
      const known = merged.get(key)
      merged.set(key, known === undefined ? event : eitherEvent(known, event))
    }
    return [...merged.values()]
  }

  function eitherEvent(left: DraftEvent, right: DraftEvent): DraftEvent {
    const schema = either(left.schema, right.schema, union)
    return { ...left, schema, examples: [...left.examples, ...right.examples] }
  }
}

function either(left: JsonSchema, right: JsonSchema, union: 'anyOf' | 'oneOf'): JsonSchema {
  const { [union]: options, ...rest } = typeof left === 'object' ? left : ({} as JsonSchemaObject)
  const known = options !== undefined && Object.keys(rest).length === 0 ? options : [left]
  return known.some((option) => equalJson(option, right)) ? left : { [union]: [...known, right] }
}
