import { execFile } from 'node:child_process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import {
  type AnyContract,
  bigintText,
  channel,
  defineContract,
  isoDate,
  type Schema,
  setItems,
  urlText,
} from '@millrace/contract'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { readContract } from '../../contract-reader/read-contract.ts'
import * as shopModule from '../../contract-reader/shop.fixture.ts'
import { type TemporaryFolder, temporaryFolder } from '../../temporary-folder.fixture.ts'
import { randomEvent } from '../random-event.fixture.ts'
import { bundle } from './bundle.fixture.ts'
import * as depotModule from './depot.fixture.ts'
import { toTypeScript } from './to-typescript.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../../../../', import.meta.url))

let folder: TemporaryFolder
beforeAll(async () => {
  folder = await temporaryFolder()
})
afterAll(() => folder.remove())

function sourceOf(contract: AnyContract, exports: Record<string, unknown> = {}) {
  const { model } = readContract(contract, { file: 'a.ts', exports })
  if (model === undefined) throw new Error('there is no model')
  return toTypeScript(model)
}

function contractOf(events: Record<string, Schema>) {
  return defineContract({ name: 'some', version: '1.0.0', channels: { all: channel('all', { events }) } })
}

async function load(source: string): Promise<AnyContract> {
  const name = `plain-${crypto.randomUUID()}`
  const { text } = await bundle(await folder.write(`${name}.ts`, source))
  const exports: Record<string, unknown> = await import(
    pathToFileURL(await folder.write(`${name}.mjs`, text)).href
  )
  const [found] = Object.values(exports)
  if (found === undefined) throw new Error('there is no contract')
  return found as AnyContract
}

const { source, problems } = sourceOf(shopModule.shop, shopModule)

const unions: readonly (readonly [string, Parameters<typeof z.union>[0], readonly unknown[]])[] = [
  ['a date or a text', [isoDate, z.string()], [new Date(0), 'soon', '5']],
  ['any text before a date', [z.string(), isoDate], ['soon']],
  ['a word or a date', [z.literal('now'), isoDate], ['now', new Date(0)]],
  ['several codecs', [isoDate, bigintText, urlText], [new Date(0), 5n, new URL('https://example.org/')]],
  [
    'a date, a number or a set',
    [isoDate, z.int(), setItems(isoDate)],
    [new Date(0), 5, new Set(), new Set([new Date(0)])],
  ],
  ['a list or an object', [z.array(isoDate), z.object({ a: z.int() })], [[new Date(0)], [], { a: 1 }]],
  ['a set or a text', [setItems(z.string()), z.string(), z.null()], [new Set(['a']), 'a', null]],
]

describe('the source of a contract without Zod', () => {
  it('tells what is not in it', () => {
    expect(problems).toEqual([
      {
        severity: 'loss',
        file: 'shop 2.3.0',
        pointer: '#/channels/orders/events/shipped',
        message: 'its upgrades are code, so events of version 2 are reported as "no-upgrade"',
      },
    ])
  })

  it('is formatted', async () => {
    const biome = run(`${root}node_modules/.bin/biome`, ['format', '--stdin-file-path=some.ts'], {
      cwd: root,
    })
    biome.child.stdin?.end(source)
    expect((await biome).stdout).toBe(source)
  })

  it('has the types of the contract with Zod', async () => {
    await folder.write('types/plain.ts', source)
    await folder.write('types/depot.ts', sourceOf(depotModule.depot, depotModule).source)
    await folder.write('types/random.ts', sourceOf(contractOf(randomEvents(40))).source)
    const options = Object.fromEntries(
      unions.map(([, some], index) => [`e${index}`, z.object({ a: z.union(some) })]),
    )
    await folder.write('types/unions.ts', sourceOf(contractOf(options)).source)
    await folder.write('types/check.ts', typeCheck)
    const tsconfig = await folder.write(
      'types/tsconfig.json',
      JSON.stringify({
        extends: `${root}tsconfig.base.json`,
        compilerOptions: { types: ['node'], lib: ['ES2023'] },
        files: ['check.ts', 'random.ts', 'unions.ts'],
      }),
    )
    const { stdout } = await run(`${root}node_modules/.bin/tsc`, ['-p', tsconfig]).catch((error) => error)
    expect(stdout).toBe('')
  })

  it('brings no Zod along', async () => {
    const { inputs, bytes } = await bundle(await folder.write('bundled.ts', source))
    expect(inputs.some((input) => input.endsWith('contract/src/plain-codec.ts'))).toBe(true)
    expect(inputs.filter((input) => input.includes('zod'))).toEqual([])
    expect(bytes).toBeLessThan(8_000)
  })
})

describe('a contract without Zod', () => {
  it('has the same addresses', async () => {
    const plain = (await load(source)) as unknown as typeof shopModule.shop
    const { shop } = shopModule
    fc.assert(
      fc.property(
        fc.uuid({ version: 4 }),
        fc.constantFrom('food' as const, 'tools' as const),
        fc.maxSafeInteger(),
        (orderId, aisle, shelf) => {
          expect(plain.orders({ orderId }).address).toBe(shop.orders({ orderId }).address)
          const { address } = shop.stock({ aisle, shelf })
          expect(plain.stock({ aisle, shelf }).address).toBe(address)
          expect(plain.stock['~channel'].decodeAddress(address)).toEqual(
            shop.stock['~channel'].decodeAddress(address),
          )
        },
      ),
    )
    expect(plain.stock().address).toBe(shop.stock().address)
    expect(plain.news().address).toBe('news')
    expect(plain.stock['~channel'].deliver).toBe('latest')
  })

  it('takes any data across as the one with Zod does', async () => {
    const events = randomEvents(150)
    const withZod = contractOf(events)
    const { source, problems } = sourceOf(withZod)
    expect(problems).toEqual([])
    const plain = await load(source)
    for (const [name, { data }] of Object.entries(randoms(150))) {
      const [left, right] = [withZod, plain].map(
        (one) => (one as typeof withZod)['~contract'].channels.all?.events[name],
      )
      for (const value of fc.sample(data, { seed: 5, numRuns: 20 })) {
        const wire: unknown = JSON.parse(JSON.stringify(left?.encode(value)))
        expect(JSON.parse(JSON.stringify(right?.encode(value)))).toEqual(wire)
        expect(right?.decode(wire, 1)).toEqual(left?.decode(wire, 1))
      }
    }
  })

  it.each(unions)(
    'takes an option of a union across as the one with Zod does: %s',
    async (_, options, values) => {
      const contract = contractOf({ e: z.object({ a: z.union(options) }) })
      const { source, problems } = sourceOf(contract)
      expect(problems).toEqual([])
      const plain = await load(source)
      const [left, right] = [contract, plain].map((one) => one['~contract'].channels.all?.events.e)
      for (const a of values) {
        const wire: unknown = JSON.parse(JSON.stringify(left?.encode({ a })))
        expect(right?.encode({ a })).toEqual(wire)
        expect(right?.decode(wire, 1)).toEqual({ a })
        expect(left?.decode(wire, 1)).toEqual({ a })
      }
    },
  )

  it('makes the defaults that the one with Zod makes', async () => {
    const contract = contractOf({
      e: z.object({
        list: z.array(z.string()).default([]),
        at: z._default(isoDate, new Date(0)),
        inner: z.object({ n: z.number().default(3) }).optional(),
        one: z.object({ a: z.string() }).default({ a: 'b' }),
      }),
    })
    const plain = await load(sourceOf(contract).source)
    const [left, right] = [contract, plain].map((one) => one['~contract'].channels.all?.events.e)
    for (const wire of [
      {},
      { inner: {} },
      { list: ['a'], at: '2020-01-01T00:00:00Z', inner: { n: 1 }, one: { a: 'c' } },
    ]) {
      expect(right?.decode(wire, 1)).toEqual(left?.decode(wire, 1))
    }
  })
})

describe('what only a schema could tell', () => {
  it.each<[string, Schema, string, string]>([
    [
      'a codec of their own',
      z.object({ at: z.codec(z.int(), z.date(), { decode: (time) => new Date(time), encode: Number }) }),
      '#/channels/all/events/e/schema/properties/at',
      'at: number',
    ],
    [
      'which object it is',
      z.union([z.object({ at: isoDate }), z.object({ at: z.string() })]),
      '#/channels/all/events/e/schema',
      'at: string',
    ],
    [
      'which list it is',
      z.union([z.array(z.int()), setItems(isoDate)]),
      '#/channels/all/events/e/schema',
      'number[] | string[]',
    ],
    [
      'what is in a list',
      z.union([z.array(isoDate), z.array(z.int())]),
      '#/channels/all/events/e/schema',
      'string[] | number[]',
    ],
  ])('is told: %s', (_, schema, pointer, type) => {
    const { source, problems } = sourceOf(contractOf({ e: schema }))
    expect(problems).toMatchObject([{ severity: 'loss', pointer }])
    expect(source).toContain(type)
    expect(source).not.toContain('Date')
  })

  it('is not needed where a member changes the same way in all of them', async () => {
    const schema = z.union([
      z.object({ at: isoDate, a: z.string() }),
      z.object({ at: isoDate, till: isoDate }),
    ])
    const { source, problems } = sourceOf(contractOf({ e: schema }))
    expect(problems).toEqual([])
    const plain = await load(source)
    const wire = { at: '1970-01-01T00:00:00.000Z', till: '1970-01-01T00:00:00.001Z' }
    expect(plain['~contract'].channels.all?.events.e?.decode(wire, 1)).toEqual({
      at: new Date(0),
      till: new Date(1),
    })
  })
})

it('keeps names apart', async () => {
  const part = z.object({ a: z.string() })
  const contract = defineContract({
    name: 'channel',
    version: '1.0.0',
    channels: {
      date: channel('date', {
        events: {
          'a.b': part.meta({ id: 'Date' }),
          'a-b': z.object({ at: isoDate }).meta({ id: 'Record', description: 'It ends */ here' }),
          aB: z.object({ "it's": z.literal("it's"), __proto__x: isoDate }),
        },
      }),
      'with-dash': channel('x/{constructor}', { events: { class: isoDate } }),
    },
  })
  const { source } = sourceOf(contract)
  expect(source).toContain('export const channel2 = defineContract')
  expect(source).toContain('export type Date2')
  expect(source).toContain('It ends *\\/ here')
  const plain = await load(source)
  expect(Object.keys(plain['~contract'].channels)).toEqual(['date', 'with-dash'])
  expect(plain['~contract'].channels.date?.events['a-b']?.decode({ at: '1970-01-01T00:00:00Z' }, 1)).toEqual({
    at: new Date(0),
  })
})

/** Kinds of events, the same for each call. */
function randoms(count: number) {
  return Object.fromEntries(
    fc.sample(randomEvent, { seed: 11, numRuns: count }).map((event, index) => [`e${index}`, event]),
  )
}

function randomEvents(count: number): Record<string, Schema> {
  return Object.fromEntries(Object.entries(randoms(count)).map(([name, { schema }]) => [name, schema]))
}

const typeCheck = `
import type { EventNameOf, EventOf, StateOf, Topic } from '@millrace/contract'
import { shop as withZod } from '../../../../src/contract-reader/shop.fixture.ts'
import { depot as depotWithZod } from '../../../../src/writers/typescript/depot.fixture.ts'
import { depot } from './depot.ts'
import { shop as plain } from './plain.ts'

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Named<Event, Name> = Extract<Event, { name: Name }>
/** The parts of an event that are not the same in both. */
type Differences<A, B, Key extends keyof A> = Key extends keyof B ? (Equal<A[Key], B[Key]> extends true ? never : Key) : Key
type Between<A extends { name: string }, B extends { name: string }> = {
  [Name in A['name'] | B['name']]: Differences<Named<A, Name>, Named<B, Name>, keyof Named<A, Name>>
}
type Events<Key extends 'orders' | 'stock' | 'news'> = Between<EventOf<(typeof plain)[Key]>, EventOf<(typeof withZod)[Key]>>

export const orders: Equal<Events<'orders'>, { [Name in 'placed' | 'shipped' | 'lost' | 'moved']: never }> = true
export const stock: Equal<Events<'stock'>, { [Name in 'counted' | 'tree' | 'bare' | 'odd']: never }> = true
export const state: Equal<StateOf<typeof plain.orders>, StateOf<typeof withZod.orders>> = true
export const stateless: Equal<StateOf<typeof plain.news>, never> = true
export const news: Equal<Events<'news'>, { posted: never }> = true
type OfDepot<Key extends 'parcels' | 'load'> = Between<EventOf<(typeof depot)[Key]>, EventOf<(typeof depotWithZod)[Key]>>
export const parcels: Equal<OfDepot<'parcels'>, { [Name in 'scanned' | 'ended' | 'noted']: never }> = true
export const load: Equal<OfDepot<'load'>, { measured: never }> = true
export const sameParams: Equal<ReturnType<typeof depot.parcels>['params'], ReturnType<typeof depotWithZod.parcels>['params']> = true
export const sameTopic: Equal<ReturnType<typeof plain.stock>, ReturnType<typeof withZod.stock>> = true
export const names: Equal<EventNameOf<typeof plain.orders>, 'placed' | 'shipped' | 'lost' | 'moved'> = true

declare function subscribe<T extends Topic>(topic: T): EventOf<T>
const event = subscribe(plain.orders({ orderId: 'x' }))
if (event.name === 'shipped') event.data.expected?.toISOString()
// @ts-expect-error there is no such param
plain.orders({ order: 'x' })
// @ts-expect-error an aisle is one of two
plain.stock({ aisle: 'garden', shelf: 1 })
// @ts-expect-error there is no such event
export const no: Extract<EventOf<typeof plain.orders>, { name: 'gone' }>['data'] = {}
`
