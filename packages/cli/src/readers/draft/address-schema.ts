import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { annotations } from '../schema/keywords.ts'
import { type Definitions, dereference } from '../schema/schema-view.ts'

const asText: Readonly<Record<string, JsonSchemaObject>> = {
  integer: { 'x-codec': 'integer', type: 'string', pattern: '^-?\\d+$' },
  number: { 'x-codec': 'number', type: 'string', pattern: '^-?\\d+(\\.\\d+)?([eE][+-]?\\d+)?$' },
  boolean: { 'x-codec': 'boolean', type: 'string', enum: ['true', 'false'] },
}

/** The schema of a param as text in an address: an integer in a document is the digits of one. */
export function addressSchema(
  schema: JsonSchema,
  definitions: Definitions,
  onLoss: (message: string) => void,
): JsonSchema {
  const found = dereference(schema, definitions)
  if (typeof found !== 'object') return { type: 'string' }
  const { type } = found
  if (type === 'string') return found
  if (type === undefined) return untyped(found, onLoss)
  const text = typeof type === 'string' && Object.hasOwn(asText, type) ? asText[type] : undefined
  if (text === undefined) {
    onLoss(`a param is a string in the address, not ${[type].flat().join(' or ')}; any string is accepted`)
    return { ...words(found), type: 'string' }
  }
  const listed = found.const === undefined ? found.enum : [found.const]
  if (listed !== undefined) return { ...words(found), type: 'string', enum: listed.map(textOf) }
  const lost = Object.keys(found).filter(
    (name) => !annotations.has(name) && !['type', 'format'].includes(name),
  )
  if (lost.length > 0) onLoss(`${lost.map((name) => `"${name}"`).join(', ')} of a param is left out`)
  return { ...words(found), ...text }
}

function untyped(schema: JsonSchemaObject, onLoss: (message: string) => void): JsonSchema {
  const listed = schema.const === undefined ? schema.enum : [schema.const]
  const others = Object.keys(schema).filter(
    (name) => !annotations.has(name) && !['const', 'enum'].includes(name),
  )
  if (listed !== undefined && others.length === 0) {
    return { ...words(schema), type: 'string', enum: listed.map(textOf) }
  }
  // String keywords keep their meaning; what is said of other types can never hold for text.
  const text = ['format', 'pattern', 'minLength', 'maxLength', 'enum', 'const', 'not']
  const lost = others.filter((name) => !text.includes(name))
  if (lost.length > 0) onLoss(`${lost.map((name) => `"${name}"`).join(', ')} of a param is left out`)
  const kept = Object.entries(schema).filter(([name]) => !lost.includes(name))
  return { type: 'string', ...Object.fromEntries(kept) }
}

function words(schema: JsonSchemaObject): JsonSchemaObject {
  const { examples, default: preset, ...rest } = schema
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([name]) => annotations.has(name))),
    ...(preset === undefined ? {} : { default: textOf(preset) }),
    ...(examples === undefined ? {} : { examples: examples.map(textOf) }),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
