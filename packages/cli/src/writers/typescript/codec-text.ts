import { refName } from '../../model/definitions.ts'
import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { subschemasOf } from '../../model/subschemas.ts'
import { type PlainCodecWords, plainCodecOf } from './codecs.ts'
import { heldSchemas } from './held-schemas.ts'
import type { Layout } from './layout.ts'
import type { SourceContext } from './source-context.ts'
import { call, literal, objectOf, propertyName, quote } from './source-text.ts'
import { combineObjects, unionOf } from './union.ts'

/** What is needed to write codecs as source. */
export interface CodecWriter {
  readonly context: SourceContext
  /** How the codec of a definition is named; through a function where its constant does not stand above. */
  reference(definition: string): Layout | undefined
  /** The codec of this name is used, and has to be imported. */
  use(name: string): string
  /** Tells that a part stays as it is on the wire. */
  lose(pointer: string, message: string): void
}

/** The codec for what a schema describes; `undefined` when nothing changes between wire and code. */
export function codecLayout(schema: JsonSchema, pointer: string, writer: CodecWriter): Layout | undefined {
  if (typeof schema === 'boolean') return undefined
  const name = schema['x-codec']
  if (name !== undefined) {
    const codec = plainCodecOf(schema)
    if (codec !== undefined) {
      const nullable = Array.isArray(schema.type) && schema.type.includes('null')
      return withNull(nullable, namedCodec(codec, schema, pointer, writer), writer)
    }
    writer.lose(pointer, `only its author knows the codec "${name}", so it stays as it is on the wire`)
    return undefined
  }
  if (schema.$ref !== undefined) {
    const target = refName(schema.$ref)
    return writer.context.changes(schema) ? writer.reference(target) : undefined
  }
  if (!writer.context.changes(schema)) return customParts(schema, pointer, writer)
  const options = schema.oneOf ?? schema.anyOf
  if (options !== undefined) return unionCodec(schema, options, pointer, writer)
  if (schema.allOf !== undefined) return intersectionCodec(schema, pointer, writer)
  if (schema.items !== undefined || schema.prefixItems !== undefined)
    return arrayCodec(schema, pointer, writer)
  return objectCodec(schema, pointer, writer)
}

function namedCodec(
  { name, holds }: PlainCodecWords,
  schema: JsonSchemaObject,
  pointer: string,
  writer: CodecWriter,
): Layout {
  if (holds === undefined) return writer.use(name)
  const held = heldSchemas(schema, holds, writer.context.definitions).map((part) =>
    codecLayout(part.schema, `${pointer}/${part.pointer}`, writer),
  )
  const last = held.findLastIndex((codec) => codec !== undefined)
  return call(writer.use(name), ...held.slice(0, last + 1).map((codec) => codec ?? 'undefined'))
}

/** Nothing in it changes, yet a codec that nobody knows may be in it. */
function customParts(schema: JsonSchemaObject, pointer: string, writer: CodecWriter): undefined {
  for (const [child, step] of subschemasOf(schema)) codecLayout(child, `${pointer}/${step}`, writer)
  return undefined
}

function arrayCodec(schema: JsonSchemaObject, pointer: string, writer: CodecWriter): Layout | undefined {
  const { items = true, prefixItems = [] } = schema
  const rest = codecLayout(items, `${pointer}/items`, writer)
  const first = prefixItems.map((item, index) => codecLayout(item, `${pointer}/prefixItems/${index}`, writer))
  if (rest === undefined && first.every((codec) => codec === undefined)) return undefined
  const list = writer.use('list')
  return first.length === 0
    ? call(list, rest ?? 'undefined')
    : call(list, rest ?? 'undefined', {
        open: '[',
        close: ']',
        items: first.map((codec) => codec ?? 'undefined'),
        separator: ',',
      })
}

function objectCodec(schema: JsonSchemaObject, pointer: string, writer: CodecWriter): Layout | undefined {
  if (Object.values(schema.patternProperties ?? {}).some((value) => writer.context.changes(value))) {
    return leaveUndecoded(schema, pointer, writer)
  }
  const codecs: Layout[] = []
  const defaults: Layout[] = []
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const codec = codecLayout(property, `${pointer}/properties/${key}`, writer)
    if (codec !== undefined) codecs.push([`${propertyName(key)}: `, codec])
    const standard = schema.required?.includes(key) ? undefined : writer.context.defaultOf(property)
    if (standard !== undefined) defaults.push([`${propertyName(key)}: () => `, standardValue(standard.value)])
  }
  const { additionalProperties = true } = schema
  const rest = codecLayout(additionalProperties, `${pointer}/additionalProperties`, writer)
  if (codecs.length === 0 && defaults.length === 0 && rest === undefined) return undefined
  const values = [
    objectOf(codecs),
    ...(defaults.length > 0 || rest !== undefined ? [objectOf(defaults)] : []),
  ]
  return call(writer.use('fields'), ...values, ...(rest === undefined ? [] : [rest]))
}

function standardValue(value: unknown): Layout {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? ['(', literal(value), ')']
    : literal(value)
}

function intersectionCodec(
  schema: JsonSchemaObject,
  pointer: string,
  writer: CodecWriter,
): Layout | undefined {
  const parts = [{ ...schema, allOf: undefined }, ...(schema.allOf ?? [])].filter((part) =>
    writer.context.changes(part as JsonSchema),
  )
  const combined = combineObjects(parts as JsonSchema[], writer.context)
  if (combined !== undefined) return objectCodec(combined, pointer, writer)
  return leaveUndecoded(schema, pointer, writer)
}

function unionCodec(
  schema: JsonSchemaObject,
  options: readonly JsonSchema[],
  pointer: string,
  writer: CodecWriter,
): Layout | undefined {
  const { oneOf, anyOf, discriminator, ...own } = schema
  if (writer.context.changes(own)) return leaveUndecoded(schema, pointer, writer)
  const union = unionOf(options, discriminator?.propertyName, writer.context)
  const at = (index: number) => `${pointer}/${oneOf === undefined ? 'anyOf' : 'oneOf'}/${index}`
  const codecOf = (option: JsonSchema) => codecLayout(option, at(options.indexOf(option)), writer)
  switch (union.kind) {
    case 'tagged': {
      const codecs = union.options.flatMap(({ tags, schema: option }) => {
        const codec = codecOf(option)
        return codec === undefined ? [] : tags.map((tag): Layout => [`${propertyName(String(tag))}: `, codec])
      })
      return withNull(
        union.nullable,
        call(writer.use('tagged'), quote(union.member), objectOf(codecs)),
        writer,
      )
    }
    case 'objects': {
      const codec = objectCodec(union.combined, pointer, writer)
      return codec && withNull(union.nullable, codec, writer)
    }
    case 'either': {
      const codecs = union.options.map((option) => codecOf(option) ?? 'undefined')
      // What changes nothing takes all that the codecs before it do not; one of those is enough.
      const known = codecs.filter((codec) => codec !== 'undefined')
      if (known.length === 0) return undefined
      const all = known.length < codecs.length ? [...known, 'undefined'] : known
      const codec = all.length === 1 ? (all[0] as Layout) : call(writer.use('either'), ...all)
      return withNull(union.nullable, codec, writer)
    }
    default:
      return leaveUndecoded(schema, pointer, writer)
  }
}

function withNull(nullable: boolean, codec: Layout, writer: CodecWriter): Layout {
  return nullable ? call(writer.use('nullable'), codec) : codec
}

function leaveUndecoded(schema: JsonSchemaObject, pointer: string, writer: CodecWriter): undefined {
  writer.context.undecoded.add(schema)
  writer.lose(
    pointer,
    'without a schema nothing tells which of its options a value is, so its codecs are left out',
  )
  return undefined
}
