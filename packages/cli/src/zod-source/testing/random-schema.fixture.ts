import type { JsonSchema, JsonSchemaObject, JsonType } from '../../model/json-schema.ts'
import type { Random } from './random.fixture.ts'

const types: readonly JsonType[] = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object']
export const keys = ['a', 'b', 'kind', 'x-1', 'x-2', 'constructor'] as const
const scalars = ['', 'a', 'b', 'aé', '😀😀', 'kind', 'x-1', 0, 1, 2, -1, 1.5, 0.3, true, false, null]
const composites = [[], [1], ['a', 'b'], {}, { a: 1 }, { kind: 'a', b: [null] }]
const patterns = ['^a', 'b$', '^x-', '^[a-z]+$', '^.{2}$', '', '\\d', '/', '^\\p{L}+$']
const formats = ['date', 'date-time', 'email', 'ipv4', 'uuid', 'hostname', 'time', 'unheard-of']
const steps = [1, 2, 0.1, 0.5, 1.5, 0.01]

/** The definitions that a schema may refer to. */
export interface Refs {
  /** For the same value. Not itself, since no value would ever be found to fit. */
  readonly here: readonly string[]
  /** For a part of the value. */
  readonly inside: readonly string[]
}

/** Definitions of any construct, which refer to each other in circles. */
export function randomDefinitions(
  random: Random,
  count: number,
  depth: number,
): Readonly<Record<string, JsonSchema>> {
  const names = Array.from({ length: count }, (_, index) => `S${index + 1}`)
  return Object.fromEntries(
    names.map((name, index) => [
      name,
      randomSchema(random, { here: names.slice(index + 1), inside: names }, depth),
    ]),
  )
}

/** A schema of any construct. */
export function randomSchema(random: Random, refs: Refs, depth: number): JsonSchema {
  if (random.chance(0.04)) return random.chance(0.7)
  if (refs.here.length > 0 && random.chance(0.12)) return { $ref: `#/$defs/${random.pick(refs.here)}` }
  const keywords: JsonSchemaObject[] = []
  const typed = random.chance(0.75)
  const allowed = typed ? (random.chance(0.75) ? [random.pick(types)] : [...random.some(types, 0.35)]) : types
  if (typed && allowed.length > 0)
    keywords.push({ type: allowed.length === 1 ? (allowed[0] as JsonType) : allowed })
  if (random.chance(0.12)) keywords.push(listed(random))
  for (const type of ['string', 'number', 'array', 'object'] as const) {
    const likely = allowed.includes(type) || (type === 'number' && allowed.includes('integer'))
    if (random.chance(likely ? (typed ? 0.9 : 0.25) : 0.04))
      keywords.push(...constraints[type](random, within(refs), depth))
  }
  if (depth > 0 && random.chance(0.3)) keywords.push(...applicators(random, refs, depth))
  return Object.assign({}, ...keywords)
}

function within({ inside }: Refs): Refs {
  return { here: inside, inside }
}

function listed(random: Random): JsonSchemaObject {
  const value = () => random.pick<unknown>(random.chance(0.8) ? scalars : composites)
  if (random.chance(0.3)) return { const: value() }
  return { enum: Array.from({ length: 1 + random.below(4) }, value) }
}

const constraints = {
  string: (random: Random): readonly JsonSchemaObject[] => [
    ...maybe(random, 0.25, () => ({ minLength: random.below(4) })),
    ...maybe(random, 0.25, () => ({ maxLength: random.below(5) })),
    ...maybe(random, 0.25, () => ({ pattern: random.pick(patterns) })),
    ...maybe(random, 0.2, () => ({ format: random.pick(formats) })),
  ],
  number: (random: Random): readonly JsonSchemaObject[] => [
    ...maybe(random, 0.25, () => ({ minimum: random.below(5) - 2 })),
    ...maybe(random, 0.25, () => ({ maximum: random.below(5) - 1 })),
    ...maybe(random, 0.15, () => ({ exclusiveMinimum: random.below(4) - 2 })),
    ...maybe(random, 0.15, () => ({ exclusiveMaximum: random.below(4) })),
    ...maybe(random, 0.2, () => ({ multipleOf: random.pick(steps) })),
  ],
  array: (random: Random, refs: Refs, depth: number): readonly JsonSchemaObject[] => {
    const inner = () => randomSchema(random, refs, depth - 1)
    const prefix = depth > 0 && random.chance(0.25)
    return [
      ...maybe(random, depth > 0 ? 0.7 : 0.1, () => ({ items: inner() })),
      ...(prefix ? [{ prefixItems: Array.from({ length: 1 + random.below(3) }, inner) }] : []),
      // ajv takes for distinct what is not of the type of the items that follow a prefix.
      ...maybe(random, prefix ? 0 : 0.2, () => ({ uniqueItems: random.chance(0.8) })),
      ...maybe(random, 0.25, () => ({ minItems: random.below(3) })),
      ...maybe(random, 0.25, () => ({ maxItems: random.below(4) })),
      // ajv takes an empty list that follows one that holds what it must contain, and any beside a prefix.
      ...maybe(random, depth > 0 && !prefix ? 0.15 : 0, () => ({
        contains: inner(),
        minItems: 1 + random.below(2),
      })),
    ]
  },
  object: (random: Random, refs: Refs, depth: number): readonly JsonSchemaObject[] => [
    ...maybe(random, depth > 0 ? 0.85 : 0.2, () => ({ properties: schemas(random, refs, depth, keys) })),
    ...maybe(random, 0.5, () => ({ required: random.some(keys.slice(0, 4), 0.35) })),
    ...maybe(random, 0.3, () => ({ additionalProperties: randomSchema(random, refs, depth - 1) })),
    ...maybe(random, 0.12, () => ({ additionalProperties: false })),
    ...maybe(random, depth > 0 ? 0.15 : 0, () => ({
      patternProperties: schemas(random, refs, depth, patterns.slice(0, 4)),
    })),
    ...maybe(random, depth > 0 ? 0.12 : 0, () => ({ propertyNames: randomSchema(random, refs, 0) })),
    ...maybe(random, 0.12, () => ({ minProperties: random.below(3) })),
    ...maybe(random, 0.12, () => ({ maxProperties: random.below(4) })),
  ],
}

function applicators(random: Random, refs: Refs, depth: number): readonly JsonSchemaObject[] {
  const inner = () => randomSchema(random, refs, depth - 1)
  const several = () => Array.from({ length: 1 + random.below(3) }, inner)
  return [
    ...maybe(random, 0.35, () => ({ anyOf: several() })),
    ...maybe(random, 0.35, () => (random.chance(0.4) ? tagged(random, refs, depth) : { oneOf: several() })),
    ...maybe(random, 0.35, () => ({ allOf: several() })),
    ...maybe(random, 0.2, () => ({ not: inner() })),
    ...maybe(random, 0.25, () => ({
      if: inner(),
      // biome-ignore lint/suspicious/noThenProperty: a word of JSON Schema
      ...Object.assign({}, ...maybe(random, 0.8, () => ({ then: inner() }))),
      ...Object.assign({}, ...maybe(random, 0.6, () => ({ else: inner() }))),
    })),
  ]
}

// What documents hold most: options told apart by a constant.
function tagged(random: Random, refs: Refs, depth: number): JsonSchemaObject {
  const tags = random.some(['a', 'b', 'c'], 0.8)
  const options = tags.map(
    (tag): JsonSchema => ({
      type: 'object',
      properties: { ...schemas(random, within(refs), depth - 1, ['a', 'b']), kind: { const: tag } },
      required: ['kind', ...random.some(['a'], 0.5)],
    }),
  )
  return { oneOf: options.length === 0 ? [true] : options, discriminator: { propertyName: 'kind' } }
}

function schemas(
  random: Random,
  refs: Refs,
  depth: number,
  from: readonly string[],
): Readonly<Record<string, JsonSchema>> {
  return Object.fromEntries(
    random.some(from, 0.45).map((key): [string, JsonSchema] => [key, randomSchema(random, refs, depth - 1)]),
  )
}

function maybe(
  random: Random,
  probability: number,
  make: () => JsonSchemaObject,
): readonly JsonSchemaObject[] {
  return random.chance(probability) ? [make()] : []
}
