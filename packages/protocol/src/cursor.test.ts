import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatCursor, joinPlaces, nowhere, parseCursor } from './cursor.ts'

const identity = (maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyz'), minLength: 1, maxLength })
const epoch = identity(32)
const place = fc.oneof(
  fc.record({ epoch, offset: fc.maxSafeNat() }),
  fc.record({ epoch, offset: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), tag: identity(16) }),
)

const position = fc.oneof(place, fc.array(place, { minLength: 1, maxLength: 4 }).map(joinPlaces))

// Nearly cursors: where a parser that is too generous shows itself.
const nearlyCursor = fc
  .array(
    fc.constantFrom(
      'k3f9',
      '.',
      '0',
      '1041',
      '9007199254740992',
      'x7',
      '_',
      '-',
      '+',
      ' ',
      '\n',
      'K',
      'e',
      'é',
      '\0',
      '',
    ),
    {
      maxLength: 6,
    },
  )
  .map((parts) => parts.join(''))

describe('a cursor', () => {
  it('comes back as the position that was written', () => {
    fc.assert(
      fc.property(position, (written) => {
        expect(parseCursor(formatCursor(written))).toEqual(written)
      }),
    )
  })

  it('has one text, and every other text is none: nothing throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.string(), nearlyCursor), (text) => {
        const read = parseCursor(text)
        if (read !== undefined) expect(formatCursor(read)).toBe(text)
      }),
      { numRuns: 5000 },
    )
  })

  it.each([
    '0.0',
    'k3f9.1041',
    'k3f9.1041.0',
    'k3f9.1041.x7q2a',
    'k3f9.1041_m2.0_x7.3.tag',
    Array(9_999).fill('a.1').join('_'),
    `${'z'.repeat(32)}.9007199254740991`,
    `${'z'.repeat(32)}.9007199254740991.${'z'.repeat(16)}`,
  ])('reads %j', (text) => {
    expect(parseCursor(text)).toBeDefined()
  })

  it.each([
    '',
    '.',
    'k3f9',
    'k3f9.',
    '.1041',
    'k3f9.01',
    'k3f9.-1',
    'k3f9.+1',
    'k3f9.1e3',
    'k3f9.0.x7',
    'k3f9.01.x7',
    'k3f9.1.',
    'k3f9.1.X7',
    'k3f9.1.x7.',
    'k3f9.1.x7.a',
    'k3f9.1..x7',
    'k3f9.1.x7\n',
    'k3f9..x7',
    '_',
    'k3f9.1_',
    '_k3f9.1',
    'k3f9.1__m2.0',
    'k3f9.1_m2',
    'k3f9.1_m2.9007199254740992',
    'k3f9.1_m2.0\n',
    `${Array(9_999).fill('a.1').join('_')}_`,
    `k3f9.1.${'z'.repeat(17)}`,
    'k3f9.9007199254740992',
    'k3f9.99999999999999999',
    'K3F9.1',
    'k3f9.1\n',
    '\nk3f9.1',
    ' k3f9.1',
    'k3f9.1 ',
    'k3f9.١',
    'k3f\0.1',
    `${'z'.repeat(33)}.1`,
  ])('does not read %j', (text) => {
    expect(parseCursor(text)).toBeUndefined()
  })
})

it('a place in no log has a cursor like any other', () => {
  expect(formatCursor(nowhere)).toBe('0.0')
  expect(parseCursor('0.0')).toEqual(nowhere)
})

it('the places in several shards are one position, in their order and nothing of each besides', () => {
  const [one, two] = [parseCursor('a.1.x_old.7'), parseCursor('b.2')]
  if (!one || !two) throw new TypeError('Both are cursors')
  const joined = joinPlaces([one, two])
  expect(formatCursor(joined)).toBe('a.1.x_b.2')
  expect(joined).toEqual({ epoch: 'a', offset: 1, tag: 'x', others: [{ epoch: 'b', offset: 2 }] })
})
