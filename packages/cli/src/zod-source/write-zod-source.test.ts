import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { ChannelModel, ContractModel } from '../model/contract-model.ts'
import type { JsonSchema } from '../model/json-schema.ts'
import { someContracts } from '../writers/some-contracts.fixture.ts'
import { modelOf } from './testing/differential.fixture.ts'
import { evaluate } from './testing/evaluate.fixture.ts'
import { createRandom } from './testing/random.fixture.ts'
import { randomDefinitions } from './testing/random-schema.fixture.ts'
import { writtenSources } from './testing/written-sources.fixture.ts'
import { writeZodSource, type ZodSourceOptions } from './write-zod-source.ts'

describe('the schemas', () => {
  it.each(writtenSources)(
    'are written: $what, $flavour',
    ({ definitions, source, flavour = 'zod' as const }) => {
      expect(schemasOf(definitions, { flavour })).toBe(source)
    },
  )

  it('leave dates as they are on the wire', () => {
    const definitions = { At: { type: 'string', format: 'date-time', description: 'When.' } } as const
    expect(schemasOf(definitions, { dates: 'string' })).toBe(`
/** When. */
export const at = z.iso.datetime({ offset: true }).meta({ id: 'At', description: 'When.' })
`)
  })

  it('are the same each time', () => {
    const model = modelOf(randomDefinitions(createRandom(5), 8, 3))
    expect(writeZodSource(model)).toEqual(writeZodSource(structuredClone(model)))
  })
})

describe('the contract', () => {
  it('is written with all that a channel has', () => {
    const { source, problems } = writeZodSource(shop)
    expect(source).toBe(shopSource)
    expect(problems).toEqual([
      {
        severity: 'loss',
        file: '',
        pointer: '#/channels/orders/events/placed/schema',
        message: 'the upgrades from version 1, version 2 are code; write them as "upgrade" of the event',
      },
    ])
    const { contract } = evaluate(source)
    const channel = contract['~contract'].channels.orders
    expect(channel).toMatchObject({ path: 'orders/{region}/{number}/{line}', deliver: 'latest' })
    expect(channel?.events.placed).toMatchObject({ version: 3 })
  })

  it('has one constant for a message of several channels', () => {
    const sent = {
      name: 'sent',
      version: 1,
      title: 'Sent',
      schema: { type: 'object', properties: { a: {} } },
    } as const
    const other = { ...sent, name: 'other', schema: { type: 'object', properties: { b: {} } } } as const
    const one = { key: 'one', path: 'one', deliver: 'every', params: [], events: [sent] } as const
    const channels = [one, { ...one, key: 'two', path: 'two', events: [sent, other] }]
    const { source } = writeZodSource({ name: 'c', version: '1.0.0', channels, definitions: {} })
    expect(source.match(/^export const .*$/gm)).toEqual([
      'export const sent = z.object({ a: z.unknown().optional() })',
      'export const sentSchema = z.object({ b: z.unknown().optional() })',
      'export const c = defineContract({',
    ])
  })

  it('breaks a long list of imports', () => {
    const properties: Record<string, JsonSchema> = {
      a: { type: 'string', format: 'date-time' },
      b: { type: 'string', pattern: '^-?\\d+$', 'x-codec': 'bigint' },
      c: { type: 'string', format: 'uri', 'x-codec': 'url' },
      d: { type: 'string', format: 'base64', 'x-codec': 'bytes' },
      e: { type: 'array', items: {}, 'x-codec': 'set' },
      f: { type: 'array', items: { prefixItems: [{}, {}], items: false }, 'x-codec': 'map' },
    }
    const { source } = writeZodSource(modelOf({ All: { type: 'object', properties } }))
    expect(source.slice(0, source.indexOf('export'))).toBe(`import * as z from 'zod'
import {
  base64Bytes,
  bigintText,
  channel,
  defineContract,
  isoDate,
  mapEntries,
  setItems,
  urlText,
} from '@millrace/contract'

`)
  })
})

describe('what is lost', () => {
  it.each<[string, JsonSchema, string]>([
    [
      'a pattern',
      { type: 'string', pattern: '(' },
      '"(" is no regular expression of JavaScript; any text is accepted',
    ],
    [
      'a pattern of names',
      { type: 'object', patternProperties: { '(': false } },
      '"(" is no regular expression of JavaScript; members under it are not checked',
    ],
    [
      'a format',
      { type: 'string', format: 'regex' },
      'the format "regex" is not checked; any text is accepted',
    ],
    [
      '__proto__',
      { required: ['__proto__'] },
      'Zod drops members named "__proto__"; what is said of it is left out',
    ],
    [
      'a definition',
      { items: { $ref: '#/$defs/Missing' } },
      'there is no definition "Missing"; any value is accepted',
    ],
  ])('is told: %s', (_what, schema, message) => {
    const { problems } = writeZodSource(modelOf({ S1: schema }))
    expect(problems).toMatchObject([{ severity: 'loss', message }])
  })

  it('is told with its place in the document', () => {
    const inner: JsonSchema = { type: 'string', pattern: '(' }
    const model = modelOf({ S1: { type: 'object', properties: { 'a/b': inner } } })
    expect(writeZodSource(model).problems).toMatchObject([{ pointer: '#/definitions/S1/properties/a~1b' }])
    const placeOf = (schema: JsonSchema) =>
      schema === inner ? { file: 'a.yaml', pointer: '#/x', line: 3 } : undefined
    expect(writeZodSource(model, { placeOf }).problems).toMatchObject([{ file: 'a.yaml', line: 3 }])
  })

  it('is nothing where a type is only implied, as a warning says', () => {
    const definitions = { S1: { properties: { a: { minLength: 1 } } } }
    const { source, problems } = writeZodSource(modelOf(definitions), { untyped: 'implied' })
    expect(source).toContain('z.object({ a: z.string().min(1).optional() })')
    expect(problems.map(({ severity, message }) => `${severity}: ${message}`)).toEqual([
      'warning: "type" is missing; "object" is what the other keywords imply',
      'warning: "type" is missing; "string" is what the other keywords imply',
    ])
  })
})

it.each(['zod', 'mini'] as const)('is formatted as Biome would, in %s', async (flavour) => {
  const folder = await mkdtemp(join(tmpdir(), 'millrace-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const models = [
    ...Object.values(someContracts),
    ...[1, 2, 3, 4, 5].map((seed) => modelOf(randomDefinitions(createRandom(seed), 8, 3))),
    shop,
  ]
  const sources = models.map((model) => writeZodSource(model, { flavour }).source)
  await Promise.all(sources.map((source, index) => writeFile(join(folder, `${index}.ts`), source)))
  await format(folder)
  for (const [index, source] of sources.entries()) {
    expect(await readFile(join(folder, `${index}.ts`), 'utf8')).toBe(source)
  }
})

async function format(folder: string): Promise<void> {
  const { formatter, javascript } = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'))
  await writeFile(join(folder, 'biome.json'), JSON.stringify({ formatter, javascript }))
  const biome = createRequire(import.meta.url).resolve('@biomejs/biome/bin/biome')
  await promisify(execFile)(process.execPath, [biome, 'format', '--write', '.'], { cwd: folder })
}

const root = fileURLToPath(new URL('../../../../', import.meta.url))

function schemasOf(definitions: Readonly<Record<string, JsonSchema>>, options: ZodSourceOptions): string {
  const { source } = writeZodSource({ ...modelOf(definitions), name: 'contract' }, options)
  return source.slice(source.indexOf('\n\n') + 1, source.indexOf('\nexport const contract = '))
}

const orders: ChannelModel = {
  key: 'orders',
  path: 'orders/{region}/{number}/{line}',
  description: 'What is ordered.',
  deliver: 'latest',
  params: [
    { name: 'region', schema: { enum: ['eu', 'us'] }, description: 'Where it goes.' },
    { name: 'number', schema: { 'x-codec': 'integer', type: 'string', pattern: '^-?\\d+$' } },
    { name: 'line', schema: { type: 'string' } },
  ],
  events: [
    {
      name: 'placed',
      version: 3,
      upgradesFrom: [1, 2],
      title: 'Order placed',
      examples: [{ id: 'a', total: { amount: 1, currency: 'EUR' } }],
      schema: {
        type: 'object',
        properties: { id: { type: 'string' }, total: { $ref: '#/$defs/Money' } },
        required: ['id', 'total'],
      },
    },
    {
      name: 'order.paid',
      version: 1,
      description: 'Money came in.',
      deprecated: true,
      schema: { $ref: '#/$defs/Money' },
    },
    { name: 'money', version: 2, schema: { $ref: '#/$defs/Money' } },
    { name: 'noted', version: 1, schema: true },
  ],
  snapshot: { name: 'snapshot', version: 1, schema: { type: 'array', items: { $ref: '#/$defs/Money' } } },
}

const shop: ContractModel = {
  name: 'my-shop',
  version: '2.1.0',
  title: "The shop's",
  description: 'All that is sold.',
  channels: [orders, { key: 'x-1', path: 'x', deliver: 'every', params: [], events: [] }],
  definitions: {
    Money: {
      type: 'object',
      properties: { amount: { type: 'number' }, currency: { type: 'string', minLength: 3, maxLength: 3 } },
      required: ['amount', 'currency'],
    },
    Unused: { type: 'string' },
  },
}

const shopSource = String.raw`import * as z from 'zod'
import { channel, defineContract, event } from '@millrace/contract'

export const money = z.object({
  amount: z.number(),
  currency: z.string().length(3),
})

export const unused = z.string()

export const orderPlaced = z.object({
  id: z.string(),
  total: money,
})

/** All that is sold. */
export const myShop = defineContract({
  name: 'my-shop',
  version: '2.1.0',
  title: "The shop's",
  description: 'All that is sold.',
  channels: {
    /** What is ordered. */
    orders: channel('orders/{region}/{number}/{line}', {
      description: 'What is ordered.',
      params: {
        region: z.enum(['eu', 'us']).meta({ description: 'Where it goes.' }),
        number: z.codec(z.string().regex(/^-?\d+$/u), z.int(), { decode: Number, encode: String }),
      },
      events: {
        placed: event(
          orderPlaced.meta({
            title: 'Order placed',
            examples: [{ id: 'a', total: { amount: 1, currency: 'EUR' } }],
          }),
          { version: 3 },
        ),
        /**
         * Money came in.
         * @deprecated
         */
        'order.paid': money.meta({ description: 'Money came in.', deprecated: true }),
        money: event(money, { version: 2 }),
        noted: z.unknown(),
      },
      snapshot: z.array(money),
      deliver: 'latest',
    }),
    'x-1': channel('x', {
      events: {},
    }),
  },
})
`
