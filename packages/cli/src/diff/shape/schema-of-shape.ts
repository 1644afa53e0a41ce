import type { JsonSchema } from '../../model/json-schema.ts'
import { bothOf } from './both.ts'
import type { Alternative, ArrayShape, NumberShape, ObjectShape, StringShape } from './shape.ts'

/** A schema that says what an alternative says. */
export function schemaOfShape(alternative: Alternative): JsonSchema {
  return bothOf(bare(alternative), ...alternative.conditions.map(({ schema }) => schema))
}

function bare(alternative: Alternative): JsonSchema {
  switch (alternative.kind) {
    case 'literal':
      return { const: alternative.value }
    case 'number':
      return ofNumber(alternative)
    case 'string':
      return ofString(alternative)
    case 'array':
      return ofArray(alternative)
    case 'object':
      return ofObject(alternative)
  }
}

function ofNumber({ integer, minimum, maximum, multiples }: NumberShape): JsonSchema {
  return bothOf(
    { type: integer ? 'integer' : 'number' },
    minimum.value === -Infinity || { [minimum.exclusive ? 'exclusiveMinimum' : 'minimum']: minimum.value },
    maximum.value === Infinity || { [maximum.exclusive ? 'exclusiveMaximum' : 'maximum']: maximum.value },
    ...multiples.map((multipleOf) => ({ multipleOf })),
  )
}

function ofString({ minimum, maximum, patterns, formats }: StringShape): JsonSchema {
  return bothOf(
    { type: 'string' },
    minimum <= 0 || { minLength: minimum },
    maximum === Infinity || { maxLength: maximum },
    ...patterns.map((pattern) => ({ pattern })),
    ...formats.map((format) => ({ format })),
  )
}

function ofArray({ minimum, maximum, unique, prefix, rest }: ArrayShape): JsonSchema {
  return bothOf(
    { type: 'array' },
    minimum <= 0 || { minItems: minimum },
    maximum === Infinity || { maxItems: maximum },
    unique ? { uniqueItems: true } : true,
    { ...(prefix.length > 0 && { prefixItems: prefix }), items: rest },
  )
}

function ofObject(shape: ObjectShape): JsonSchema {
  const { minimum, maximum, properties, required, patterns, extra, names, listed } = shape
  return bothOf(
    {
      type: 'object',
      ...(listed && { properties: Object.fromEntries(properties) }),
      ...(patterns.length > 0 && {
        patternProperties: Object.fromEntries(patterns.map(({ pattern, schema }) => [pattern, schema])),
      }),
      ...(extra !== undefined && { additionalProperties: extra }),
    },
    required.size === 0 || { required: [...required].sort() },
    minimum <= 0 || { minProperties: minimum },
    maximum === Infinity || { maxProperties: maximum },
    names === true || { propertyNames: names },
  )
}
