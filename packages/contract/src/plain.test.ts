import { describe, expect, it } from 'vitest'
import {
  AddressError,
  bigint,
  boolean,
  bytes,
  channel,
  DataError,
  date,
  defineContract,
  either,
  fields,
  lazy,
  list,
  map,
  nullable,
  number,
  type PlainCodec,
  resolveAddress,
  set,
  tagged,
  url,
} from './plain.ts'

const decode = (codec: PlainCodec, value: unknown) => codec(value, 'decode', [])
const encode = (codec: PlainCodec, value: unknown) => codec(value, 'encode', [])

const tree: PlainCodec = fields({ at: date, parts: list(lazy(() => tree)) })

describe('a codec', () => {
  it.each<[string, PlainCodec, unknown, unknown]>([
    ['date', date, '2026-11-20T12:00:00.000Z', new Date(Date.UTC(2026, 10, 20, 12))],
    ['bigint', bigint, '-90071992547409931', -90071992547409931n],
    ['number', number, '1.5', 1.5],
    ['boolean', boolean, 'false', false],
    ['url', url, 'https://example.org/a?b=c', new URL('https://example.org/a?b=c')],
    ['bytes', bytes, 'AH+A/w==', new Uint8Array([0, 127, 128, 255])],
    ['no bytes', bytes, '', new Uint8Array()],
    ['set', set(), ['a', 'b'], new Set(['a', 'b'])],
    ['set, of what changes', set(bigint), ['1', '2'], new Set([1n, 2n])],
    ['map', map(), [['a', 1]], new Map([['a', 1]])],
    ['map, of what changes', map(bigint, set(bigint)), [['1', ['2']]], new Map([[1n, new Set([2n])]])],
    ['map, of which the values change', map(undefined, bigint), [['1', '2']], new Map([['1', 2n]])],
    ['nullable', nullable(bigint), null, null],
    ['nullable, a value', nullable(bigint), '1', 1n],
    ['fields', fields({ a: bigint }), { a: '1', b: '2' }, { a: 1n, b: '2' }],
    ['fields, one is missing', fields({ a: bigint }), { b: '2' }, { b: '2' }],
    ['fields, all the others', fields({ a: bigint }, {}, number), { a: '1', b: '2' }, { a: 1n, b: 2 }],
    ['list', list(bigint), ['1', '2'], [1n, 2n]],
    ['list, the first ones', list(undefined, [undefined, bigint]), ['1', '2', '3'], ['1', 2n, '3']],
    ['list, the others', list(number, [bigint]), ['1', '2', '3'], [1n, 2, 3]],
    ['either', either(bigint, undefined), 'x', 'x'],
    ['either, the first', either(bigint, undefined), '1', 1n],
    ['either, the last', either(bigint, list(bigint)), ['1'], [1n]],
    ['tagged', tagged('is', { big: fields({ n: bigint }) }), { is: 'big', n: '1' }, { is: 'big', n: 1n }],
    [
      'tagged, another',
      tagged('is', { big: fields({ n: bigint }) }),
      { is: 'small', n: '1' },
      { is: 'small', n: '1' },
    ],
    [
      'lazy',
      tree,
      { at: '1970-01-01T00:00:00.000Z', parts: [{ at: '1970-01-01T00:00:00.001Z', parts: [] }] },
      { at: new Date(0), parts: [{ at: new Date(1), parts: [] }] },
    ],
  ])('goes both ways: %s', (_, codec, wire, code) => {
    expect(decode(codec, wire)).toEqual(code)
    expect(encode(codec, code)).toEqual(wire)
  })

  it.each<[string, PlainCodec, unknown, readonly PropertyKey[]]>([
    ['a text that is no date', date, 'soon', []],
    ['a number for a date', date, 5, []],
    ['digits for a date', date, '5', []],
    ['a text that is no URL', url, 'not a url', []],
    ['a text that is no base64', bytes, 'a', []],
    ['a text for a set', set(), 'a', []],
    ['an item of a set', fields({ all: set(bigint) }), { all: ['1', 'x'] }, ['all', 1]],
    ['an object for a map', map(), { a: 1 }, []],
    ['an entry without a value', map(), [['a']], []],
    ['a key of a map', map(bigint), [['x', 1]], [0, 0]],
    [
      'a value of a map',
      map(undefined, bigint),
      [
        ['1', '1'],
        ['2', 'x'],
      ],
      [1, 1],
    ],
    ['null for a date', fields({ at: date }), { at: null }, ['at']],
    ['a text that is no bigint', fields({ all: list(bigint) }), { all: ['1', '0x1'] }, ['all', 1]],
    ['an empty number', number, '', []],
    ['a word that is no boolean', boolean, 'yes', []],
    ['no option of several', either(date, bigint), 'x', []],
  ])('says where it fails: %s', (_, codec, value, path) => {
    const fault = caught(() => decode(codec, value))
    expect(fault).toBeInstanceOf(DataError)
    expect((fault as DataError).issues).toEqual([{ path, message: 'cannot decode it' }])
  })

  it.each<[string, PlainCodec, unknown, readonly PropertyKey[]]>([
    ['a text for a URL', url, 'https://example.org', []],
    ['a date for a URL', url, new Date(0), []],
    ['a URL for a date', date, new URL('https://example.org'), []],
    ['a list for bytes', fields({ all: bytes }), { all: [1] }, ['all']],
    ['a list for a set', set(), ['a'], []],
    ['an item of a set', set(date), new Set(['soon']), [0]],
    ['an object for a map', map(), { a: 1 }, []],
    ['a value of a map', map(undefined, date), new Map([['a', 'soon']]), [0, 1]],
  ])('does not publish another thing: %s', (_, codec, value, path) => {
    const fault = caught(() => encode(codec, value))
    expect(fault).toBeInstanceOf(DataError)
    expect((fault as DataError).issues).toEqual([{ path, message: 'cannot encode it' }])
  })

  it('makes a default anew for each value, and only on the way in', () => {
    const codec = fields({ at: date }, { tags: () => [], at: () => '1970-01-01T00:00:00.000Z' })
    const [first, second] = [decode(codec, {}), decode(codec, {})] as { tags: unknown }[]
    expect(first).toEqual({ tags: [], at: new Date(0) })
    expect(first?.tags).not.toBe(second?.tags)
    expect(encode(codec, {})).toEqual({})
  })

  it('leaves a value of another kind as it is', () => {
    expect(decode(fields({ a: bigint }), [1])).toEqual([1])
    expect(decode(fields({ a: bigint }), null)).toBe(null)
    expect(decode(list(bigint), { 0: '1' })).toEqual({ 0: '1' })
    expect(decode(tagged('is', {}), undefined)).toBe(undefined)
  })

  it('keeps a member called __proto__', () => {
    const decoded = decode(fields({ a: bigint }), JSON.parse('{"__proto__":{"x":1},"a":"1"}')) as object
    expect(Object.hasOwn(decoded, '__proto__')).toBe(true)
    expect('x' in decoded).toBe(false)
  })
})

const shop = defineContract({
  name: 'shop',
  version: '1.0.0',
  channels: {
    orders: channel<
      { readonly orderId: string; readonly part: number },
      { readonly placed: { readonly data: { at: Date }; readonly wire: { at: string } } }
    >('orders/{orderId}/{part}', {
      params: { part: number },
      events: { placed: { version: 2, codec: fields({ at: date }) } },
    }),
  },
})

describe('a contract without schemas', () => {
  it('has the addresses of one with them', () => {
    const topic = shop.orders({ orderId: 'a/b ü', part: 7 })
    expect(topic.address).toBe('orders/a%2Fb%20%C3%BC/7')
    expect(resolveAddress(shop, topic.address)).toMatchObject({ params: { orderId: 'a/b ü', part: 7 } })
    expect(shop.orders().address).toBe('orders/*/*')
    expect(() => resolveAddress(shop, 'orders/1/x')).toThrow(AddressError)
    expect(resolveAddress(shop, 'orders/1')).toBe(undefined)
  })

  it('refuses a param that its path has not', () => {
    const orders = shop.orders as unknown as (params: object) => unknown
    expect(() => orders({ constructor: 'x' })).toThrow('"orders/{orderId}/{part}" has no param "constructor"')
  })

  it('decodes the version that it knows, and reports others', () => {
    const { placed } = shop.orders['~channel'].events
    expect(placed?.decode({ at: '1970-01-01T00:00:00.000Z' }, 2)).toEqual({ at: new Date(0) })
    expect(caught(() => placed?.decode({}, 3))).toMatchObject({ reason: 'newer-version' })
    expect(caught(() => placed?.decode({}, 1))).toMatchObject({ reason: 'no-upgrade' })
    expect(caught(() => placed?.decode({ at: 'soon' }, 2))).toMatchObject({
      reason: 'invalid',
      message: 'event "placed" of "orders/{orderId}/{part}": at: cannot decode it',
    })
  })
})

function caught(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
