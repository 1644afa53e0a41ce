import type { EventModel } from '../../model/contract-model.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { eventName } from '../names/event-name.ts'
import { uniqueName } from '../names/unique.ts'
import { camelCase } from '../names/words.ts'
import type { Problems } from '../problems.ts'
import type { SchemaReader } from '../schema/schema-reader.ts'
import { validate } from '../schema/validate.ts'
import { equalJson } from '../source/equal.ts'
import { parsedJson } from '../source/json-record.ts'
import { joinTexts } from '../source/text.ts'
import type { DraftEvent } from './draft.ts'

/** Gives the events of a channel names that they may have, each its own. */
export function assembleEvents(
  drafts: readonly DraftEvent[],
  schemas: SchemaReader,
  problems: Problems,
): readonly EventModel[] {
  const events: EventModel[] = []
  const isTaken = (name: string) => events.some((event) => event.name === name)

  for (const draft of drafts) {
    const repeated = events.find((event) => {
      const same = draft.names.some((name) => eventName(name) === event.name)
      return same && equalJson(event.schema, draft.schema)
    })
    if (repeated !== undefined) {
      problems.warning(
        draft.place,
        `the event "${repeated.name}" is here twice and the same; it is read once`,
      )
      continue
    }
    const name = freeName(draft, isTaken)
    const wanted = draft.names[0]
    if (name !== wanted) {
      const found = wanted === undefined ? 'an event without a name' : `the event "${wanted}"`
      problems.warning(draft.place, `${found} is called "${name}"${whyRenamed(wanted, isTaken)}`)
    }
    events.push(assembleEvent(name, draft, schemas, problems))
  }
  return events
}

/** An event of the model. What its schema says of itself as a whole is said of the event. */
export function assembleEvent(
  name: string,
  draft: DraftEvent,
  schemas: SchemaReader,
  problems: Problems,
): EventModel {
  const { version = 1, upgradesFrom = [] } = draft
  const { schema, words } = withoutWords(draft.schema)
  schemas.replaced(draft.schema, schema)
  const title = draft.title ?? words.title
  const description = joinTexts(draft.description, words.description)
  const shown = draft.examples.flatMap(({ place, value }) => {
    const fault = validate(value, schema, schemas.definitions)
    if (fault === undefined) return [value]
    const parsed = typeof value === 'string' ? parsedJson(value) : value
    if (parsed !== value && validate(parsed, schema, schemas.definitions) === undefined) {
      problems.warning(place, 'the example is JSON in a string; it is read as what it says')
      return [parsed]
    }
    problems.warning(place, `the example does not fit its schema (${fault}); it is left out`, 'example')
    return []
  })
  const examples = [...shown, ...(words.examples ?? [])].filter(
    (value, index, all) => all.findIndex((other) => equalJson(other, value)) === index,
  )
  return {
    name,
    version,
    ...(upgradesFrom.length === 0 ? {} : { upgradesFrom }),
    schema,
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(draft.deprecated || words.deprecated ? { deprecated: true } : {}),
    ...(examples.length === 0 ? {} : { examples }),
  }
}

function withoutWords(whole: JsonSchema): { schema: JsonSchema; words: JsonSchemaObject } {
  if (typeof whole === 'boolean') return { schema: whole, words: {} }
  const { title, description, deprecated, examples, ...schema } = whole
  const words = Object.entries({ title, description, deprecated, examples })
  return { schema, words: Object.fromEntries(words.filter(([, value]) => value !== undefined)) }
}

function freeName(draft: DraftEvent, isTaken: (name: string) => boolean): string {
  const names = draft.names.map(eventName).filter((name) => name !== '')
  const free = names.find((name) => !isTaken(name))
  const titled = eventName(camelCase(draft.title ?? ''))
  return free ?? uniqueName(names[0] ?? (titled || 'event'), isTaken)
}

function whyRenamed(wanted: string | undefined, isTaken: (name: string) => boolean): string {
  if (wanted === undefined) return ''
  if (isTaken(eventName(wanted))) return ': another one of this channel has that name'
  return ': names are letters, digits, ".", "_", "-", and not "error", "open" or "message"'
}
