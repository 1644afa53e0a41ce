import { channel, defineContract } from '@millrace/contract'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import * as z from 'zod'
import { readContract } from '../contract-reader/read-contract.ts'
import type { ContractModel } from '../model/contract-model.ts'
import { toAsyncApi } from './asyncapi/to-asyncapi.ts'
import { exampleOf } from './documentation/example-value.ts'
import { toJsonSchema } from './json-schema/to-json-schema.ts'
import { toOpenApi } from './openapi/to-openapi.ts'
import { randomEvent } from './random-event.fixture.ts'
import { strictValidatorFor, validatorFor } from './validator.fixture.ts'

function modelOf(schema: z.core.$ZodType): { contract: ReturnType<typeof contractOf>; model: ContractModel } {
  const contract = contractOf(schema)
  const { model, problems } = readContract(contract, { file: 'a.ts' })
  expect(problems).toEqual([])
  return { contract, model: model as ContractModel }
}

function contractOf(schema: z.core.$ZodType) {
  return defineContract({
    name: 'a',
    version: '1.0.0',
    channels: { all: channel('all', { events: { e: schema, again: z.object({ e: schema }) } }) },
  })
}

it('describes, in every document, what travels', () => {
  fc.assert(
    fc.property(
      randomEvent.chain(({ schema, data }) =>
        fc.tuple(fc.constant(schema), fc.array(data, { minLength: 1, maxLength: 3 })),
      ),
      ([schema, values]) => {
        const { contract, model } = modelOf(schema)
        const event = contract.all['~channel'].events.e
        const asyncApi = toAsyncApi(model)
        const openApi = toOpenApi(model)
        const validators = {
          'JSON Schema': strictValidatorFor(toJsonSchema(model, { files: 'each' })[0]?.document ?? {}),
          AsyncAPI: validatorFor(
            at(asyncApi, 'channels', 'all', 'messages', 'e', 'payload'),
            'draft-07',
            asyncApi,
          ),
          OpenAPI: validatorFor(
            at(openApi, 'components', 'schemas', 'AllEEvent', 'properties', 'data', 'contentSchema'),
            '2020-12',
            openApi,
          ),
        }
        for (const value of values) {
          const wire: unknown = JSON.parse(JSON.stringify(event?.encode(value)))
          for (const [name, validate] of Object.entries(validators))
            expect([name, validate(wire)]).toEqual([name, undefined])
        }
      },
    ),
    { numRuns: 80 },
  )
})

it('makes examples that its own schemas and Zod take', () => {
  fc.assert(
    fc.property(randomEvent, ({ schema }) => {
      const { contract, model } = modelOf(schema)
      const [event] = model.channels[0]?.events ?? []
      if (event === undefined) throw new Error('there is no event')
      const example = exampleOf(event, model.definitions)
      const validate = strictValidatorFor(toJsonSchema(model, { files: 'each' })[0]?.document ?? {})
      expect(validate(example)).toBe(undefined)
      contract.all['~channel'].events.e?.decode(example, 1)
    }),
    { numRuns: 120 },
  )
})

it('refuses what the contract refuses', () => {
  const schema = z.object({
    kind: z.discriminatedUnion('is', [
      z.object({ is: z.literal('a'), n: z.int() }),
      z.strictObject({ is: z.literal('b') }),
    ]),
    t: z.tuple([z.string(), z.int()]),
    r: z.record(z.enum(['x', 'y']), z.boolean()),
  })
  const good = { kind: { is: 'a', n: 1 }, t: ['a', 1], r: { x: true, y: false } }
  const { model, contract } = modelOf(schema)
  const asyncApi = toAsyncApi(model)
  const validators = [
    strictValidatorFor(toJsonSchema(model, { files: 'each' })[0]?.document ?? {}),
    validatorFor(at(asyncApi, 'channels', 'all', 'messages', 'e', 'payload'), 'draft-07', asyncApi),
  ]
  const wrong = [
    { ...good, kind: { is: 'a', n: 1.5 } },
    { ...good, kind: { is: 'b', n: 1 } },
    { ...good, kind: { is: 'c' } },
    { ...good, t: ['a', 1, 2] },
    { ...good, t: ['a'] },
    { ...good, t: [1, 1] },
    { ...good, r: { x: true } },
    { ...good, r: { x: true, y: true, z: true } },
    {},
  ]
  const decode = (value: unknown) => contract.all['~channel'].events.e?.decode(value, 1)
  expect(decode(good)).toEqual(good)
  for (const validate of validators) {
    expect(validate(good)).toBe(undefined)
    for (const value of wrong) expect(validate(value)).toBeTypeOf('string')
  }
  for (const value of wrong) expect(() => decode(value)).toThrow()
})

function at(document: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((node, key) => (node as Readonly<Record<string, unknown>>)[key], document)
}
