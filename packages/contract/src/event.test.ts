import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import * as mini from 'zod/mini'
import { DataError } from './errors.ts'
import { defineEvent, type EventSpec, event } from './event.ts'
import type { Schema } from './schema.ts'
import { bigintText, isoDate } from './text-codecs.ts'

const define = (spec: Schema | EventSpec) => defineEvent('event "e"', spec)

function thrownBy(task: () => unknown): DataError {
  try {
    task()
  } catch (error) {
    if (DataError.isInstance(error)) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

describe.each([
  ['Zod', z.object({ total: z.number(), at: isoDate, note: z.optional(z.string()) })],
  ['Zod Mini', mini.object({ total: mini.number(), at: isoDate, note: mini.optional(mini.string()) })],
])('data in %s', (_, schema) => {
  const { encode, decode, version } = define(schema)

  it('goes to JSON and back', () => {
    const data = { total: 10, at: new Date(5) }
    expect(encode(data)).toEqual({ total: 10, at: '1970-01-01T00:00:00.005Z' })
    expect(decode(JSON.parse(JSON.stringify(encode(data))), version)).toEqual(data)
  })

  it('loses what the schema does not know, in both directions', () => {
    expect(encode({ total: 10, at: new Date(5), secret: 'x' })).not.toHaveProperty('secret')
    expect(decode({ total: 10, at: '1970-01-01T00:00:00Z', later: 'x' }, 1)).not.toHaveProperty('later')
  })

  it('that does not fit is refused with every place', () => {
    const { message, reason, issues } = thrownBy(() => encode({ total: 'ten', at: 'today' }))
    expect(reason).toBe('invalid')
    expect(issues.map(({ path }) => path)).toEqual([['total'], ['at']])
    expect(message).toMatch(/^event "e": total: .+; at: /)
    expect(thrownBy(() => decode({ total: 10, at: 'today' }, 1)).issues.map(({ path }) => path)).toEqual([
      ['at'],
    ])
    expect(thrownBy(() => decode(null, 1)).issues).toHaveLength(1)
  })
})

describe('codecs', () => {
  it.each<[Schema, unknown, unknown]>([
    [isoDate, new Date(1_763_683_200_000), '2025-11-21T00:00:00.000Z'],
    [bigintText, 12345678901234567890n, '12345678901234567890'],
    [bigintText, -1n, '-1'],
  ])('go both ways', (schema, value, wire) => {
    const { encode, decode } = define(schema)
    expect(encode(value)).toBe(wire)
    expect(decode(wire, 1)).toEqual(value)
  })

  it.each<[Schema, unknown]>([
    [isoDate, '21.11.2025'],
    [isoDate, '2025-11-21'],
    [isoDate, 5],
    [bigintText, '1.5'],
    [bigintText, ''],
    [bigintText, 1],
  ])('refuse %# what is not theirs', (schema, wire) => {
    expect(thrownBy(() => define(schema).decode(wire, 1)).reason).toBe('invalid')
  })

  it('keep the moment of a time with an offset', () => {
    expect(define(isoDate).decode('2025-11-21T01:00:00+01:00', 1)).toEqual(new Date('2025-11-21T00:00:00Z'))
  })

  it('refuse a date that is none', () => {
    expect(thrownBy(() => define(isoDate).encode(new Date(Number.NaN))).reason).toBe('invalid')
  })

  it('that throw are told as data that does not fit', () => {
    const throwing = z.codec(z.string(), z.number(), {
      decode: () => {
        throw new RangeError('boom')
      },
      encode: String,
    })
    const error = thrownBy(() => define(throwing).decode('x', 1))
    expect(error).toMatchObject({
      reason: 'invalid',
      message: 'event "e": a codec or check threw RangeError: boom',
    })
    expect(error.cause).toBeInstanceOf(RangeError)
  })

  // Only a native async function shows before it runs; the contract is refused for one.
  it.each<[string, Schema]>([
    ['a check', z.string().refine((text) => Promise.resolve(text !== ''))],
    ['a check with several issues', z.string().superRefine(async () => {})],
    [
      'a codec',
      z.codec(z.string(), z.string(), {
        decode: (text) => Promise.resolve(text),
        encode: (text) => Promise.resolve(text),
      }),
    ],
  ])('and checks that are asynchronous are told as such: %s', (_, schema) => {
    const { encode, decode } = define(schema)
    const message = 'event "e": a codec or check is asynchronous, and data is checked at once'
    expect(thrownBy(() => decode('x', 1))).toMatchObject({ reason: 'invalid', message })
    expect(thrownBy(() => encode('x'))).toMatchObject({ reason: 'invalid', message })
  })
})

describe('versions', () => {
  const spec = event(z.object({ carrier: z.string() }), {
    version: 3,
    upgrade: { 1: (old) => ({ by: old.name }), 2: (old) => ({ carrier: old.by }) },
  })

  it('of data are brought up step by step', () => {
    const { decode, version } = define(spec)
    expect(version).toBe(3)
    expect(decode({ name: 'DHL' }, 1)).toEqual({ carrier: 'DHL' })
    expect(decode({ by: 'DHL' }, 2)).toEqual({ carrier: 'DHL' })
    expect(decode({ carrier: 'DHL' }, 3)).toEqual({ carrier: 'DHL' })
  })

  it('that are newer than known are told as such', () => {
    expect(thrownBy(() => define(spec).decode({}, 4))).toMatchObject({
      reason: 'newer-version',
      message: 'event "e": version 4 is newer than the known 3',
    })
  })

  it('without a way up are told as such', () => {
    const { decode } = define(event(z.string(), { version: 3, upgrade: { 2: String } }))
    for (const from of [1, 0, -1, 2.5, Number.NaN]) {
      expect(thrownBy(() => decode({}, from))).toMatchObject({
        reason: 'no-upgrade',
        message: `event "e": there is no upgrade from version ${from}`,
      })
    }
  })

  it('whose step throws, or makes something that does not fit, are refused', () => {
    const broken = define(
      event(z.string(), {
        version: 3,
        upgrade: {
          1: () => {
            throw new Error('boom')
          },
          2: () => 5,
        },
      }),
    )
    expect(thrownBy(() => broken.decode({}, 1)).message).toBe(
      'event "e": the upgrade from version 1 threw Error: boom',
    )
    expect(thrownBy(() => broken.decode({}, 2)).reason).toBe('invalid')
  })

  it('whose step fails are told with the step', () => {
    const failing = () => {
      throw new Error('boom')
    }
    const chain = define(event(z.string(), { version: 4, upgrade: { 2: String, 3: failing } }))
    expect(thrownBy(() => chain.decode({}, 2))).toMatchObject({
      reason: 'invalid',
      message: 'event "e": the upgrade from version 3 threw Error: boom',
      cause: expect.objectContaining({ message: 'boom' }),
    })
  })

  it('have steps that answer at once', () => {
    const asynchronous = 'event "e": the upgrade from version 1 is asynchronous, and data is upgraded at once'
    const late = event(z.string(), { version: 2, upgrade: { 1: async () => 'x' } })
    expect(() => define(late)).toThrow(asynchronous)
    const hidden = define(
      event(z.string(), { version: 2, upgrade: { 1: () => Promise.reject(new Error('no')) } }),
    )
    expect(thrownBy(() => hidden.decode({}, 1))).toMatchObject({ reason: 'invalid', message: asynchronous })
  })

  it('have steps that are functions', () => {
    for (const step of [undefined, null, 'x', {}]) {
      expect(() => define(event(z.string(), { version: 2, upgrade: { 1: step as never } }))).toThrow(
        'event "e": the upgrade from version 1 is no function',
      )
    }
  })

  it.each([0, -1, 1.5, Number.NaN, '2' as never, null as never])(
    'are whole numbers from 1, not %s',
    (version) => {
      expect(() => define(event(z.string(), { version }))).toThrow(
        `event "e": version ${version} is not a whole number from 1`,
      )
    },
  )

  it.each([
    [{ 1: String }, 3],
    [{ 1: String, 3: String }, 4],
    [{ 2: String }, 2],
    [{ 0: String }, 1],
    [{ '1.0': String }, 2],
    [{ one: String }, 2],
  ])('have steps without a gap: %j up to %i', (upgrade, version) => {
    expect(() => define(event(z.string(), { version, upgrade }))).toThrow(
      'upgrades must lead step by step to version',
    )
  })
})
