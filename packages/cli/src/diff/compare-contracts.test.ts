import { describe, expect, it } from 'vitest'
import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { mapSubschemas } from '../model/subschemas.ts'
import { compareContracts } from './compare-contracts.ts'
import type { RuleId } from './rules.ts'
import { table } from './table/table.fixture.ts'
import { createRandom, type Random } from './testing/random.fixture.ts'
import { definitionNames, mutateSchema, randomSchema } from './testing/random-schema.fixture.ts'
import { verdictOf } from './verdict.ts'

interface Pair {
  readonly old: ContractModel
  readonly next: ContractModel
}

/** Changes of schemas that hold themselves and each other in every way. */
const randomPairs: readonly Pair[] = Array.from({ length: 160 }, (_, seed) => randomPair(seed))
const pairs: readonly Pair[] = [...table, ...randomPairs]
const models = pairs.flatMap(({ old, next }) => [old, next])

function randomPair(seed: number): Pair {
  const random = createRandom(seed)
  const schema = randomSchema(random)
  const definitions = Object.fromEntries(
    definitionNames.map((name) => [name, { anyOf: [randomSchema(random, 2), { const: name }] }]),
  )
  const other = random.pick(definitionNames)
  return {
    old: modelOf(schema, definitions),
    next: random.chance(0.5)
      ? modelOf(mutateSchema(schema, random), definitions)
      : modelOf(schema, { ...definitions, [other]: mutateSchema(definitions[other] ?? true, random) }),
  }
}

function modelOf(schema: JsonSchema, definitions: ContractModel['definitions']): ContractModel {
  const event = { name: 'happened', version: 1, schema }
  const channel = { key: 'things', path: 'things', deliver: 'every', params: [], events: [event] } as const
  return { name: 'test', version: '1.0.0', channels: [channel], definitions }
}

describe('a contract', () => {
  it('is the same as itself', () => {
    for (const model of models) expect(compareContracts(model, structuredClone(model))).toEqual([])
  })

  it('is the same with its definitions under other names', () => {
    for (const model of models) expect(compareContracts(model, withOtherNames(model))).toEqual([])
  })

  it('is the same with its keys in another order', () => {
    const random = createRandom(1)
    for (const model of models) expect(compareContracts(model, shuffled(model, random))).toEqual([])
  })
})

describe('changes', () => {
  it('are the same whatever order keys are in', () => {
    const random = createRandom(2)
    for (const { old, next } of pairs) {
      expect(compareContracts(shuffled(old, random), shuffled(next, random))).toEqual(
        compareContracts(old, next),
      )
    }
  })

  it('break the same whatever definitions are called', () => {
    for (const { old, next } of pairs) {
      expect(broken(old, withOtherNames(next))).toEqual(broken(old, next))
    }
  })

  it('are mirrored when they are taken back', () => {
    for (const { old, next } of pairs) {
      const there = compareContracts(old, next)
      const back = compareContracts(next, old)
      for (const [added, removed] of mirrored) {
        const count = (changes: typeof there, rule: RuleId) =>
          changes.filter((change) => change.rule === rule).length
        expect([added, count(there, added)]).toEqual([added, count(back, removed)])
        expect([removed, count(there, removed)]).toEqual([removed, count(back, added)])
      }
    }
  })

  it('that break old clients break the log when they are taken back', () => {
    for (const { old, next } of randomPairs) {
      if (verdictOf(compareContracts(old, next)).wire !== 'major') continue
      expect(verdictOf(compareContracts(next, old)).replay).toBe('major')
    }
  })
})

function broken(old: ContractModel, next: ContractModel): readonly string[] {
  return Object.entries(verdictOf(compareContracts(old, next))).flatMap(([level, value]) =>
    value === 'major' ? [level] : [],
  )
}

const mirrored: readonly (readonly [RuleId, RuleId])[] = [
  ['deprecated', 'undeprecated'],
  ['channel-added', 'channel-removed'],
  ['channel-renamed', 'channel-renamed'],
  ['delivery-weakened', 'delivery-strengthened'],
  ['snapshot-added', 'snapshot-removed'],
  ['param-added', 'param-removed'],
  ['event-added', 'event-removed'],
  ['event-renamed', 'event-renamed'],
  ['version-raised', 'version-lowered'],
  ['required-property-added', 'required-property-removed'],
  ['property-added-to-strict', 'property-removed-from-strict'],
  ['property-became-optional', 'property-became-required'],
  ['default-added', 'default-removed'],
  ['extra-keys-kept', 'extra-keys-stripped'],
  ['extra-keys-allowed', 'extra-keys-refused'],
  ['strict-introduced', 'strict-lifted'],
  ['type-added', 'type-removed'],
  ['type-changed', 'type-changed'],
  ['null-added', 'null-removed'],
  ['number-widened', 'number-narrowed'],
  ['enum-introduced', 'enum-lifted'],
  ['enum-value-added', 'enum-value-removed'],
  ['const-changed', 'const-changed'],
  ['limit-loosened', 'limit-tightened'],
  ['limit-changed', 'limit-changed'],
  ['pattern-added', 'pattern-removed'],
  ['format-added', 'format-removed'],
  ['codec-changed', 'codec-changed'],
  ['tuple-item-added', 'tuple-item-removed'],
  ['tuple-rest-added', 'tuple-rest-removed'],
  ['unique-items-added', 'unique-items-removed'],
  ['union-option-added', 'union-option-removed'],
  ['condition-added', 'condition-removed'],
]

function withOtherNames(model: ContractModel): ContractModel {
  const rename = (schema: JsonSchema): JsonSchema => {
    if (typeof schema === 'boolean') return schema
    const { $ref, ...rest } = mapSubschemas(schema, rename)
    return $ref === undefined ? rest : { $ref: `${$ref}Renamed`, ...rest }
  }
  const event = <T extends { readonly schema: JsonSchema }>(member: T): T => ({
    ...member,
    schema: rename(member.schema),
  })
  return {
    ...model,
    channels: model.channels.map((channel) => ({
      ...channel,
      params: channel.params.map(event),
      events: channel.events.map(event),
      ...(channel.snapshot && { snapshot: event(channel.snapshot) }),
    })),
    definitions: Object.fromEntries(
      Object.entries(model.definitions).map(([name, schema]) => [`${name}Renamed`, rename(schema)]),
    ),
  }
}

function shuffled<T>(value: T, random: Random): T {
  if (Array.isArray(value)) return value.map((member) => shuffled(member, random)) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, member]) => [key, shuffled(member, random)] as const)
  return Object.fromEntries(entries.toSorted(() => random.integer(-1, 1))) as T
}
