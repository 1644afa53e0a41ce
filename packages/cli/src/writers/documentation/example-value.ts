import type { ContractModel, EventModel } from '../../model/contract-model.ts'
import { refName } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { exampleNumber } from './example-number.ts'
import { exampleText } from './example-text.ts'

type Definitions = ContractModel['definitions']

/** An example of an event's data: its author's first one, else one made from the schema. */
export function exampleOf(event: EventModel, definitions: Definitions): unknown {
  if (event.examples !== undefined && event.examples.length > 0) return event.examples[0]
  return exampleValue(event.schema, definitions)
}

/** A value that a schema describes, the same at each call. Definitions that hold themselves end as early as they may. */
export function exampleValue(schema: JsonSchema, definitions: Definitions): unknown {
  return make(schema, { definitions, open: [] }).value
}

interface Making {
  readonly definitions: Definitions
  /** The definitions that are being made. */
  readonly open: readonly string[]
}

/** `closed` says that the value could not be made without a definition that holds it, so it is better left out. */
interface Made {
  readonly value: unknown
  readonly closed?: boolean
}

function make(schema: JsonSchema, making: Making): Made {
  if (typeof schema === 'boolean') return { value: null }
  const [given = usefulDefault(schema)] = schema.examples ?? []
  if (given !== undefined) return { value: given }
  if ('const' in schema) return { value: schema.const }
  if (schema.enum !== undefined) return { value: schema.enum[0] }
  if (schema.$ref !== undefined) return makeDefinition(refName(schema.$ref), making)

  const options = schema.oneOf ?? schema.anyOf
  const parts = [
    ...(schema.allOf ?? []).map((part) => make(part, making)),
    ...(options === undefined ? [] : [firstOpen(options, making)]),
  ]
  const own = makeOwn(schema, making)
  const closed = [...parts, own].some((part) => part.closed === true)
  return { value: parts.map(({ value }) => value).reduce(merge, own.value), closed }
}

/** A default says more than a value that is made up, unless there is nothing in it. */
function usefulDefault({ default: preset }: JsonSchemaObject): unknown {
  const isEmpty =
    preset === '' || preset === null || (typeof preset === 'object' && Object.keys(preset).length === 0)
  return isEmpty ? undefined : preset
}

function makeDefinition(name: string, making: Making): Made {
  if (making.open.includes(name)) return { value: null, closed: true }
  return make(making.definitions[name] ?? true, { ...making, open: [...making.open, name] })
}

/** The first option that does not lead back to where it began. */
function firstOpen(options: readonly JsonSchema[], making: Making): Made {
  const made = options.map((option) => make(option, making))
  return made.find(({ closed }) => closed !== true) ?? made[0] ?? { value: null }
}

function makeOwn(schema: JsonSchemaObject, making: Making): Made {
  const type =
    typeof schema.type === 'string'
      ? schema.type
      : (schema.type?.find((one) => one !== 'null') ?? impliedType(schema))
  switch (type) {
    case 'string':
      return { value: exampleText(schema) }
    case 'integer':
    case 'number':
      return { value: exampleNumber(schema, type === 'integer') }
    case 'boolean':
      return { value: true }
    case 'array':
      return makeArray(schema, making)
    case 'object':
      return makeObject(schema, making)
    case 'null':
      return { value: null }
    default:
      return { value: undefined }
  }
}

function impliedType(schema: JsonSchemaObject): string | undefined {
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return 'object'
  if (schema.items !== undefined || schema.prefixItems !== undefined) return 'array'
  return (schema.oneOf ?? schema.anyOf ?? schema.allOf) ? undefined : 'null'
}

function makeArray(schema: JsonSchemaObject, making: Making): Made {
  const first = (schema.prefixItems ?? []).map((item) => make(item, making))
  const { items = true, minItems = 0, maxItems = Number.POSITIVE_INFINITY } = schema
  const wanted = items === false ? 0 : Math.min(Math.max(minItems, first.length === 0 ? 1 : 0), maxItems)
  const item = make(items, making)
  const count = item.closed === true && minItems === 0 ? 0 : Math.max(0, wanted - first.length)
  const others = Array.from({ length: count }, () => item)
  const all = [...first, ...others]
  return { value: all.map(({ value }) => value), closed: all.some(({ closed }) => closed === true) }
}

function makeObject(schema: JsonSchemaObject, making: Making): Made {
  const required = new Set(schema.required)
  const members = Object.entries(schema.properties ?? {})
    .map(([key, property]) => ({ key, made: make(property, making) }))
    .filter(({ key, made }) => made.closed !== true || required.has(key))
  const { additionalProperties, propertyNames } = schema
  const named = [...required].filter((key) => !Object.hasOwn(schema.properties ?? {}, key))
  const spare =
    named.length > 0 || members.length > 0 || typeof additionalProperties !== 'object'
      ? named
      : [keyFor(propertyNames, making)]
  const others = spare.map((key) => ({ key, made: make(additionalProperties ?? true, making) }))
  const kept = others.filter(({ key, made }) => made.closed !== true || required.has(key))
  const all = [...members, ...kept]
  return {
    value: Object.fromEntries(all.map(({ key, made }) => [key, made.value])),
    closed: all.some(({ made }) => made.closed === true),
  }
}

function keyFor(names: JsonSchema | undefined, making: Making): string {
  return names === undefined ? 'key' : String(make(names, making).value)
}

/** Two descriptions of one value: the members of both, or the one that says something. */
function merge(left: unknown, right: unknown): unknown {
  if (left === undefined) return right
  if (right === undefined) return left
  const both = [left, right].every(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  return both ? { ...(left as object), ...(right as object) } : left
}
