import type { JsonSchemaObject, JsonType } from '../../model/json-schema.ts'
import { literalShape } from './literal-shape.ts'
import { opaqueParts } from './opaque.ts'
import type { Scope } from './scope.ts'
import type { NumberShape, ObjectShape, StringShape } from './shape.ts'
import { type Alternative, type ArrayShape, type Bound, kindOf } from './shape.ts'
import { tidy } from './tidy.ts'

const everyType: readonly JsonType[] = ['null', 'boolean', 'number', 'string', 'array', 'object']

/** What `type` and the keywords of each type let through, without the keywords that combine schemas. */
export function baseAlternatives(schema: JsonSchemaObject, scope: Scope): readonly Alternative[] {
  const opaque = opaqueParts(schema)
  const codec = typeof schema['x-codec'] === 'string' ? schema['x-codec'] : undefined
  return typesOf(schema)
    .flatMap((type) => ofType(type, schema))
    .flatMap((alternative) => tidy(alternative) ?? [])
    .map((alternative) => ({
      ...alternative,
      codec,
      conditions: opaque
        .filter(({ kind }) => kind === undefined || kind === kindOf(alternative))
        .map((part) => ({ schema: part.schema, scope })),
    }))
}

function typesOf({ type = everyType }: JsonSchemaObject): readonly JsonType[] {
  const types = typeof type === 'string' ? [type] : type
  return types.includes('number') ? types.filter((name) => name !== 'integer') : types
}

function ofType(type: JsonType, schema: JsonSchemaObject): readonly Alternative[] {
  switch (type) {
    case 'null':
      return [literalShape(null)]
    case 'boolean':
      return [literalShape(true), literalShape(false)]
    case 'integer':
    case 'number':
      return [readNumber(schema, type === 'integer')]
    case 'string':
      return [readString(schema)]
    case 'array':
      return [readArray(schema)]
    case 'object':
      return [readObject(schema)]
  }
}

const common = { conditions: [], codec: undefined, name: undefined, path: '' } as const

function readNumber(schema: JsonSchemaObject, integer: boolean): NumberShape {
  const { multipleOf } = schema
  return {
    ...common,
    source: schema,
    kind: 'number',
    integer,
    minimum: tighter(schema.minimum, schema.exclusiveMinimum, Math.max, -Infinity),
    maximum: tighter(schema.maximum, schema.exclusiveMaximum, Math.min, Infinity),
    multiples: multipleOf === undefined ? [] : [multipleOf],
  }
}

function tighter(
  inclusive: number | undefined,
  exclusive: number | undefined,
  choose: (a: number, b: number) => number,
  none: number,
): Bound {
  const value = choose(inclusive ?? none, exclusive ?? none)
  return { value, exclusive: exclusive === value }
}

function readString(schema: JsonSchemaObject): StringShape {
  const { minLength = 0, maxLength = Infinity, pattern, format } = schema
  return {
    ...common,
    source: schema,
    kind: 'string',
    minimum: minLength,
    maximum: maxLength,
    patterns: pattern === undefined ? [] : [pattern],
    formats: format === undefined ? [] : [format],
  }
}

function readArray(schema: JsonSchemaObject): ArrayShape {
  const { minItems = 0, maxItems = Infinity, uniqueItems = false, prefixItems = [], items = true } = schema
  return {
    ...common,
    source: schema,
    kind: 'array',
    minimum: minItems,
    maximum: maxItems,
    unique: uniqueItems,
    prefix: prefixItems,
    rest: items,
  }
}

function readObject(schema: JsonSchemaObject): ObjectShape {
  const { properties, required = [], patternProperties = {}, additionalProperties } = schema
  return {
    ...common,
    source: schema,
    kind: 'object',
    minimum: schema.minProperties ?? 0,
    maximum: schema.maxProperties ?? Infinity,
    properties: new Map(Object.entries(properties ?? {})),
    required: new Set(required),
    patterns: Object.entries(patternProperties).map(([pattern, child]) => ({ pattern, schema: child })),
    extra: additionalProperties,
    names: schema.propertyNames ?? true,
    listed: properties !== undefined,
  }
}
