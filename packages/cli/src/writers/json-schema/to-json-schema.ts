import type { ContractModel, EventModel } from '../../model/contract-model.ts'
import { reachableNames } from '../../model/definitions.ts'
import type { JsonSchema } from '../../model/json-schema.ts'
import { type JsonDocument, present } from '../document.ts'
import { rewriteSchema, withoutKeywords } from '../schema/rewrite-schema.ts'

/** A document and the name of the file that it is for. */
export interface JsonSchemaFile {
  readonly name: string
  readonly document: JsonDocument
}

const dialect = 'https://json-schema.org/draft/2020-12/schema'

/** The payloads of a contract as JSON Schema 2020-12: all in one document, or one for each event. */
export function toJsonSchema(
  model: ContractModel,
  { files = 'one' }: { readonly files?: 'one' | 'each' } = {},
): readonly JsonSchemaFile[] {
  const events = model.channels.flatMap(({ key, events, snapshot }) => [
    ...events.map((event) => ({ id: idOf(key, event.name), event })),
    ...(snapshot === undefined ? [] : [{ id: idOf(key, snapshotName(events)), event: snapshot }]),
  ])
  if (files === 'each') {
    return events.map(({ id, event }) => {
      const definitions = definitionsOf(reachableNames(event.schema, model.definitions), model)
      const schema = eventSchema(event, id)
      return {
        name: `${id}.schema.json`,
        document: { $schema: dialect, ...schema, ...present({ $defs: definitions }) },
      }
    })
  }
  const { name, title, version, description, definitions } = model
  const ids = events.map(({ id }) => freeName(id, definitions))
  const document = {
    $schema: dialect,
    ...present({ title: title ?? name, description, $comment: `Version ${version}` }),
    anyOf: ids.map((id) => ({ $ref: `#/$defs/${id}` })),
    $defs: {
      ...Object.fromEntries(
        events.map(({ event }, index) => [ids[index], eventSchema(event, ids[index] as string)]),
      ),
      ...definitionsOf(Object.keys(definitions), model),
    },
  }
  return [{ name: `${name}.schema.json`, document }]
}

function eventSchema(
  { schema, title, description, deprecated, examples }: EventModel,
  id: string,
): JsonDocument {
  const inner = plain(schema)
  const object = inner === true ? {} : inner === false ? { not: {} } : inner
  return { title: title ?? id, ...present({ description, deprecated, examples }), ...object }
}

function definitionsOf(names: readonly string[], { definitions }: ContractModel): JsonDocument | undefined {
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => [name, plain(definitions[name] ?? true)]))
}

/** Without what is no word of JSON Schema, at which strict validators stop. */
function plain(schema: JsonSchema): JsonSchema {
  return rewriteSchema(
    schema,
    (name) => `#/$defs/${name}`,
    (inner) => {
      const own = Object.keys(inner).filter((keyword) => keyword.startsWith('x-'))
      return withoutKeywords(inner, 'discriminator', ...own)
    },
  )
}

/** A name that a ref and a file can have as it is. */
function idOf(channel: string, event: string): string {
  return `${channel.replaceAll(/[^A-Za-z0-9_-]+/g, '_')}.${event}`
}

function snapshotName(events: readonly EventModel[]): string {
  return events.some(({ name }) => name === 'snapshot') ? 'millrace.snapshot' : 'snapshot'
}

function freeName(wanted: string, taken: Readonly<Record<string, unknown>>): string {
  let name = wanted
  for (let count = 2; Object.hasOwn(taken, name); count += 1) name = `${wanted}.${count}`
  return name
}
