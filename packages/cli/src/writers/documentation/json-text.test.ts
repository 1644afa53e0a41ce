import fc from 'fast-check'
import { expect, it } from 'vitest'
import { jsonText } from './json-text.ts'

it('says the same as JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(jsonText(value))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})

it('takes one line for a short list, and for nothing else', () => {
  const value = { a: [1, ['x']], b: ['x'.repeat(60)], c: [{ d: [] }], e: {} }
  expect(jsonText(value)).toBe(`{
  "a": [1, ["x"]],
  "b": [
    "${'x'.repeat(60)}"
  ],
  "c": [
    {
      "d": []
    }
  ],
  "e": {}
}`)
})
