import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { channel } from './channel.ts'
import { defineContract } from './contract.ts'
import { AddressError } from './errors.ts'
import { channel as plainChannel } from './plain.ts'
import { resolveAddress } from './resolve.ts'
import { bigintText, isoDate } from './text-codecs.ts'
import type { Topic, TopicPattern } from './topic.ts'

const events = { e: z.string() }

// Any sequence of UTF-16 code units, lone surrogates too, and what means something in an address, a URL or a pattern.
const text = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({
    unit: fc.constantFrom('.', '/', '%', '*', '~', '2', 'F', '\\', ';', ',', '?', '#', '\0', '\r', '\n'),
  }),
  fc.constantFrom(
    '',
    '.',
    '..',
    '*',
    '%2F',
    '%252F',
    '~',
    '~D800',
    '\ud800',
    '\udc00\ud800',
    '😀',
    'é',
    'e\u0301',
    ' ',
  ),
)

const typed = {
  tenant: text,
  day: fc.date({
    noInvalidDate: true,
    min: new Date('0001-01-01'),
    max: new Date('9999-12-31T23:59:59.999Z'),
  }),
  count: fc.maxSafeInteger().map((value) => value + 0),
  big: fc.bigInt(),
  state: fc.constantFrom('open', 'done'),
}
const path = 't/{tenant}/days/{day}/{count}/{big}/{state}'
const contract = defineContract({
  name: 'c',
  version: '1.0.0',
  channels: {
    all: channel(path, {
      params: {
        day: isoDate,
        count: z.codec(z.string().regex(/^-?\d+$/), z.int(), { decode: Number, encode: String }),
        big: bigintText,
        state: v.picklist(['open', 'done']),
      },
      events,
    }),
  },
})
const all = fc.record(typed)
const some = fc.record(typed, { requiredKeys: [] })

// Which params there are is known at run time only.
const topicOf = contract.all as (params: object) => Topic | TopicPattern

// As `JSON.stringify`, that tells apart everything that the params may be.
const key = (params: object) =>
  JSON.stringify(
    Object.entries(params)
      .map(([name, value]) => [name, String(value), Number(value)])
      .sort(),
  )

describe('an address', () => {
  it('gives its params back, all or some, whatever these are', () => {
    fc.assert(
      fc.property(fc.oneof(all, some), (params) => {
        const given = topicOf(params)
        expect(given.address).toMatch(/^t\/[A-Za-z0-9._~%*/-]+$/)
        expect(given.address.split('/')).toHaveLength(path.split('/').length)
        const found = resolveAddress(contract, given.address)
        expect(found).toEqual(given)
        expect(Object.fromEntries(Object.entries(found?.params ?? {}))).toEqual(params)
        expect(found?.open).toEqual(Object.keys(typed).filter((name) => !(name in params)))
        expect(found?.kind).toBe(Object.keys(params).length === 5 ? 'topic' : 'pattern')
      }),
      { numRuns: 2_000 },
    )
  })

  it('is of one set of params alone, all or some', () => {
    const near = some.chain((left) =>
      fc.tuple(
        fc.constant(left),
        fc.oneof(
          some,
          some.map((right) => ({ ...left, ...right })),
          fc.constant({ ...left }),
        ),
      ),
    )
    fc.assert(
      fc.property(near, ([left, right]) => {
        expect(topicOf(left).address === topicOf(right).address).toBe(key(left) === key(right))
      }),
      { numRuns: 2_000 },
    )
  })

  it('of a URL is still that address when the URL was parsed', () => {
    fc.assert(
      fc.property(text, (tenant) => {
        const { address } = contract.all({ tenant, count: 0, big: 0n, state: 'open', day: new Date(0) })
        expect(new URL(`/events/${address}`, 'http://h').pathname).toBe(`/events/${address}`)
        expect(new URL(`/events?topic=${address}`, 'http://h').search).toBe(`?topic=${address}`)
      }),
      { numRuns: 1_000 },
    )
  })

  it('fits the pattern of each part of its params', () => {
    fc.assert(
      fc.property(all, fc.subarray(Object.keys(typed)), (params, names) => {
        const part = Object.fromEntries(Object.entries(params).filter(([name]) => names.includes(name)))
        const pattern = topicOf(part).address.split('/')
        const segments = topicOf(params).address.split('/')
        expect(segments.every((segment, index) => pattern[index] === '*' || pattern[index] === segment)).toBe(
          true,
        )
      }),
    )
  })
})

describe('a param', () => {
  const orders = channel('t/{tenant}/orders/{orderId}', { events })

  it('is left open by its absence alone', () => {
    expect(orders({ tenant: 'a' })).toMatchObject({
      kind: 'pattern',
      address: 't/a/orders/*',
      params: { tenant: 'a' },
      open: ['orderId'],
    })
    expect(orders({ tenant: '*' })).toMatchObject({ address: 't/%2A/orders/*' })
    expect(orders({ tenant: '', orderId: '*' })).toMatchObject({
      kind: 'topic',
      address: 't/~/orders/%2A',
      open: [],
    })
    for (const value of [undefined, null, {}, Symbol('x')]) {
      expect(() => orders({ tenant: 'a', orderId: value } as never)).toThrow(AddressError)
    }
  })

  it.each(['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf'])(
    'may be called %s, with a schema',
    (name) => {
      const params = Object.fromEntries([[name, z.string().min(2)]])
      const named = channel(`a/{${name}}/{other}` as string, { params, events })
      expect(named(Object.fromEntries([[name, 'x/y']]))).toMatchObject({
        address: 'a/x%2Fy/*',
        open: ['other'],
      })
      expect(() => named(Object.fromEntries([[name, 'x']]))).toThrow(
        `param "${name}" of "a/{${name}}/{other}": Too small`,
      )
      expect(() => named(Object.fromEntries([[`${name}2`, 'x']]))).toThrow(`has no param "${name}2"`)
      expect(Object.entries(named['~channel'].decodeAddress('a/x%2Fy/*') ?? {})).toEqual([[name, 'x/y']])
    },
  )

  it.each(['constructor', 'toString', '__proto__'])(
    'that the path has not is none, though every object has %s',
    (name) => {
      const given = Object.fromEntries([[name, 'x']]) as never
      expect(() => orders(given)).toThrow(`"t/{tenant}/orders/{orderId}" has no param "${name}"`)
      expect(() =>
        channel('a/{b}', { params: Object.fromEntries([[name, z.string()]]) as never, events }),
      ).toThrow(`channel "a/{b}" has no "{${name}}" in its path`)
    },
  )

  it('may be left open without Zod, too', () => {
    const plain = plainChannel<{ readonly tenant: string; readonly orderId: string }, Record<never, never>>(
      't/{tenant}/orders/{orderId}',
      { events: {} },
    )
    expect(plain({ tenant: 'a/b' })).toMatchObject({
      kind: 'pattern',
      address: 't/a%2Fb/orders/*',
      open: ['orderId'],
    })
    expect(plain({ tenant: 'a', orderId: 'b' })).toMatchObject({ kind: 'topic', open: [] })
  })
})
