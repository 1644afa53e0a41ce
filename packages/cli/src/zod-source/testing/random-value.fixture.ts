import type { JsonSchema, JsonType } from '../../model/json-schema.ts'
import type { Random } from './random.fixture.ts'
import { keys } from './random-schema.fixture.ts'

const strings = [
  '',
  'a',
  'b',
  'ab',
  'abc',
  'aé',
  '😀',
  '😀😀',
  '😀😀😀',
  'x-1',
  'kind',
  'A1',
  '1',
  'a/b',
  '2024-02-29',
  '2023-02-29',
  '2024-01-02T03:04:05Z',
  '2024-01-02T03:04:05.678+01:00',
  '2024-01-02',
  'me@example.org',
  '127.0.0.1',
  '256.0.0.1',
  '3f2504e0-4f89-11d3-9a0c-0305e82c3301',
  'example.org',
  '-bad-',
  '12:00:00Z',
  '12:00:00',
]
const numbers = [0, 1, 2, 3, -1, -2, 1.5, 0.1, 0.3, 0.7, 2.5, 1e10, -0.5]

/** Any value of JSON. */
export function randomValue(random: Random, depth: number): unknown {
  switch (random.below(depth > 0 ? 8 : 6)) {
    case 0:
      return null
    case 1:
      return random.chance(0.5)
    case 2:
    case 3:
      return random.pick(numbers)
    case 4:
    case 5:
      return random.pick(strings)
    case 6:
      return Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1))
    default:
      return Object.fromEntries(random.some(keys, 0.35).map((key) => [key, randomValue(random, depth - 1)]))
  }
}

type Definitions = Readonly<Record<string, JsonSchema>>

/** A value that has a chance to fit a schema. */
export function likelyValue(
  random: Random,
  schema: JsonSchema,
  definitions: Definitions,
  depth: number,
): unknown {
  if (typeof schema === 'boolean' || depth <= 0 || random.chance(0.05)) return randomValue(random, 1)
  const inner = (child: JsonSchema | undefined) => likelyValue(random, child ?? true, definitions, depth - 1)
  if (schema.$ref !== undefined) return inner(definitions[schema.$ref.slice('#/$defs/'.length)])
  if (schema.const !== undefined && random.chance(0.9)) return schema.const
  if (schema.enum !== undefined && schema.enum.length > 0 && random.chance(0.9))
    return random.pick(schema.enum)
  const parts = [schema.anyOf, schema.oneOf, schema.allOf].filter((part) => part !== undefined)
  const part = parts.length > 0 && random.chance(0.7) ? random.pick(random.pick(parts)) : undefined
  const branch = part ?? (random.chance(0.5) ? (schema.then ?? schema.if) : schema.else)
  const types: readonly JsonType[] = [schema.type ?? guess(schema)].flat()
  const own = types.length === 0 ? randomValue(random, 1) : valueOfType(random.pick(types))
  if (branch === undefined) return own
  const other = inner(branch)
  return isObject(own) && isObject(other) ? { ...own, ...other } : random.chance(0.6) ? other : own

  function valueOfType(type: JsonType): unknown {
    if (typeof schema === 'boolean') return null
    switch (type) {
      case 'object': {
        const { properties = {}, required = [], patternProperties = {}, additionalProperties } = schema
        const declared = random.some(Object.keys(properties), 0.7)
        const extra = random.some([...keys, 'ab'], 0.15)
        const names = new Set([...(random.chance(0.9) ? required : []), ...declared, ...extra])
        return Object.fromEntries(
          [...names].map((name) => {
            const pattern = Object.keys(patternProperties).find((source) =>
              new RegExp(source, 'u').test(name),
            )
            const under = pattern === undefined ? additionalProperties : patternProperties[pattern]
            return [name, inner(Object.hasOwn(properties, name) ? properties[name] : under)]
          }),
        )
      }
      case 'array': {
        const { prefixItems = [], items, minItems = 0 } = schema
        const length = Math.max(random.below(4), random.chance(0.8) ? minItems : 0)
        return Array.from({ length }, (_, index) =>
          inner(prefixItems[index] ?? (index < prefixItems.length ? true : items)),
        )
      }
      case 'string':
        return random.pick(strings)
      case 'number':
        return random.pick(numbers)
      case 'integer':
        return Math.trunc(random.pick(numbers))
      case 'boolean':
        return random.chance(0.5)
      default:
        return null
    }
  }
}

function guess(schema: JsonSchema & object): readonly JsonType[] {
  if (schema.properties !== undefined || schema.required !== undefined) return ['object']
  if (schema.items !== undefined || schema.prefixItems !== undefined) return ['array']
  return []
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
