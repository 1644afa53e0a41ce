import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ContractModel } from '../model/contract-model.ts'
import { resolveSchema } from '../model/definitions.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { mapSubschemas } from '../model/subschemas.ts'
import { toAsyncApi } from '../writers/asyncapi/to-asyncapi.ts'
import { formatDocument, type JsonDocument } from '../writers/document.ts'
import { toJsonSchema } from '../writers/json-schema/to-json-schema.ts'
import { toOpenApi } from '../writers/openapi/to-openapi.ts'
import { hostileContract, someContracts } from '../writers/some-contracts.fixture.ts'
import { camelCase } from './names/words.ts'
import { lines, readModel, withPayload } from './read.fixture.ts'
import { randomSchema, shelf } from './schema/random-schema.fixture.ts'

// What our own writers write is read back as the contract that it was written of.

const writers: Readonly<Record<string, (model: ContractModel) => JsonDocument>> = {
  AsyncAPI: (model) => toAsyncApi(model, { url: 'https://example.com/events' }),
  'OpenAPI 3.2': (model) => toOpenApi(model, { version: '3.2' }),
  'OpenAPI 3.1': (model) => toOpenApi(model, { version: '3.1', basePath: '/' }),
}

describe.each(Object.keys(writers))('%s', (format) => {
  const write = writers[format] as (model: ContractModel) => JsonDocument
  test.each(Object.entries({ ...someContracts, hostile: hostileContract }))('%s', async (_name, contract) => {
    for (const layout of ['yaml', 'json'] as const) {
      const { model, problems } = await readModel(formatDocument(write(contract), layout))
      expect(lines(problems)).toEqual([])
      // A key that is no identifier is the one thing that a reader changes.
      const channels = contract.channels.map((channel) => ({ ...channel, key: camelCase(channel.key) }))
      expect(model).toEqual({ ...contract, channels })
    }
  })
})

test('what was read of any schema is written and read as the same', async () => {
  const payload = fc.oneof(randomSchema('draft-07'), randomSchema('2020-12'))
  await fc.assert(
    fc.asyncProperty(payload, async (schema) => {
      const { model } = await readModel(withPayload(schema, shelf))
      for (const write of Object.values(writers)) {
        const again = await readModel(formatDocument(write(model), 'json'))
        expect(lines(again.problems)).toEqual([])
        expect(again.model).toEqual(model)
      }
    }),
    { numRuns: Number(process.env.RUNS ?? 25) },
  )
})

// JSON Schema has no channels, snapshots, versions, codecs or discriminators, and each event is a definition that has a title.
test.each(Object.entries(someContracts))('JSON Schema: %s', async (_name, contract) => {
  const [file] = toJsonSchema(contract)
  const { model, problems } = await readModel(formatDocument(file?.document ?? {}, 'json'))
  expect(lines(problems)).toEqual([])
  const written = contract.channels.flatMap(({ key, events, snapshot }) => [
    ...events.map(({ name, schema }) => ({ name: `${key}.${name}`, schema })),
    ...(snapshot === undefined
      ? []
      : [{ name: expect.stringMatching(/snapshot$/), schema: snapshot.schema }]),
  ])
  const read = model.channels.flatMap(({ events }) => events)
  expect(read.map(({ name }) => name)).toEqual(written.map(({ name }) => name))
  for (const [index, { schema }] of read.entries()) {
    expect(bare(resolveSchema(schema, model.definitions))).toEqual(
      bare(resolveSchema(written[index]?.schema ?? false, contract.definitions)),
    )
  }
  for (const [name, schema] of Object.entries(contract.definitions)) {
    expect(bare(model.definitions[name])).toEqual(bare(schema))
  }
})

const unwritten = new Set(['x-codec', 'discriminator'])
const words = new Set([...unwritten, 'title', 'description', 'deprecated', 'examples'])

/** A schema as JSON Schema says it; of an event as a whole without the words that the model has elsewhere. */
function bare(schema: JsonSchema | undefined, left = words): unknown {
  if (typeof schema !== 'object') return schema === true ? {} : schema === false ? { not: {} } : schema
  const entries = Object.entries(mapSubschemas(schema, (child) => bare(child, unwritten) as JsonSchema))
  return Object.fromEntries(entries.filter(([keyword]) => !left.has(keyword)))
}
