import type { JsonSchema } from '../../model/json-schema.ts'
import { type Definitions, dereference, memberNames, memberView } from '../schema/schema-view.ts'
import type { StreamOption } from './stream-option.ts'

const standardFields = ['event', 'data', 'id', 'retry', 'comment', '']
const ownFields = ['topic', 'time', 'version', 'trace', 'at']

/** An object that stands for a whole Server-Sent Event: its fields, of which `data` holds the payload. */
export interface Envelope {
  /** What `event` may be; empty where that is not listed. */
  readonly names: readonly string[]
  readonly data: JsonSchema | undefined
  /** Members that are no field of an event. */
  readonly others: readonly string[]
}

/**
 * Sees whether an option describes the fields of an event (`{ event, data }`), and not its payload. An item of OpenAPI 3.2 does so by
 * its definition. Elsewhere an object with other members is a payload, in which `event` and `data` are words like any other.
 */
export function readEnvelope(
  option: StreamOption,
  definitions: Definitions,
  isItem: boolean,
  isOurs: boolean,
): Envelope | undefined {
  const members = memberNames(option.schema, definitions)
  const fields = isOurs ? [...standardFields, ...ownFields] : standardFields
  const others = members.filter((name) => !fields.includes(name))
  const hasEvent = members.includes('event')
  const hasData = members.includes('data')
  const event = memberView(option.schema, 'event', definitions)
  const isEnvelope = isItem
    ? (hasData && (hasEvent || others.length === 0)) || (event.values !== undefined && others.length === 0)
    : hasEvent && hasData && others.length === 0
  if (!isEnvelope) return undefined
  return { names: event.values ?? [], data: dataOf(option.schema, definitions), others }
}

/**
 * Whether an option is an event in full where others beside it are: it has fields of an event alone, if not all of them, or the
 * two that matter with something beside that is none.
 */
export function isEventBesideOthers(option: StreamOption, definitions: Definitions): boolean {
  const members = memberNames(option.schema, definitions)
  const [event, data] = ['event', 'data'].map((name) => memberView(option.schema, name, definitions))
  const isBare = members.every((name) => standardFields.includes(name))
  if (isBare) return members.includes('event') || members.includes('data')
  return event?.values !== undefined && event.required && data?.required === true
}

function dataOf(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  const { schemas } = memberView(schema, 'data', definitions)
  const contents = schemas.map((part) => contentOf(part, definitions))
  // The common part of all options often says only that there is some data, or a text.
  const holdsContent = contents.some((content) => content !== undefined)
  const telling = schemas.flatMap((part, index) => {
    const content = contents[index] ?? (holdsContent && isAnyText(part) ? true : part)
    return content === true ? [] : [content]
  })
  return join(telling) ?? contents.find((content) => content !== undefined) ?? schemas[0]
}

// `data` is a text on the wire; what it holds stands in `contentSchema`.
function contentOf(schema: JsonSchema, definitions: Definitions): JsonSchema | undefined {
  const target = dereference(schema, definitions)
  if (typeof target !== 'object') return undefined
  const { contentSchema, contentMediaType } = target
  if (contentSchema !== undefined) return contentSchema as JsonSchema
  return typeof contentMediaType === 'string' && /\bjson\b/i.test(contentMediaType) ? true : undefined
}

function join(schemas: readonly JsonSchema[]): JsonSchema | undefined {
  const [first, second] = schemas
  if (schemas.length < 2) return first
  // `{ type }` in the common part and all else in the option's own.
  const isPlain = typeof second === 'object' && second.type === undefined && second.$ref === undefined
  if (schemas.length === 2 && typeof first === 'object' && isPlain && Object.keys(first).join() === 'type') {
    return { ...first, ...second }
  }
  return { allOf: schemas }
}

function isAnyText(schema: JsonSchema): boolean {
  return typeof schema === 'object' && schema.type === 'string' && Object.keys(schema).length === 1
}
