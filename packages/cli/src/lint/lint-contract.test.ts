import { describe, expect, it } from 'vitest'
import { readContract } from '../contract-reader/read-contract.ts'
import { shop } from '../contract-reader/shop.fixture.ts'
import type { ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { formatPlace } from '../model/place.ts'
import { readDocument } from '../readers/read-document.ts'
import { lintContract } from './lint-contract.ts'
import { isRuleId, type RuleId, rules } from './rules.ts'
import { dataRows } from './testing/data-rows.fixture.ts'
import { documentationRows } from './testing/documentation-rows.fixture.ts'
import { nameRows } from './testing/name-rows.fixture.ts'
import { readingRows } from './testing/reading-rows.fixture.ts'
import { placesIn } from './testing/row.fixture.ts'
import { unionRows } from './testing/union-rows.fixture.ts'

const rows = [...readingRows, ...documentationRows, ...nameRows, ...dataRows, ...unionRows]
const { model } = readContract(shop, { file: 'shop.ts' }) as { model: ContractModel }

describe('a rule', () => {
  it.each(rows)('$rule: $what', (row) => {
    expect(placesIn(row)).toEqual(row.places)
  })

  it('is held by rows where it finds something, whichever it is', () => {
    const held = new Set(rows.filter(({ places }) => places.length > 0).map(({ rule }) => rule))
    // What documents have, and what is refused, is told further below and beside.
    const elsewhere: readonly RuleId[] = ['left-out', 'mended', 'unrepresentable-schema', 'async-schema']
    expect([...held, ...elsewhere].toSorted()).toEqual(Object.keys(rules).toSorted())
  })

  it.each(Object.keys(rules) as RuleId[])('can be switched off: %s', (rule) => {
    const found = lintContract(model, { on: Object.keys(rules) as RuleId[], off: [rule] })
    expect(found.map((finding) => finding.rule)).not.toContain(rule)
  })

  it('looks only on request where it says so', () => {
    const found = lintContract(model).map(({ rule }) => rule)
    expect(found).not.toContain('undocumented-field')
    expect(lintContract(model, { on: ['undocumented-field'] }).map(({ rule }) => rule)).toContain(
      'undocumented-field',
    )
  })

  it('is known by its name', () => {
    expect(isRuleId('unbounded-string')).toBe(true)
    expect(isRuleId('toString')).toBe(false)
  })
})

describe('the findings', () => {
  it('come in the order of the contract', () => {
    const places = lintContract(model).map(({ place: { pointer, ...owner } }) => formatPlace(owner))
    expect([...new Set(places)]).toEqual([
      'orders.placed',
      'orders.shipped',
      'orders.lost',
      'orders.moved',
      'orders (snapshot)',
      'stock',
      'stock {aisle}',
      'stock {shelf}',
      'stock.counted',
      'stock.tree',
      'stock.bare',
      'stock.odd',
      'news',
      'news.posted',
      ...Object.keys(model.definitions)
        .filter((name) => places.includes(`${name} (definition)`))
        .map((name) => `${name} (definition)`),
    ])
  })

  it('say where a document has it', async () => {
    const text = [
      'asyncapi: 3.0.0',
      'info: { title: Shop, version: 1.0.0 }',
      'channels:',
      '  orders:',
      '    address: orders',
      '    messages:',
      '      placed:',
      '        payload:',
      '          type: object',
      '          properties:',
      '            note: { type: string }',
    ].join('\n')
    const { model: read, placeOf } = await readDocument({
      file: 'shop.yaml',
      text,
      load: () => Promise.reject(new Error()),
    })
    const found = lintContract(read as ContractModel, { placeOf })
    const unbounded = found.find(({ rule }) => rule === 'unbounded-string')
    expect(unbounded).toMatchObject({
      place: { channel: 'orders', event: 'placed', pointer: '/properties/note' },
      source: { file: 'shop.yaml', line: 11 },
    })
  })

  it('are few for a contract in which everything is said', () => {
    const said: ContractModel = {
      ...model,
      channels: model.channels.slice(0, 1),
    }
    expect(lintContract(said, { off: ['unbounded-string', 'missing-example'] }).length).toBeLessThan(6)
  })

  it('end for many schemas that hold each other', () => {
    // As syntax trees do: what tells the options apart stands behind what leads to all of them again.
    const kinds = Array.from({ length: 60 }, (_, index) => `Kind${index}`)
    const any: JsonSchema = { anyOf: kinds.map((name) => ({ $ref: `#/$defs/${name}` })) }
    const definitions = Object.fromEntries(
      kinds.map((name): [string, JsonSchema] => [
        name,
        {
          type: 'object',
          properties: { left: any, right: any, all: { type: 'array', items: any }, is: { const: name } },
          required: ['left', 'right', 'all', 'is'],
        },
      ]),
    )
    const event = { name: 'e', version: 1, schema: any }
    const channels = [{ key: 'c', path: 'c', deliver: 'every' as const, params: [], events: [event] }]
    const found = lintContract({ name: 'a', version: '1.0.0', channels, definitions })
    expect(found.filter(({ rule }) => rule === 'ambiguous-union')).toEqual([])
    expect(found.filter(({ rule }) => rule === 'huge-union')).not.toEqual([])
  })

  it('end for a schema that is deep', () => {
    let schema: JsonSchema = { type: 'string' }
    for (let depth = 0; depth < 500; depth += 1) schema = { type: 'array', items: schema }
    const event = { name: 'e', version: 1, schema }
    const channels = [{ key: 'c', path: 'c', deliver: 'every' as const, params: [], events: [event] }]
    const found = lintContract({ name: 'a', version: '1.0.0', channels, definitions: {} })
    expect(found.filter(({ rule }) => rule === 'unbounded-array')).toHaveLength(500)
  })
})
