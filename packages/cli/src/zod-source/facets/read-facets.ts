import type { JsonSchema, JsonSchemaObject, JsonType } from '../../model/json-schema.ts'
import { isBase64 } from '../formats.ts'
import { equalJson } from '../values/equal-json.ts'
import { annotationsOf } from './annotations.ts'
import {
  type Alternatives,
  type ArrayFacet,
  anything,
  type Condition,
  type Facets,
  type NumberFacet,
  nothing,
  type ObjectFacet,
  type StringFacet,
  type ValueType,
  valueTypes,
} from './facets.ts'
import { inside, type Located } from './located.ts'

/** What a schema asks for by its own keywords, without `$ref` and `allOf`. */
export function readFacets(located: Located): Facets {
  const { schema } = located
  if (schema === true) return anything
  if (schema === false) return nothing
  const place = located as Located<JsonSchemaObject>
  const { types, integer } = readTypes(schema.type)
  const values = listedValues(schema)
  const codec = schema['x-codec']
  return {
    types,
    ...(values === undefined ? {} : { values }),
    number: numberFacet(schema, integer),
    string: stringFacet(schema),
    array: arrayFacet(place),
    object: objectFacet(place),
    alternatives: alternatives(place),
    conditions: conditions(place),
    ...(codec === undefined ? {} : { codec }),
    origins: [],
    annotations: annotationsOf(schema),
  }
}

function listedValues(schema: JsonSchemaObject): readonly unknown[] | undefined {
  if (schema.const === undefined) return schema.enum
  return schema.enum?.some((value) => equalJson(value, schema.const)) === false ? [] : [schema.const]
}

// "Integer or string" asks for integers, "integer or number" does not.
function readTypes(type: JsonSchemaObject['type']): { types: ReadonlySet<ValueType>; integer: boolean } {
  if (type === undefined) return { types: new Set(valueTypes), integer: false }
  const listed = new Set<JsonType>(typeof type === 'string' ? [type] : type)
  const types = [...listed].map((name): ValueType => (name === 'integer' ? 'number' : name))
  return { types: new Set(types), integer: listed.has('integer') && !listed.has('number') }
}

function numberFacet(schema: JsonSchemaObject, integer: boolean): NumberFacet {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf, format } = schema
  return {
    integer,
    ...(minimum === undefined ? {} : { minimum }),
    ...(exclusiveMinimum === undefined ? {} : { exclusiveMinimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(exclusiveMaximum === undefined ? {} : { exclusiveMaximum }),
    multiplesOf: multipleOf === undefined ? [] : [multipleOf],
    formats: format === undefined ? [] : [format],
  }
}

function stringFacet(schema: JsonSchemaObject): StringFacet {
  const { minLength, maxLength } = schema
  const { pattern, format } = isBase64(schema) ? { pattern: undefined, format: 'base64' } : schema
  return {
    ...(minLength === undefined ? {} : { minimum: minLength }),
    ...(maxLength === undefined ? {} : { maximum: maxLength }),
    patterns: pattern === undefined ? [] : [pattern],
    formats: format === undefined ? [] : [format],
  }
}

function arrayFacet(place: Located<JsonSchemaObject>): ArrayFacet {
  const { prefixItems = [], items, minItems, maxItems, uniqueItems, contains } = place.schema
  return {
    prefix: prefixItems.map((schema, index) => inside(place, schema, 'prefixItems', String(index))),
    items: child(place, 'items', items),
    ...(minItems === undefined ? {} : { minimum: minItems }),
    ...(maxItems === undefined ? {} : { maximum: maxItems }),
    unique: uniqueItems === true,
    contains: contains === undefined ? [] : [inside(place, contains, 'contains')],
  }
}

function objectFacet(place: Located<JsonSchemaObject>): ObjectFacet {
  const { schema } = place
  const { required = [], additionalProperties, propertyNames, minProperties, maxProperties } = schema
  return {
    properties: children(place, 'properties', schema.properties),
    required: new Set(required),
    patterns: children(place, 'patternProperties', schema.patternProperties),
    additional: child(place, 'additionalProperties', additionalProperties),
    names: propertyNames === undefined ? [] : [inside(place, propertyNames, 'propertyNames')],
    ...(minProperties === undefined ? {} : { minimum: minProperties }),
    ...(maxProperties === undefined ? {} : { maximum: maxProperties }),
  }
}

function alternatives(place: Located<JsonSchemaObject>): readonly Alternatives[] {
  return (['anyOf', 'oneOf'] as const).flatMap((keyword) => {
    const schemas = place.schema[keyword]
    if (schemas === undefined) return []
    const located = schemas.map((schema, index) => inside(place, schema, keyword, String(index)))
    const tag = place.schema.discriminator?.propertyName
    return [{ schemas: located, exclusive: keyword === 'oneOf', ...(tag === undefined ? {} : { tag }) }]
  })
}

function conditions(place: Located<JsonSchemaObject>): readonly Condition[] {
  const { schema } = place
  const found: Condition[] = []
  if (schema.not !== undefined) found.push({ kind: 'not', schema: inside(place, schema.not, 'not') })
  if (schema.if !== undefined && (schema.then !== undefined || schema.else !== undefined)) {
    found.push({
      kind: 'when',
      condition: inside(place, schema.if, 'if'),
      consequence: child(place, 'then', schema.then),
      otherwise: child(place, 'else', schema.else),
    })
  }
  return found
}

function child(place: Located, keyword: string, schema: JsonSchema | undefined): Located | undefined {
  return schema === undefined ? undefined : inside(place, schema, keyword)
}

function children(
  place: Located,
  keyword: string,
  schemas: Readonly<Record<string, JsonSchema>> = {},
): ReadonlyMap<string, Located> {
  return new Map(
    Object.entries(schemas).map(([name, schema]) => [name, inside(place, schema, keyword, name)]),
  )
}
