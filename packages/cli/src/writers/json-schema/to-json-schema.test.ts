import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { hostileContract, someContracts } from '../some-contracts.fixture.ts'
import { strictValidatorFor } from '../validator.fixture.ts'
import { toJsonSchema } from './to-json-schema.ts'

const all = Object.entries({ ...someContracts, hostile: hostileContract })

describe('JSON Schema', () => {
  it.each(all)('is valid and complete, in one file and in several: %s', (_, model) => {
    for (const { document } of [...toJsonSchema(model), ...toJsonSchema(model, { files: 'each' })]) {
      const ajv = new Ajv2020()
      expect(ajv.validateSchema(document), ajv.errorsText()).toBe(true)
      // It stops at refs that lead nowhere, and at words that it does not know.
      strictValidatorFor(document)
    }
  })

  it('has a file for each event', () => {
    const shop = someContracts.shop as (typeof all)[0][1]
    expect(toJsonSchema(shop, { files: 'each' }).map(({ name }) => name)).toEqual([
      'orders.placed.schema.json',
      'orders.shipped.schema.json',
      'orders.lost.schema.json',
      'orders.moved.schema.json',
      'orders.snapshot.schema.json',
      'stock.counted.schema.json',
      'stock.tree.schema.json',
      'stock.bare.schema.json',
      'stock.odd.schema.json',
      'news.posted.schema.json',
    ])
  })

  it('brings only the definitions that an event needs', () => {
    const shop = someContracts.shop as (typeof all)[0][1]
    const definitions = Object.fromEntries(
      toJsonSchema(shop, { files: 'each' }).map(({ name, document }) => [
        name,
        Object.keys(document.$defs ?? {}),
      ]),
    )
    expect(definitions['orders.snapshot.schema.json']).toEqual(['Payment'])
    expect(definitions['orders.placed.schema.json']).toEqual(['Money', 'Payment', 'PostalAddress'])
    expect(definitions['news.posted.schema.json']).toEqual([])
  })

  it('takes the data of any of its events', () => {
    const [file] = toJsonSchema(someContracts.shop as (typeof all)[0][1])
    const validate = strictValidatorFor(file?.document ?? {})
    expect(validate({ parcel: 'a' })).toBe(undefined)
    expect(validate({ text: 'a', until: '1970-01-01T00:00:00Z' })).toBe(undefined)
    expect(validate({ parcel: 1 })).toBeTypeOf('string')
  })
})
