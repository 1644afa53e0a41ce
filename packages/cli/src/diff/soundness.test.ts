import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, it } from 'vitest'
import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { compareContracts } from './compare-contracts.ts'
import { createRandom, type Random } from './testing/random.fixture.ts'
import { mutateSchema, randomDefinitions, randomSchema } from './testing/random-schema.fixture.ts'
import { nothing, randomValue } from './testing/random-value.fixture.ts'
import { verdictOf } from './verdict.ts'

const families = 386
const mutantsOfEach = 7
const valuesOfEach = 12

interface Sample {
  readonly schema: JsonSchema
  readonly definitions: Readonly<Record<string, JsonSchema>>
  readonly fits: (value: unknown) => boolean
  readonly values: readonly unknown[]
}

const ajv = new Ajv2020({
  strict: false,
  validateFormats: false,
  validateSchema: false,
  messages: false,
  code: { optimize: false },
})

/** One schema with a judge that others wrote, and values that are written by it. */
function sampleOf(schema: JsonSchema, definitions: Sample['definitions'], random: Random): Sample {
  const fits = ajv.compile({ $defs: definitions, allOf: [schema] }) as (value: unknown) => boolean
  const values = Array.from({ length: valuesOfEach }, () => randomValue(schema, definitions, random)).filter(
    (value) => value !== nothing && fits(value),
  )
  return { schema, definitions, fits, values }
}

/** A schema, and others that are it with something changed. */
function family(seed: number): readonly Sample[] {
  const random = createRandom(seed)
  const definitions = randomDefinitions(random)
  const base = sampleOf(randomSchema(random), definitions, random)
  const mutants = Array.from({ length: mutantsOfEach }, () =>
    random.chance(0.2)
      ? sampleOf(base.schema, withOther(definitions, random), random)
      : sampleOf(mutateSchema(base.schema, random), definitions, random),
  )
  return [base, ...mutants]
}

// Without refs in what is new, which could make a definition of nothing but itself.
function withOther(definitions: Sample['definitions'], random: Random): Sample['definitions'] {
  return { ...definitions, Other: mutateSchema(definitions.Other ?? true, random, false) }
}

/** Two states of an event: with one change between them, and with two. */
function* pairs(): Generator<readonly [name: string, old: Sample, next: Sample]> {
  for (let seed = 1; seed <= families; seed++) {
    const samples = family(seed)
    const [base] = samples
    for (const [index, sample] of samples.entries()) {
      const following = samples[index + 1]
      if (base !== undefined && index > 0) yield [`${seed}: 0 to ${index}`, base, sample]
      if (following !== undefined && index > 0) yield [`${seed}: ${index} to ${index + 1}`, sample, following]
    }
  }
}

function modelOf({ schema, definitions }: Sample): ContractModel {
  const event = { name: 'happened', version: 1, schema }
  const channel = { key: 'things', path: 'things', deliver: 'every', params: [], events: [event] } as const
  return { name: 'test', version: '1.0.0', channels: [channel], definitions }
}

// What is written and read on each side: on the wire by old clients, from the log by new ones.
it('is major wherever a value that is written is refused', () => {
  const tally = { pairs: 0, safe: 0, major: 0, shown: 0 }
  for (const [name, old, next] of pairs()) {
    const { wire, replay } = verdictOf(compareContracts(modelOf(old), modelOf(next)))
    tally.pairs++
    for (const [level, written, reader] of [
      [wire, next, old],
      [replay, old, next],
    ] as const) {
      const refused = written.values.find((value) => !reader.fits(value))
      if (level !== 'major') {
        tally.safe++
        if (refused !== undefined) expect.fail(`${name}: ${tell(written, reader, refused)}`)
      } else {
        tally.major++
        if (refused !== undefined) tally.shown++
      }
    }
  }
  expect(tally.pairs).toBeGreaterThanOrEqual(5_000)
  // Who cried "major" at everything would be sound, too.
  expect(tally.safe).toBeGreaterThan(4_000)
  expect(tally.shown / tally.major).toBeGreaterThan(0.6)
})

function tell(written: Sample, reader: Sample, value: unknown): string {
  const text = ({ schema, definitions }: Sample) => JSON.stringify({ ...Object(schema), $defs: definitions })
  return `${JSON.stringify(value)}\nis written by ${text(written)}\nand refused by ${text(reader)}`
}
