import { channel, defineContract } from '@millrace/contract'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { loadContracts } from '../contract-reader/load-contracts.ts'
import { readContract } from '../contract-reader/read-contract.ts'
import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema, JsonSchemaObject } from '../model/json-schema.ts'
import { mapSubschemas } from '../model/subschemas.ts'
import { temporaryFolder } from '../temporary-folder.fixture.ts'
import { randomEvent } from '../writers/random-event.fixture.ts'
import { hostileContract, someContracts } from '../writers/some-contracts.fixture.ts'
import { modelOf } from './testing/differential.fixture.ts'
import { evaluate } from './testing/evaluate.fixture.ts'
import { createRandom } from './testing/random.fixture.ts'
import { randomDefinitions } from './testing/random-schema.fixture.ts'
import { equalJson } from './values/equal-json.ts'
import { writeZodSource } from './write-zod-source.ts'

const flavours = ['zod', 'mini'] as const
const contracts = Object.entries({ ...someContracts, hostile: hostileContract })

describe.each(flavours)('a contract written in %s', (flavour) => {
  const write = (model: ContractModel) => writeZodSource(model, { flavour }).source

  it.each(contracts)('is read back: %s', (_name, model) => {
    const source = write(model)
    const again = readBack(source)
    expect(write(again)).toBe(source)
    expect(plain(again)).toEqual(plain(model))
  })

  it('is read back by the command', async () => {
    const folder = await temporaryFolder()
    onTestFinished(() => folder.remove())
    const source = write(someContracts.shop as ContractModel)
    const file = await folder.write('shop.ts', source)
    const { contracts: found, exports } = await loadContracts(file)
    const [{ exportName, contract } = {}] = found
    if (contract === undefined) throw new Error('there is no contract')
    expect(exportName).toBe('shop')
    const { model } = readContract(contract, { file, exports })
    expect(model && write(model)).toBe(source)
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('is read back at random: %i', (seed) => {
    const samples = fc.sample(randomEvent, { seed, numRuns: 12 })
    const events = Object.fromEntries(samples.map(({ schema }, index) => [`event-${index}`, schema]))
    const contract = defineContract({
      name: 'random',
      version: '1.0.0',
      channels: { all: channel('all', { events }) },
    })
    const { model } = readContract(contract, { file: 'random.ts' })
    if (model === undefined) throw new Error('it cannot be read')
    const source = write(model)
    const again = readBack(source)
    expect(write(again)).toBe(source)
    expect(plain(again)).toEqual(plain(model))
  })

  // What only code says, such as `not`, is lost at the first reading.
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('comes to rest, made of any schemas: %i', (seed) => {
    const model = modelOf(randomDefinitions(createRandom(seed), 8, 3))
    const source = write(readBack(write(model)))
    expect(write(readBack(source))).toBe(source)
  })
})

function readBack(source: string): ContractModel {
  const { contract, exports } = evaluate(source)
  const { model, problems } = readContract(contract, { file: 'contract.ts', exports })
  if (model === undefined) throw new Error(JSON.stringify(problems))
  return model
}

/** A model without what a contract in Zod has no words for, as listed in docs/zod-from-json-schema.md. */
function plain(model: ContractModel): ContractModel {
  return {
    ...model,
    channels: model.channels.map((one) => ({
      ...one,
      params: one.params.map((param) => ({ ...param, schema: plainSchema(param.schema) })),
      events: one.events.map(({ upgradesFrom: _, ...event }) => ({
        ...event,
        schema: plainSchema(event.schema),
      })),
      ...(one.snapshot && { snapshot: { ...one.snapshot, schema: plainSchema(one.snapshot.schema) } }),
    })),
    definitions: Object.fromEntries(
      Object.entries(model.definitions).map(([name, schema]) => [name, plainSchema(schema)]),
    ),
  }
}

function plainSchema(schema: JsonSchema): JsonSchema {
  if (typeof schema === 'boolean') return schema
  const { anyOf, properties, additionalProperties, ...others } = mapSubschemas(schema, plainSchema)
  const { 'x-codec': codec, ...rest } = others
  const isOpen =
    Object.keys(properties ?? {}).length === 0 && Object.keys(Object(additionalProperties)).length === 0
  const options = anyOf?.flatMap(optionsOf)
  const distinct = options?.filter(
    (option, index) => options.findIndex((other) => equalJson(option, other)) === index,
  )
  return {
    ...rest,
    // Whole numbers and others have one codec in code.
    ...(codec === undefined ? {} : { 'x-codec': codec === 'integer' ? 'number' : codec }),
    // An object without known members keeps all of them.
    ...(isOpen ? {} : { properties, additionalProperties }),
    // A union in a union is one, and `null` is said once.
    ...(distinct === undefined ? {} : { anyOf: distinct }),
  } as JsonSchemaObject
}

function optionsOf(option: JsonSchema): readonly JsonSchema[] {
  const isUnion = typeof option === 'object' && Object.keys(option).join() === 'anyOf'
  return isUnion ? ((option as JsonSchemaObject).anyOf ?? []) : [option]
}
