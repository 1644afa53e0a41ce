import type { JsonSchema, JsonSchemaObject } from '../../model/json-schema.ts'
import { mapSubschemas } from '../../model/subschemas.ts'
import type { Random } from './random.fixture.ts'

export const keys = ['a', 'b', 'c', 'd', 'e']
export const definitionNames = ['Leaf', 'Node', 'Other']
const texts = ['red', 'green', 'blue', 'x']
export const patterns = ['^a', 'b$', '^[a-z]*$']

/** Definitions, one of which contains itself. */
export function randomDefinitions(random: Random): Readonly<Record<string, JsonSchema>> {
  return {
    Leaf: randomSchema(random, 1, false),
    Node: {
      type: 'object',
      properties: { value: randomSchema(random, 1, false), next: { $ref: '#/$defs/Node' } },
      required: ['value'],
    },
    Other: randomSchema(random, 2, false),
  }
}

export function randomSchema(random: Random, depth = 3, refs = true): JsonSchema {
  const leaves = [randomNumber, randomString, randomEnum, randomSmall]
  const branches = [
    randomObject,
    randomObject,
    randomObject,
    randomArray,
    randomTuple,
    randomUnion,
    randomTagged,
    randomAllOf,
  ]
  if (refs && random.chance(0.15)) return { $ref: `#/$defs/${random.pick(definitionNames)}` }
  return random.pick(depth > 0 ? [...leaves, ...branches] : leaves)(random, depth, refs)
}

function randomNumber(random: Random): JsonSchema {
  return {
    type: random.pick(['integer', 'number'] as const),
    ...(random.chance(0.4) && { minimum: random.integer(-3, 3) }),
    ...(random.chance(0.3) && { maximum: random.integer(2, 8) }),
    ...(random.chance(0.1) && { exclusiveMinimum: random.integer(-3, 3) }),
    ...(random.chance(0.1) && { multipleOf: random.pick([1, 2, 3, 4, 0.5]) }),
  }
}

function randomString(random: Random): JsonSchema {
  return {
    type: 'string',
    ...(random.chance(0.3) && { minLength: random.integer(0, 3) }),
    ...(random.chance(0.3) && { maxLength: random.integer(2, 6) }),
    ...(random.chance(0.2) && { pattern: random.pick(patterns) }),
  }
}

function randomEnum(random: Random): JsonSchema {
  const values = texts.filter(() => random.chance(0.5))
  if (values.length === 0) return { const: random.pick([...texts, 1, null, true]) }
  return random.chance(0.5)
    ? { type: 'string', enum: values }
    : { enum: [...values, random.pick([null, 1, 2.5])] }
}

function randomSmall(random: Random): JsonSchema {
  return random.pick<JsonSchema>([
    { type: 'boolean' },
    { type: 'null' },
    true,
    {},
    { type: ['string', 'null'] },
    { type: ['number', 'boolean'] },
    { type: 'object' },
    { type: 'array' },
    { not: {} },
  ])
}

function randomObject(random: Random, depth: number, refs: boolean): JsonSchema {
  const present = keys.filter(() => random.chance(0.5))
  const properties = Object.fromEntries(present.map((key) => [key, randomSchema(random, depth - 1, refs)]))
  const required = present.filter(() => random.chance(0.5))
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    ...(random.chance(0.25) && { additionalProperties: randomExtra(random, refs) }),
    ...(random.chance(0.06) && { patternProperties: { '^[de]': randomSchema(random, 0, refs) } }),
    ...(random.chance(0.05) && { propertyNames: randomNames(random) }),
    ...(random.chance(0.05) && { minProperties: random.integer(0, 2) }),
    ...(random.chance(0.05) && { maxProperties: random.integer(1, 4) }),
  }
}

function randomExtra(random: Random, refs: boolean): JsonSchema {
  return random.pick([false, true, {}, randomSchema(random, 0, refs)])
}

function randomNames(random: Random): JsonSchema {
  return random.pick<JsonSchema>([{ enum: ['a', 'b', 'c'] }, { maxLength: 1 }, { pattern: '^[a-d]' }])
}

function randomArray(random: Random, depth: number, refs: boolean): JsonSchema {
  return {
    type: 'array',
    items: randomSchema(random, depth - 1, refs),
    ...(random.chance(0.2) && { minItems: random.integer(0, 2) }),
    ...(random.chance(0.2) && { maxItems: random.integer(1, 4) }),
    ...(random.chance(0.1) && { uniqueItems: true }),
  }
}

function randomTuple(random: Random, depth: number, refs: boolean): JsonSchema {
  const length = random.integer(1, 3)
  return {
    type: 'array',
    prefixItems: Array.from({ length }, () => randomSchema(random, depth - 1, refs)),
    ...(random.chance(0.7) && { items: false, minItems: length }),
    ...(random.chance(0.3) && { items: randomSchema(random, 0, refs) }),
  }
}

function randomUnion(random: Random, depth: number, refs: boolean): JsonSchema {
  const options = Array.from({ length: random.integer(1, 3) }, () => randomSchema(random, depth - 1, refs))
  return random.chance(0.75) ? { anyOf: options } : { oneOf: options }
}

function randomTagged(random: Random, depth: number, refs: boolean): JsonSchema {
  return {
    oneOf: ['red', 'green', 'blue'].slice(0, random.integer(2, 3)).map((tag) => ({
      type: 'object',
      properties: { a: { const: tag }, b: randomSchema(random, depth - 1, refs) },
      required: random.chance(0.5) ? ['a', 'b'] : ['a'],
    })),
  }
}

function randomAllOf(random: Random, _depth: number, refs: boolean): JsonSchema {
  return { allOf: [randomObject(random, 1, refs), randomObject(random, 1, refs)] }
}

/** The same schema with something changed in one place. @param refs whether new parts may refer to definitions */
export function mutateSchema(schema: JsonSchema, random: Random, refs = true): JsonSchema {
  let left = random.integer(0, countSchemas(schema) - 1)
  const visit = (current: JsonSchema): JsonSchema => {
    if (left-- === 0) return mutateNode(current, random, refs)
    return typeof current === 'boolean' ? current : mapSubschemas(current, visit)
  }
  return visit(schema)
}

function countSchemas(schema: JsonSchema): number {
  let count = 1
  if (typeof schema === 'object') {
    mapSubschemas(schema, (child) => {
      count += countSchemas(child)
      return child
    })
  }
  return count
}

function mutateNode(schema: JsonSchema, random: Random, refs: boolean): JsonSchema {
  if (typeof schema === 'boolean' || random.chance(0.08)) return randomSchema(random, 1, refs)
  if (random.chance(0.08))
    return { anyOf: [schema, random.pick([{ type: 'null' }, randomSchema(random, 0, refs)] as const)] }
  if (random.chance(0.04)) return { allOf: [schema, randomSchema(random, 0, refs)] }
  if (random.chance(0.04)) return { ...schema, not: randomSchema(random, 0, refs) }
  if (random.chance(0.04)) return withCondition(schema, random, refs)
  if (random.chance(0.03)) return { ...schema, description: 'another' }
  if (schema.properties !== undefined) return mutateObject(schema, random, refs)
  if (schema.enum !== undefined) return mutateEnum(schema, schema.enum, random)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return mutateUnion(schema, options, random, refs)
  if (schema.type === 'string') return mutateLimits(schema, ['minLength', 'maxLength'], random)
  if (schema.type === 'array') return mutateArray(schema, random, refs)
  if (schema.type === 'number' || schema.type === 'integer') return mutateNumber(schema, random)
  return randomSchema(random, 1, refs)
}

function mutateObject(schema: JsonSchemaObject, random: Random, refs: boolean): JsonSchema {
  const { properties = {}, required = [] } = schema
  const key = random.pick(keys)
  switch (random.integer(0, 5)) {
    case 0: {
      const { [key]: _, ...others } = properties
      return { ...schema, properties: others, required: required.filter((name) => name !== key) }
    }
    case 1:
      return {
        ...schema,
        properties: { ...properties, [key]: properties[key] ?? randomSchema(random, 1, refs) },
      }
    case 2:
      return { ...schema, required: [...new Set([...required, key])] }
    case 3:
      return { ...schema, required: required.filter((name) => name !== key) }
    case 4: {
      const { additionalProperties: _, ...others } = schema
      return random.chance(0.5) ? others : { ...schema, additionalProperties: randomExtra(random, refs) }
    }
    default:
      return mutateLimits(schema, ['minProperties', 'maxProperties'], random)
  }
}

function mutateEnum(schema: JsonSchemaObject, values: readonly unknown[], random: Random): JsonSchema {
  if (random.chance(0.2)) return { type: 'string' }
  const value = random.pick(texts)
  const others = values.filter((other) => other !== value)
  return { ...schema, enum: others.length < values.length && others.length > 0 ? others : [...others, value] }
}

function mutateUnion(
  schema: JsonSchemaObject,
  options: readonly JsonSchema[],
  random: Random,
  refs: boolean,
): JsonSchema {
  const keyword = schema.anyOf === undefined ? 'oneOf' : 'anyOf'
  switch (random.integer(0, 3)) {
    case 0:
      return { ...schema, [keyword]: [...options, randomSchema(random, 1, refs)] }
    case 1:
      return options.length > 1 ? { ...schema, [keyword]: options.slice(1) } : (options[0] ?? true)
    case 2:
      return { ...schema, [keyword]: options.toReversed() }
    default:
      return keyword === 'anyOf' ? { oneOf: options } : { anyOf: options }
  }
}

function mutateArray(schema: JsonSchemaObject, random: Random, refs: boolean): JsonSchema {
  if (random.chance(0.2)) return { ...schema, uniqueItems: schema.uniqueItems !== true }
  if (schema.prefixItems !== undefined && random.chance(0.5)) {
    return { ...schema, prefixItems: [...schema.prefixItems, randomSchema(random, 0, refs)] }
  }
  return mutateLimits(schema, ['minItems', 'maxItems'], random)
}

function mutateNumber(schema: JsonSchemaObject, random: Random): JsonSchema {
  if (random.chance(0.3)) return { ...schema, type: schema.type === 'number' ? 'integer' : 'number' }
  if (random.chance(0.2)) return { ...schema, multipleOf: random.pick([1, 2, 3, 4, 0.5]) }
  return mutateLimits(schema, ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'], random)
}

function mutateLimits(schema: JsonSchemaObject, keywords: readonly string[], random: Random): JsonSchema {
  const keyword = random.pick(keywords)
  const limit = schema[keyword]
  if (typeof limit === 'number' && random.chance(0.3)) {
    const { [keyword]: _, ...others } = schema
    return others
  }
  return {
    ...schema,
    [keyword]: Math.max(0, typeof limit === 'number' ? limit + random.pick([-1, 1]) : random.integer(0, 5)),
  }
}

function withCondition(schema: JsonSchemaObject, random: Random, refs: boolean): JsonSchema {
  return {
    ...schema,
    ...Object.fromEntries(['if', 'then'].map((keyword) => [keyword, randomSchema(random, 0, refs)])),
  }
}
