import { refName, resolveSchema } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { type PlainCodecWords, plainCodecOf } from './codecs.ts'
import { heldSchemas } from './held-schemas.ts'
import type { Layout } from './layout.ts'
import type { SourceContext } from './source-context.ts'
import { comment, literal, objectOf, propertyName } from './source-text.ts'

/** The type in code, or that of the JSON on the wire. */
export type Side = 'data' | 'wire'

/** The type of what a schema describes. */
export function typeLayout(schema: JsonSchema, side: Side, context: SourceContext): Layout {
  if (schema === true) return 'unknown'
  if (schema === false) return 'never'
  if (schema.$ref !== undefined) return context.typeName(refName(schema.$ref), side)
  const inner: Side = context.undecoded.has(schema) ? 'wire' : side
  const codec = inner === 'data' ? plainCodecOf(schema) : undefined
  if (codec !== undefined) {
    const code = codeType(codec, schema, context)
    return mayBeNull(schema) ? oneOf([code, 'null']) : code
  }
  return allOf([...ownTypes(schema, inner, context), ...applicatorTypes(schema, inner, context)])
}

function codeType(
  { type, holds }: PlainCodecWords,
  schema: JsonSchemaObject,
  context: SourceContext,
): Layout {
  const held = heldSchemas(schema, holds, context.definitions).map((part) =>
    typeLayout(part.schema, 'data', context),
  )
  const [only, ...others] = held
  if (only === undefined) return type
  if (others.length === 0) return [`${type}<`, only, '>']
  return { open: `${type}<`, close: '>', items: held, separator: ',', trailing: false }
}

/** What a schema's own keywords say, beside those that hold other schemas for the same value. */
function ownTypes(schema: JsonSchemaObject, side: Side, context: SourceContext): readonly Layout[] {
  if ('const' in schema) return [literal(schema.const)]
  if (schema.enum !== undefined) return [oneOf(schema.enum.map(literal))]
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? impliedTypes(schema))
  return types.length === 0 ? [] : [oneOf(types.map((type) => ofType(type, schema, side, context)))]
}

function applicatorTypes(schema: JsonSchemaObject, side: Side, context: SourceContext): readonly Layout[] {
  const options = schema.oneOf ?? schema.anyOf
  return [
    ...(options === undefined ? [] : [oneOf(options.map((option) => typeLayout(option, side, context)))]),
    ...(schema.allOf ?? []).map((part) => typeLayout(part, side, context)),
    ...(typeof schema.not === 'object' && Object.keys(schema.not).length === 0 ? ['never'] : []),
  ]
}

function mayBeNull({ type }: JsonSchemaObject): boolean {
  return Array.isArray(type) && type.includes('null')
}

function impliedTypes(schema: JsonSchemaObject): readonly string[] {
  if (schema.properties !== undefined || schema.additionalProperties !== undefined) return ['object']
  return schema.items !== undefined || schema.prefixItems !== undefined ? ['array'] : []
}

function ofType(type: string, schema: JsonSchemaObject, side: Side, context: SourceContext): Layout {
  switch (type) {
    case 'array':
      return arrayType(schema, side, context)
    case 'object':
      return objectType(schema, side, context)
    case 'integer':
      return 'number'
    default:
      return type
  }
}

function arrayType(schema: JsonSchemaObject, side: Side, context: SourceContext): Layout {
  const { prefixItems = [], items = true, minItems = 0 } = schema
  const rest = (): Layout => [operand(typeLayout(items, side, context)), '[]']
  if (prefixItems.length === 0) return items === false ? '[]' : rest()
  const first = prefixItems.map((item, index): Layout => {
    const type = typeLayout(item, side, context)
    return index < minItems ? type : [operand(type), '?']
  })
  const others = items === false ? [] : [['...', rest()]]
  return { open: '[', close: ']', items: [...first, ...others], separator: ',' }
}

function objectType(schema: JsonSchemaObject, side: Side, context: SourceContext): Layout {
  const { properties, additionalProperties, patternProperties, propertyNames } = schema
  const others = [
    ...(additionalProperties === undefined || additionalProperties === false ? [] : [additionalProperties]),
    ...Object.values(patternProperties ?? {}),
  ].map((other) => typeLayout(other, side, context))
  const known = Object.entries(properties ?? {})
  if (known.length === 0) {
    if (others.length === 0)
      return properties === undefined ? 'Record<string, unknown>' : 'Record<string, never>'
    return recordType(propertyNames, schema.required, oneOf(others), context)
  }
  const members = known.map(([key, property]): Layout => {
    const optional = isOptional(key, property, schema, side, context)
    const type = typeLayout(property, side, context)
    const value = optional && type !== 'unknown' ? oneOf([type, 'undefined']) : type
    return [documentation(property), `${propertyName(key)}${optional ? '?' : ''}: `, value]
  })
  if (others.length === 0) return objectOf(members, ';')
  // An index signature must hold for the named members, too; where it may not, the two are said beside each other.
  const index: Layout = ['[key: string]: ', oneOf(others)]
  return others.includes('unknown')
    ? objectOf([...members, index], ';')
    : allOf([objectOf(members, ';'), objectOf([index], ';')])
}

function recordType(
  names: JsonSchema | undefined,
  required: readonly string[] = [],
  value: Layout,
  context: SourceContext,
): Layout {
  const resolved = names === undefined ? undefined : resolveSchema(names, context.definitions)
  const keys =
    typeof resolved === 'object'
      ? (resolved.enum ?? ('const' in resolved ? [resolved.const] : undefined))
      : undefined
  // Not `Record`, in which a type cannot hold itself.
  if (names === undefined || keys === undefined) return objectOf([['[key: string]: ', value]], ';')
  const mark = keys.every((key) => required.includes(String(key))) ? '' : '?'
  return objectOf([['[Key in ', typeLayout(names, 'wire', context), `]${mark}: `, value]], ';')
}

/** Whether a member may be missing. One with a default is always there in code. */
function isOptional(
  key: string,
  property: JsonSchema,
  schema: JsonSchemaObject,
  side: Side,
  context: SourceContext,
): boolean {
  if (schema.required?.includes(key)) return false
  return side === 'wire' || context.defaultOf(property) === undefined
}

function documentation(schema: JsonSchema): Layout {
  return typeof schema === 'object' ? comment(schema.description, schema.deprecated) : ''
}

function oneOf(types: readonly Layout[]): Layout {
  const flat = types.flatMap((type) =>
    typeof type === 'object' && 'operands' in type && type.operator === '|' ? type.operands : [type],
  )
  const unique = distinct(flat).filter((type) => type !== 'never')
  if (unique.includes('unknown')) return 'unknown'
  if (unique.length === 0) return 'never'
  return unique.length === 1 ? (unique[0] as Layout) : { operator: '|', operands: unique }
}

function allOf(types: readonly Layout[]): Layout {
  const unique = distinct(types).filter((type) => type !== 'unknown')
  if (unique.includes('never')) return 'never'
  if (unique.length === 0) return 'unknown'
  return unique.length === 1 ? (unique[0] as Layout) : { operator: '&', operands: unique.map(operand) }
}

/** A type as an operand of something that binds closer than `|` and `&`. */
function operand(type: Layout): Layout {
  return typeof type === 'object' && 'operands' in type ? ['(', type, ')'] : type
}

function distinct(types: readonly Layout[]): readonly Layout[] {
  return [...new Map(types.map((type) => [JSON.stringify(type), type])).values()]
}
