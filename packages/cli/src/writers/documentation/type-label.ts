import type { ContractModel } from '../../model/contract-model.ts'
import { refName, resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'

/** Part of a type in words; one that names a definition leads to it. */
export interface LabelPart {
  readonly text: string
  readonly definition?: string
  /** It is a value, not a word. */
  readonly isValue?: boolean
}

type Definitions = ContractModel['definitions']

/** What kind of value a schema describes, in a few words: `array of Money`, `"small" or "large"`. */
export function typeLabel(schema: JsonSchema, definitions: Definitions): readonly LabelPart[] {
  if (schema === true) return [{ text: 'anything' }]
  if (schema === false) return [{ text: 'nothing' }]
  if (schema.$ref !== undefined) {
    const name = refName(schema.$ref)
    const target = definitions[name]
    const title = typeof target === 'object' ? target.title : undefined
    return [{ text: title ?? name, definition: name }]
  }
  if ('const' in schema) return [value(schema.const)]
  if (schema.enum !== undefined) return joined(schema.enum.map((one) => [value(one)]))
  const options = schema.oneOf ?? schema.anyOf
  if (options !== undefined && schema.type === undefined)
    return joined(options.map((option) => typeLabel(option, definitions)))
  if (schema.allOf !== undefined && schema.type === undefined) {
    return joined(
      schema.allOf.map((part) => typeLabel(part, definitions)),
      ' and ',
    )
  }
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? impliedTypes(schema))
  if (types.length === 0) return [{ text: 'anything' }]
  return joined(types.map((type) => ofType(type, schema, definitions)))
}

function impliedTypes(schema: JsonSchemaObject): readonly string[] {
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return ['object']
  return schema.items !== undefined || schema.prefixItems !== undefined ? ['array'] : []
}

function ofType(type: string, schema: JsonSchemaObject, definitions: Definitions): readonly LabelPart[] {
  if (type === 'array') return arrayLabel(schema, definitions)
  if (type === 'object') return objectLabel(schema, definitions)
  const what = type === 'string' ? (schema.format ?? schema.contentEncoding) : undefined
  return [{ text: typeof what === 'string' ? `${type} (${what})` : type }]
}

function arrayLabel(
  { items, prefixItems }: JsonSchemaObject,
  definitions: Definitions,
): readonly LabelPart[] {
  if (prefixItems !== undefined) {
    const labels = prefixItems.map((item) => typeLabel(item, definitions))
    const first = labels.flatMap((label, index) => (index === 0 ? label : [{ text: ', ' }, ...label]))
    const rest =
      items === undefined || items === false ? [] : [{ text: ', then ' }, ...typeLabel(items, definitions)]
    return [{ text: '[' }, ...first, ...rest, { text: ']' }]
  }
  if (items === undefined || items === true) return [{ text: 'array' }]
  const label = typeLabel(items, definitions)
  const resolved = resolveSchema(items, definitions)
  const several = label.length > 1 && typeof resolved === 'object' && resolved.$ref === undefined
  // A tuple has brackets of its own.
  const isTuple = label[0]?.text === '['
  if (several && !isTuple) return [{ text: 'array of (' }, ...label, { text: ')' }]
  return many('array', label)
}

function many(of: string, label: readonly LabelPart[]): readonly LabelPart[] {
  const [{ text, definition, isValue } = { text: '' }] = label
  const isWord = label.length === 1 && definition === undefined && isValue !== true
  return isWord ? [{ text: `${of} of ${plural(text)}` }] : [{ text: `${of} of ` }, ...label]
}

/** `string (uuid)` is `strings (uuid)`. */
function plural(words: string): string {
  return words.replace(/^(string|number|integer|boolean|object|array)(?=$| )/, '$1s')
}

function objectLabel(schema: JsonSchemaObject, definitions: Definitions): readonly LabelPart[] {
  const { properties, additionalProperties } = schema
  if (properties !== undefined || typeof additionalProperties !== 'object') return [{ text: 'object' }]
  return many('map', typeLabel(additionalProperties, definitions))
}

function value(one: unknown): LabelPart {
  return { text: JSON.stringify(one), isValue: true }
}

function joined(labels: readonly (readonly LabelPart[])[], between = ' or '): readonly LabelPart[] {
  const known = new Set<string>()
  const unique = labels.filter((label) => {
    const text = JSON.stringify(label)
    return !known.has(text) && known.add(text)
  })
  return unique.flatMap((label, index) => (index === 0 ? label : [{ text: between }, ...label]))
}
