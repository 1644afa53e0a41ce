import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeSegment, encodeSegment } from './segment.ts'

// Any sequence of UTF-16 code units, lone surrogates too.
const anyString = fc.string({
  unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
})
const string = fc.oneof(
  anyString,
  fc.string(),
  fc.constantFrom('', '.', '..', '~', '~.', '*', '/', '%', '%2F', 'ü', '😀', '\ud800', 'a b'),
)

describe('a segment', () => {
  it('gives its value back, for every string', () => {
    fc.assert(
      fc.property(string, (value) => {
        expect(decodeSegment(encodeSegment(value))).toBe(value)
      }),
      { numRuns: 5_000 },
    )
  })

  it('is of one value alone', () => {
    fc.assert(
      fc.property(string, string, (left, right) => {
        expect(encodeSegment(left) === encodeSegment(right)).toBe(left === right)
      }),
      { numRuns: 5_000 },
    )
  })

  it('holds nothing that means something elsewhere: in a path, a pattern, a request or a frame', () => {
    fc.assert(
      fc.property(string, (value) => {
        const segment = encodeSegment(value)
        expect(segment).toMatch(/^[A-Za-z0-9._~%-]+$/)
        expect(['.', '..']).not.toContain(segment)
      }),
      { numRuns: 5_000 },
    )
  })

  it.each([
    ['42', '42'],
    ['a b', 'a%20b'],
    ['a/b', 'a%2Fb'],
    ['*', '%2A'],
    ['~', '%7E'],
    ['', '~'],
    ['.', '~.'],
    ['..', '~..'],
    ['...', '...'],
    ['ü', '%C3%BC'],
    ['😀', '%F0%9F%98%80'],
    ['\ud800', '~D800'],
    ["it's", 'it%27s'],
  ])('of %j is %s', (value, segment) => {
    expect(encodeSegment(value)).toBe(segment)
  })

  it.each([
    ['ü', 'ü'],
    ['a b', 'a b'],
    ['%41', 'A'],
  ])('that was not written canonically is read all the same: %j', (segment, value) => {
    expect(decodeSegment(segment)).toBe(value)
  })

  it.each(['', '%', '%GG', '%C3', '%FF'])('is never %j', (segment) => {
    expect(decodeSegment(segment)).toBeUndefined()
  })
})
