import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { type Compilation, compile } from './compile.fixture.ts'

const head = `
import { bigintText, channel, defineContract, event, isoDate } from '@millrace/contract'
import type { EventNameOf, EventOf, EventTypes, Topic } from '@millrace/contract'
import { type } from 'arktype'
import * as v from 'valibot'
import * as z from 'zod'

export const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel('t/{tenant}/orders/{orderId}', {
      params: { orderId: z.uuid() },
      events: { placed: z.object({ total: z.number(), at: isoDate }), shipped: event(v.object({ by: v.string() })) },
    }),
    lines: channel('lines/{line}', {
      params: { line: z.codec(z.string(), z.int(), { decode: Number, encode: String }) },
      events: { added: type({ sku: 'string', 'note?': 'string' }) },
    }),
    news: channel('news', { events: { posted: z.string() } }),
  },
})
const order = shop.orders({ tenant: 'a', orderId: 'b' })
// As the server has it.
declare function publish<Params, Events extends EventTypes, Name extends keyof Events & string>(
  topic: Topic<Params, Events>,
  name: Name,
  data: Events[Name]['data'],
): void
`

// Each line has one mistake, at the token between the marks, and what the compiler has to say of it.
const mistakes: readonly (readonly [name: string, line: string, ...messages: string[]])[] = [
  [
    'a channel that is none',
    'shop.«stock»()',
    `Property 'stock' does not exist on type 'Contract<{ orders: `,
  ],
  [
    'a param with another name',
    `shop.orders({ «tennant»: 'a' })`,
    `'tennant' does not exist in type '{ readonly orderId: string; readonly tenant: string; }'. Did you mean to write 'tenant'?`,
  ],
  [
    'one param too many',
    `shop.orders({ tenant: 'a', «order»: 'b' })`,
    `'order' does not exist in type '{ readonly orderId: string; readonly tenant: string; }'`,
  ],
  [
    'a param of another type',
    `shop.lines({ «line»: '7' })`,
    `Type 'string' is not assignable to type 'number'`,
  ],
  [
    'a param that is undefined is not one that is left open',
    `shop.lines({ «line»: undefined })`,
    `Type 'undefined' is not assignable to type 'number'`,
  ],
  ['params of a channel that has none', `shop.news(«{ a: 'b' }»)`, 'Expected 0 arguments, but got 1'],
  [
    'an event with another name',
    `publish(order, «'plced'», { total: 1, at: new Date() })`,
    `Argument of type '"plced"' is not assignable to parameter of type '"placed" | "shipped"'`,
  ],
  [
    'a member of another type',
    `publish(order, 'placed', { total: 1, «at»: '2026-01-01' })`,
    `Type 'string' is not assignable to type 'Date'`,
  ],
  [
    'a member that is not known',
    `publish(order, 'placed', { total: 1, at: new Date(), «totl»: 1 })`,
    `'totl' does not exist in type '{ total: number; at: Date; }'`,
  ],
  [
    'a member that is missing',
    `publish(order, 'placed', «{ total: 1 }»)`,
    `Property 'at' is missing in type '{ total: number; }' but required in type '{ total: number; at: Date; }'`,
  ],
  [
    'data of Valibot',
    `publish(order, 'shipped', { «by»: 1 })`,
    `Type 'number' is not assignable to type 'string'`,
  ],
  [
    'data of ArkType',
    `publish(shop.lines({ line: 1 }), 'added', { sku: 'a', «note»: 1 })`,
    `Type 'number' is not assignable to type 'string'`,
  ],
  [
    'a pattern in the place of a topic',
    `publish(«shop.orders({ tenant: 'a' })», 'placed', { total: 1, at: new Date() })`,
    `Types of property 'open' are incompatible.`,
    `Type '"orderId"' is not assignable to type 'never'.`,
  ],
  [
    'a type of an event with another name',
    `export type Plced = EventOf<typeof shop.orders, «'plced'»>`,
    `Type '"plced"' does not satisfy the constraint '"placed" | "shipped"'`,
  ],
  [
    'a param in the options that the path has not',
    `channel('a/{b}', { params: { «c»: z.string() }, events: {} })`,
    `'c' does not exist in type 'ParamSchemas<"a/{b}">`,
  ],
  [
    'a bare date, somewhere within',
    `channel('a', { events: { good: z.string(), «bad»: z.object({ lines: z.array(z.object({ at: z.date() })) }) } })`,
    `Property '"lines[].at: z.date() cannot cross JSON both ways; use a codec such as isoDate"' is missing`,
  ],
  [
    'a transform in an event with a version',
    `channel('a', { events: { «bad»: event(z.object({ n: z.string().transform(Number) }), { version: 2 }) } })`,
    `Property '"n: z.transform() cannot cross JSON both ways; use a codec, which also says the way back"' is missing`,
  ],
  [
    'a bare bigint in a snapshot',
    `channel('a', { events: {}, «snapshot»: z.object({ n: z.bigint() }) })`,
    `Property '"n: z.bigint() cannot cross JSON both ways; use a codec such as bigintText"' is missing`,
  ],
  [
    'a transform of Valibot',
    `channel('a', { events: { «bad»: v.object({ n: v.pipe(v.string(), v.transform(Number)) }) } })`,
    `Property '"what it makes of the data is not what it reads; use z.codec() of Zod, which says the way back"' is missing`,
  ],
  [
    'a date of ArkType',
    `channel('a', { events: { «bad»: type({ lines: type({ at: 'Date' }).array() }) } })`,
    `Property '"lines[].at: a Date cannot cross JSON both ways; use isoDate of this package, in Zod"' is missing`,
  ],
]

const snippet = `${head}${mistakes.map(([, line]) => line.replace(/[«»]/g, '')).join('\n')}\n`

const shown = `${head}
export const names = (name: EventNameOf<typeof shop.orders>) => name
export const data = (event: EventOf<typeof shop.orders, 'placed'>) => event.data
export const params = (event: EventOf<typeof shop.orders>) => event.params
export const added = (event: EventOf<typeof shop.lines>) => event.data
export const topic = shop.lines({ line: 1 })
`

const fields = [
  'z.string()',
  'z.number()',
  'isoDate',
  'z.boolean()',
  'z.array(z.string())',
  'z.optional(z.string())',
  `z.enum(['a', 'b'])`,
  'z.nullable(bigintText)',
  'z.object({ x: z.number(), y: isoDate })',
  'z.record(z.string(), z.int())',
]

// No two events have a type in common, as they would not in a contract that somebody has written.
const large = `
import { bigintText, channel, defineContract, type EventOf, isoDate } from '@millrace/contract'
import * as z from 'zod'
const large = defineContract({ name: 'large', version: '1.0.0', channels: { all: channel('all/{id}', { events: {
${Array.from({ length: 500 }, (_, n) => `  e${n}: z.object({ ${fields.map((field, i) => `f${n}_${i}: ${field}`).join(', ')} }),`).join('\n')}
} }) } })
export const read = (event: EventOf<typeof large.all>) => (event.name === 'e123' ? event.data.f123_2 : undefined)
export const wrong = (event: EventOf<typeof large.all>) => event.name === 'e500'
`

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')
const examples = Object.fromEntries(
  [...readme.matchAll(/^```ts\n(.+?)^```$/gms)].map(([, text = ''], index) => [`example-${index}.ts`, text]),
)

describe('for somebody who uses this package', () => {
  let compilation: Compilation
  beforeAll(async () => {
    compilation = await compile({ 'snippet.ts': snippet, 'shown.ts': shown, ...examples })
  })

  const first = head.split('\n').length
  it.each(mistakes.map(([name, line, ...messages], index) => ({ name, line, messages, index })))(
    'the compiler points at $name',
    ({ line, messages, index }) => {
      const [fault, ...others] = compilation.faults.filter(
        (fault) => fault.file === 'snippet.ts' && fault.line === first + index,
      )
      expect(others).toEqual([])
      expect(fault?.column).toBe(line.indexOf('«') + 1)
      for (const message of messages) expect(fault?.message).toContain(message)
    },
  )

  it('the compiler has nothing else to say', () => {
    expect(compilation.faults.filter(({ file, line }) => file !== 'snippet.ts' || line < first)).toEqual([])
  })

  it('an editor shows types as plain objects', () => {
    const text = compilation.declarations['shown.ts']?.replace(/\s+/g, ' ')
    expect(text).toContain('names: (name: EventNameOf<typeof shop.orders>) => "placed" | "shipped"')
    expect(text).toContain(`'placed'>) => { total: number; at: Date; }`)
    expect(text).toContain(
      'params: (event: EventOf<typeof shop.orders>) => { readonly orderId: string; readonly tenant: string; }',
    )
    expect(text).toContain('added: (event: EventOf<typeof shop.lines>) => { sku: string; note?: string; }')
    expect(text).toContain(
      'topic: Topic<{ readonly line: number; }, { readonly added: { readonly data: { sku: string; note?: string; }; readonly wire: { sku: string; note?: string; }; }; }, never>',
    )
  })

  it('the examples of the README compile', () => {
    expect(Object.keys(examples).length).toBeGreaterThan(3)
    expect(compilation.faults.filter(({ file }) => file.startsWith('example'))).toEqual([])
  })
})

it('500 events of ten members cost the compiler less than a million instantiations', async () => {
  const { faults, instantiations, declarations } = await compile({ 'large.ts': large })
  // It takes two seconds.
  expect(instantiations).toBeLessThan(1_000_000)
  expect(declarations['large.ts']).toContain('=> Date | undefined')
  // That it was looked at is shown by what is wrong in it.
  expect(faults).toEqual([expect.objectContaining({ message: expect.stringContaining('no overlap') })])
})
