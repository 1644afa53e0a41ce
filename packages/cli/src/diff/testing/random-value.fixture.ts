import type { JsonSchema, JsonSchemaObject, JsonType } from '../../model/json-schema.ts'
import type { Random } from './random.fixture.ts'
import { keys } from './random-schema.fixture.ts'

type Definitions = Readonly<Record<string, JsonSchema>>

/** What has no value. */
export const nothing = Symbol('nothing')

const strings = ['', 'a', 'b', 'ab', 'abc', 'red', 'green', 'blue', 'x', 'aXb', 'abcdefg', '😀', '1']
const samples: Readonly<Record<string, readonly string[]>> = {
  date: ['2026-11-20'],
  'date-time': ['2026-11-20T12:00:00.000Z'],
  email: ['ann@example.com'],
  uuid: ['1b4e28ba-2fa1-41d2-883f-0016d3cca427'],
}
const numbers = [-4, -3, -2, -1, 0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 9, 12, 100]
const everyType: readonly JsonType[] = ['null', 'boolean', 'number', 'string', 'array', 'object']

/**
 * A value that a publisher might write by a schema: keys that an object does not list are stripped, unless the schema says what
 * they hold. It is a guess; whether it fits must be checked.
 */
export function randomValue(
  schema: JsonSchema,
  definitions: Definitions,
  random: Random,
  depth = 6,
): unknown {
  if (schema === false || depth === 0) return nothing
  if (schema === true) return anyValue(random)
  if (schema.$ref !== undefined) {
    const target = definitions[schema.$ref.slice('#/$defs/'.length)]
    return target === undefined ? nothing : randomValue(target, definitions, random, depth - 1)
  }
  if ('const' in schema) return schema.const
  if (schema.enum !== undefined) return random.pick(schema.enum)
  const options = schema.anyOf ?? schema.oneOf
  if (options !== undefined) return randomValue(random.pick(options), definitions, random, depth - 1)
  if (schema.allOf !== undefined) return ofAll(schema.allOf, definitions, random, depth)
  const types = schema.type === undefined ? everyType : [schema.type].flat()
  return ofType(random.pick(types), schema, definitions, random, depth)
}

function ofAll(
  members: readonly JsonSchema[],
  definitions: Definitions,
  random: Random,
  depth: number,
): unknown {
  const values = members.map((member) => randomValue(member, definitions, random, depth - 1))
  const objects = values.filter(
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  return objects.length === values.length ? Object.assign({}, ...objects) : random.pick(values)
}

function ofType(
  type: JsonType,
  schema: JsonSchemaObject,
  definitions: Definitions,
  random: Random,
  depth: number,
): unknown {
  switch (type) {
    case 'null':
      return null
    case 'boolean':
      return random.chance(0.5)
    case 'integer':
    case 'number':
      return nearby(schema, random)
    case 'string':
      return random.pick(samples[schema.format ?? ''] ?? strings)
    case 'array':
      return arrayOf(schema, definitions, random, depth)
    case 'object':
      return objectOf(schema, definitions, random, depth)
  }
}

// Mostly at a limit, where mistakes are.
function nearby(schema: JsonSchemaObject, random: Random): number {
  const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf']
    .map((keyword) => schema[keyword])
    .filter((limit) => typeof limit === 'number')
  if (limits.length === 0 || random.chance(0.3)) return random.pick(numbers)
  return random.pick(limits) + random.pick([-1, -0.5, 0, 0, 0.5, 1])
}

function arrayOf(schema: JsonSchemaObject, definitions: Definitions, random: Random, depth: number): unknown {
  const { prefixItems = [], items = true, minItems = 0, maxItems = 3 } = schema
  const most = items === false ? prefixItems.length : Math.max(minItems, Math.min(maxItems, 4))
  const length = random.integer(Math.min(minItems, most), most)
  const values = Array.from({ length }, (_, index) =>
    randomValue(prefixItems[index] ?? items, definitions, random, depth - 1),
  )
  return values.includes(nothing) ? nothing : values
}

function objectOf(
  schema: JsonSchemaObject,
  definitions: Definitions,
  random: Random,
  depth: number,
): unknown {
  const { properties, required = [], additionalProperties, patternProperties } = schema
  const value: Record<string, unknown> = {}
  for (const key of new Set([...Object.keys(properties ?? {}), ...required])) {
    if (!required.includes(key) && random.chance(0.5)) continue
    const member = randomValue(
      properties?.[key] ?? additionalProperties ?? true,
      definitions,
      random,
      depth - 1,
    )
    if (member !== nothing) value[key] = member
    else if (required.includes(key)) return nothing
  }
  const [pattern] = Object.values(patternProperties ?? {})
  const isOpen = properties === undefined || additionalProperties !== undefined || pattern !== undefined
  if (!isOpen) return value
  for (const key of [...keys, 'other']) {
    if (key in value || key in (properties ?? {}) || random.chance(0.7)) continue
    const held = pattern !== undefined && /^[de]/.test(key) ? pattern : (additionalProperties ?? true)
    const member = randomValue(held, definitions, random, depth - 1)
    if (member !== nothing) value[key] = member
  }
  return value
}

function anyValue(random: Random): unknown {
  return random.pick<unknown>([
    null,
    true,
    1,
    2.5,
    'a',
    'red',
    '',
    [],
    ['a', 1],
    {},
    { a: 1 },
    { a: 'red', other: 2 },
  ])
}
